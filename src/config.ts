// The configuration: listeners kept in a file, as JSON that docs/config.schema.json describes. Pure; config_file.ts has
// the file. Everything that is wrong is told at once, each with its place: "listeners[1].listen, line 9, column 5: …".

import { formatAddress } from "./address.ts";
import { json } from "./decode/views/json.ts";
import { jsonPlaces, placeIn } from "./json_places.ts";
import type { CertificateFiles, LinkLimits, ListenTls, Route, TargetTls, UpstreamProxy } from "./model.ts";
import type { Fault } from "./json_members.ts";
import { RouteReader } from "./route_json.ts";
import { formatTarget } from "./target.ts";
import { formatVia, formatViaWithPassword, isSameVia, passwordOf } from "./upstream_proxy.ts";

/** What a configuration says. */
export interface Config {
  /** Where its schema is, for editors; null where it does not say. */
  readonly schema: string | null;
  readonly routes: readonly Route[];
}

/** The configuration of somebody who has none. */
export const NO_CONFIG: Config = { schema: null, routes: [] };

/** A configuration that cannot be followed. The message has a line for each mistake. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const MEMBERS = ["$schema", "listeners"];

/** Reads a configuration; `name` is what errors call it. Throws ConfigError. */
export function readConfig(text: string, name: string): Config {
  const reader = new RouteReader();
  const { $schema: schema, listeners } = reader.object(parsed(text, name), "", MEMBERS, "configuration");
  if (schema !== undefined && typeof schema !== "string") {
    reader.wrong(
      "$schema",
      "Cannot use it as a schema: it is not a text. Give its address, or leave it out.",
    );
  }
  if (listeners !== undefined && !Array.isArray(listeners)) {
    reader.wrong("listeners", "Cannot use it as listeners: it is not a list. Give [{…}, …].");
  }
  const places = new Map<string, string>();
  const routes = (Array.isArray(listeners) ? listeners : []).flatMap((listener: unknown, at) => {
    const path = `listeners[${at}]`;
    const route = reader.route(listener, path);
    if (route !== null) refuseTwice(reader, route, path, places);
    return route ?? [];
  });
  if (reader.faults.length > 0) throw new ConfigError(told(reader.faults, name, text));
  return { schema: typeof schema === "string" ? schema : null, routes };
}

/**
 * The configuration of `routes`, as `readConfig` reads it; what is off is left out. A proxy's password is only written
 * where `before`, the configuration that is replaced, has it already. `fileText` is how the path of a file is written.
 */
export function configText(
  routes: readonly Route[],
  before: Config,
  fileText: (path: string) => string = (path) => path,
): string {
  const listeners = routes.map(({ name, listen, target, hostHeader, via, slow, ...tls }) => ({
    name,
    listen: formatAddress(listen),
    target: target && formatTarget(target, tls.targetScheme),
    hostHeader,
    via: via && viaText(via, before),
    slow: slow && { upstream: limited(slow.upstream), downstream: limited(slow.downstream) },
    targetTls: tls.targetTls && targetTlsJson(tls.targetTls, fileText),
    listenTls: tls.listenTls && listenTlsJson(tls.listenTls, fileText),
  }));
  return `${JSON.stringify({ $schema: before.schema ?? undefined, listeners }, null, 2)}\n`;
}

function targetTlsJson({ ca, insecure, certificate }: TargetTls, fileText: (path: string) => string): object {
  return { ca: ca && fileText(ca), insecure, ...certificateJson(certificate, fileText) };
}

function listenTlsJson(
  { certificate, asksClients, passthrough }: ListenTls,
  fileText: (path: string) => string,
): object {
  return { ...certificateJson(certificate, fileText), asksClients, passthrough };
}

function certificateJson(files: CertificateFiles | undefined, fileText: (path: string) => string): object {
  if (files === undefined) return {};
  const { cert, key } = files;
  return { cert: fileText(cert), key: key === cert ? undefined : fileText(key) };
}

function viaText(via: UpstreamProxy, before: Config): string {
  const isKnown = passwordOf(via) !== "" &&
    before.routes.some((route) => isSameVia(route.via, via) && passwordOf(route.via) !== "");
  return isKnown ? formatViaWithPassword(via) : formatVia(via);
}

/** The limits that are set; undefined where none is. */
function limited({ bytesPerSecond, latencyMs, jitterMs }: LinkLimits): Partial<LinkLimits> | undefined {
  const limits = {
    ...(bytesPerSecond === null ? {} : { bytesPerSecond }),
    ...(latencyMs === 0 ? {} : { latencyMs }),
    ...(jitterMs === 0 ? {} : { jitterMs }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** The same fixed port cannot be bound twice. */
function refuseTwice(
  reader: RouteReader,
  { listen }: Route,
  path: string,
  places: Map<string, string>,
): void {
  const text = formatAddress(listen);
  const first = places.get(text);
  if (first !== undefined && listen.port !== 0) {
    reader.wrong(
      `${path}.listen`,
      `Cannot listen on ${text} twice: ${first} does already. Take another port, or 0 for any free one.`,
    );
  }
  places.set(text, first ?? path);
}

function parsed(text: string, name: string): unknown {
  const source = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(source);
  } catch {
    const formatter = json.create();
    formatter.receive(source);
    formatter.end();
    const { fault } = formatter;
    const { line, column, text: reason } = fault ?? { line: 1, column: 1, text: "it is empty" };
    throw new ConfigError(
      `Cannot read ${name} as JSON: ${reason} at line ${line}, column ${column}. Mend it there.`,
    );
  }
}

function told(faults: readonly Fault[], name: string, source: string): string {
  const places = jsonPlaces(source.replace(/^\uFEFF/, ""));
  const lines = faults.map(({ path, text }) => {
    const place = placeIn(places, path);
    const words = [
      ...(path === "" ? [] : [path]),
      ...(place === null ? [] : [`line ${place.line}, column ${place.column}`]),
    ];
    return `  ${words.join(", ")}: ${text}`;
  });
  const count = faults.length === 1 ? "a mistake" : `${faults.length} mistakes`;
  return [`Cannot use the configuration ${name}: it has ${count}.`, ...lines].join("\n");
}

// Listeners as a command line for a POSIX shell. Pure; a test lets a real shell read it.

import { LOOPBACK } from "../../address.ts";
import type { NewListener } from "../types.ts";
import { slowOptions } from "../../slow_text.ts";
import { formatTarget } from "../../target.ts";
import { splitAddress } from "./addresses.ts";

/** A command line, and what it does not say, in words. */
export interface CommandLine {
  readonly text: string;
  readonly notes: readonly string[];
}

/** The command line that adds the same listeners. A proxy's password is not in it, for command lines are seen by others. */
export function commandLine(listeners: readonly NewListener[]): CommandLine {
  const words = ["tcpmon", ...listeners.flatMap(wordsOf)];
  const hasUser = listeners.some(({ via }) => via?.includes("@"));
  const notes = hasUser
    ? ["The password of the proxy is not in it: put it into the variable TCPMON_PROXY_PASSWORD."]
    : [];
  return { text: words.map(quoted).join(" "), notes };
}

function wordsOf(listener: NewListener): string[] {
  const { listen, target, name, hostHeader, via, slow, targetScheme } = listener;
  const { host, port } = splitAddress(listen);
  return [
    "-l",
    host === LOOPBACK ? port : listen,
    ...option("-t", target && formatTarget(target, targetScheme)),
    ...option("--name", name),
    ...option("--host-header", hostHeader),
    ...option("--via", via && withoutPassword(via)),
    ...slowOptions(slow ?? null),
    ...tlsWords(listener),
  ];
}

function tlsWords({ targetTls, listenTls }: NewListener): string[] {
  return [
    ...option("--target-ca", targetTls?.ca),
    ...(targetTls?.insecure ? ["--insecure"] : []),
    ...certificateWords(targetTls, "--target-cert", "--target-key"),
    ...(listenTls ? ["--listen-tls"] : []),
    ...certificateWords(listenTls, "--cert", "--key"),
    ...(listenTls?.asksClients ? ["--ask-client-cert"] : []),
    ...(listenTls?.passthrough ?? []).flatMap((name) => option("--passthrough", name)),
  ];
}

/** A key in the file of its certificate is not said again. */
function certificateWords(
  files: { readonly cert?: string | null; readonly key?: string | null } | null | undefined,
  cert: string,
  key: string,
): string[] {
  return [...option(cert, files?.cert), ...(files?.key === files?.cert ? [] : option(key, files?.key))];
}

/** An option with its value; a value that looks like an option is joined to it. */
function option(name: string, value: string | null | undefined): string[] {
  if (!value) return [];
  return value.startsWith("-") ? [`${name}=${value}`] : [name, value];
}

function withoutPassword(via: string): string {
  return via.replace(/^(http:\/\/[^:@/]*):[^@/]*@/, "$1@");
}

/** A word as a POSIX shell reads it (XCU 2.2). */
function quoted(word: string): string {
  return /^[A-Za-z0-9_/:.,@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

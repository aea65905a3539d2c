// TLS of a Route as JSON, of the API and of the configuration file: `targetTls` and `listenTls`; and the rules that the
// command line shares. Pure: whether a file is there, and what is in it, is looked at by who adds the listener.

import { at, type Fault, type MemberReader, quote } from "./json_members.ts";
import type { CertificateFiles, ListenTls, Route, TargetTls } from "./model.ts";

/** The members of `targetTls` and of `listenTls`. */
export const TARGET_TLS_MEMBERS = ["ca", "insecure", "cert", "key"] as const;
export const LISTEN_TLS_MEMBERS = ["cert", "key", "asksClients", "passthrough"] as const;

/** More names than anybody lists. */
export const MOST_PASSTHROUGH = 1_000;

/** `{ca, insecure, cert, key}`; null where all of it is off. */
export function readTargetTls(reader: MemberReader, value: unknown, path: string): TargetTls | null {
  const members = reader.object(value, path, TARGET_TLS_MEMBERS, "description of TLS to the target");
  const ca = readFile(reader, members.ca, at(path, "ca"));
  const insecure = reader.flag(members.insecure, at(path, "insecure"));
  const certificate = readCertificate(reader, members, path);
  if (ca !== undefined && insecure) {
    reader.wrong(
      at(path, "ca"),
      "Cannot use ca: with insecure any certificate is accepted. Leave one of them out.",
    );
  }
  const tls: TargetTls = {
    ...(ca === undefined ? {} : { ca }),
    ...(insecure ? { insecure } : {}),
    ...(certificate === undefined ? {} : { certificate }),
  };
  return Object.keys(tls).length === 0 ? null : tls;
}

/** `{cert, key, asksClients, passthrough}`, of which all may be left out. */
export function readListenTls(reader: MemberReader, value: unknown, path: string): ListenTls {
  const members = reader.object(value, path, LISTEN_TLS_MEMBERS, "description of TLS from clients");
  const certificate = readCertificate(reader, members, path);
  const asksClients = reader.flag(members.asksClients, at(path, "asksClients"));
  const passthrough = readPassthrough(reader, members.passthrough, at(path, "passthrough"));
  return {
    ...(certificate === undefined ? {} : { certificate }),
    ...(asksClients ? { asksClients } : {}),
    ...(passthrough.length === 0 ? {} : { passthrough }),
  };
}

/** A certificate alone is a file that has its key as well. */
function readCertificate(
  reader: MemberReader,
  members: { readonly cert?: unknown; readonly key?: unknown },
  path: string,
): CertificateFiles | undefined {
  const cert = readFile(reader, members.cert, at(path, "cert"));
  const key = readFile(reader, members.key, at(path, "key"));
  if (cert !== undefined) return { cert, key: key ?? cert };
  if (key === undefined) return undefined;
  return reader.wrong(
    at(path, "key"),
    "Cannot use key: its certificate is missing. Give cert as well, or leave key out.",
  );
}

function readFile(reader: MemberReader, value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return reader.parsed(parseFile, value, path);
  return reader.wrong(path, "Cannot use it as a file: it is not a text. Give its path.");
}

function readPassthrough(reader: MemberReader, value: unknown, path: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST_PASSTHROUGH) {
    reader.wrong(
      path,
      `Cannot use it as names: it is not a list of up to ${MOST_PASSTHROUGH}. Give ["api.example.org", …].`,
    );
    return [];
  }
  return value.flatMap((name: unknown, index) => {
    const place = `${path}[${index}]`;
    if (typeof name === "string") return reader.parsed(parsePassthrough, name, place) ?? [];
    reader.wrong(place, "Cannot use it as a name: it is not a text. Give one, such as api.example.org.");
    return [];
  });
}

/** The path of a file. Throws SyntaxError. */
export function parseFile(text: string): string {
  if (text.trim() === "" || text.includes("\0")) {
    throw new SyntaxError("Cannot use that as a file: it is no path. Write the path of a file.");
  }
  return text;
}

/**
 * A server whose TLS is passed through: "api.example.org", "*.example.org" for all below it, ".example.org" for both, an
 * address, IPv6 also in brackets; with ":8443" behind it, at that port. Throws SyntaxError.
 */
export function parsePassthrough(text: string): string {
  const name = text.trim().toLowerCase();
  const [, host, port] = /^(?:\*?\.)?(.*?)(?::(\d{1,5}))?$/.exec(name)!;
  const isAddress = URL.canParse(`http://[${name}]/`) || /^\[[\da-f:.]+\]$/.test(host);
  const isName = /^[\p{L}\p{N}_]([\p{L}\p{N}._-]{0,251}[\p{L}\p{N}_])?\.?$/u.test(host);
  if (isAddress || (isName && Number(port ?? 1) >= 1 && Number(port ?? 1) <= 65_535)) return name;
  throw new SyntaxError(
    `Cannot pass ${
      quote(text)
    } through: it is not a name. Write api.example.org, or *.example.org for all below it.`,
  );
}

/** What of a Route does not go together, by its member; null where all of it does. */
export function misfit({ target, targetScheme, targetTls, listenTls }: Route): Fault | null {
  if (targetScheme !== undefined && target === null) {
    return {
      path: "targetScheme",
      text: `Cannot use ${quote(targetScheme)}: a forward HTTP proxy has no target. Give one, or null.`,
    };
  }
  if (targetTls === undefined || targetScheme !== undefined || listenTls !== undefined) return null;
  return {
    path: "targetTls",
    text: "Cannot use targetTls: no TLS is spoken to the target. " +
      "Give a target with https:// or tls://, give listenTls, or give null.",
  };
}

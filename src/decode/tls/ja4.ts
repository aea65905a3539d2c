// JA4 of a ClientHello: a fingerprint by which programs that speak TLS are told apart, whatever the order of their
// extensions. The algorithm is FoxIO's, whose JA4 for clients is free (BSD 3-Clause). Its relatives, such as JA4S of a
// ServerHello, are under a licence of FoxIO's own and therefore not here.

import { hexOf } from "./cursor.ts";
import { type ClientHello, highestVersion } from "./hello.ts";
import { EXTENSION, isGrease } from "./names.ts";
import { sha256 } from "./sha256.ts";

const VERSIONS: Readonly<Record<number, string>> = {
  0x0304: "13",
  0x0303: "12",
  0x0302: "11",
  0x0301: "10",
  0x0300: "s3",
  0x0002: "s2",
};

/** "t13d1516h2_8daaf6152771_e5627efa2ab1". */
export function ja4(hello: ClientHello): string {
  const [start, suites, extensions] = parts(hello);
  return [start, digest(suites), digest(extensions)].join("_");
}

/** The same with what the digests are made of. */
export function ja4Raw(hello: ClientHello): string {
  return parts(hello).join("_");
}

function parts(hello: ClientHello): readonly [start: string, suites: string, extensions: string] {
  const suites = hello.suites.filter((suite) => !isGrease(suite));
  const extensions = hello.extensions.map(({ type }) => type).filter((type) => !isGrease(type));
  const version = VERSIONS[highestVersion(hello) ?? 0] ?? "00";
  const name = extensions.includes(EXTENSION.serverName) ? "d" : "i";
  const start = `t${version}${name}${count(suites)}${count(extensions)}${ends(hello.protocols[0] ?? "")}`;
  const listed = extensions.filter((type) => type !== EXTENSION.serverName && type !== EXTENSION.alpn);
  const schemes = hello.schemes.filter((scheme) => !isGrease(scheme)).map(four);
  return [
    start,
    sorted(suites),
    [sorted(listed), ...schemes.length > 0 ? [schemes.join(",")] : []].join("_"),
  ];
}

/** How many, as two digits. */
function count(list: readonly number[]): string {
  return String(Math.min(99, list.length)).padStart(2, "0");
}

/** The first and the last character of the first protocol; of its bytes in hex where one of them is no letter or digit. */
function ends(protocol: string): string {
  if (protocol === "") return "00";
  const [first, last] = [protocol[0], protocol[protocol.length - 1]];
  if (/^[0-9A-Za-z]{2}$/.test(first + last)) return first + last;
  return four(first.charCodeAt(0))[2] + four(last.charCodeAt(0))[3];
}

function sorted(list: readonly number[]): string {
  return list.map(four).sort().join(",");
}

function four(value: number): string {
  return value.toString(16).padStart(4, "0");
}

/** Twelve digits of the digest; of nothing, zeros. */
function digest(text: string): string {
  return text === "" ? "0".repeat(12) : hexOf(sha256(new TextEncoder().encode(text))).slice(0, 12);
}

// Which proxy the environment names for a target: the variables that curl knows, and no_proxy. A target of a Route is
// an address without a scheme, and a proxy is always asked to CONNECT, so that https_proxy comes first, but for port 80.
// Pure: it reads the variables through a function that is given.

import { isIP } from "node:net";
import { isLoopback, parseProxy } from "../address.ts";
import type { Address, ProxyServer } from "../model.ts";
import { DialError } from "./dial.ts";

/** A variable's value; undefined where it is not set. */
export type ReadVariable = (name: string) => string | undefined;

// As curl, HTTP_PROXY in capitals is not read: a CGI program has it from the "Proxy" field of a request.
const HTTPS = ["https_proxy", "HTTPS_PROXY"];
const HTTP = ["http_proxy"];
const ALL = ["all_proxy", "ALL_PROXY"];
const NOT = ["no_proxy", "NO_PROXY"];

/** Every variable that may be read; the permissions of deno.json's tasks name the same. */
export const VARIABLES: readonly string[] = [...HTTP, ...HTTPS, ...ALL, ...NOT];

/**
 * The proxy for `target`; null where it is reached without one: no variable names one, no_proxy has the target, or it
 * is on this machine. Throws DialError where the variable that counts names none that can be used.
 */
export function proxyFor({ host, port }: Address, read: ReadVariable): ProxyServer | null {
  if (isLoopback(host)) return null;
  const without = firstOf(NOT, read);
  if (without !== null && isListed(without.value, host, port)) return null;
  const order = port === 80 ? [...HTTP, ...HTTPS, ...ALL] : [...HTTPS, ...HTTP, ...ALL];
  const found = firstOf(order, read);
  if (found === null) return null;
  try {
    return parseProxy(found.value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DialError("error", `${error.message} (The environment variable ${found.name} says so.)`);
  }
}

/** The first of the variables that has a value. An empty one counts as not set. */
function firstOf(names: readonly string[], read: ReadVariable): { name: string; value: string } | null {
  for (const name of names) {
    const value = read(name)?.trim();
    if (value) return { name, value };
  }
  return null;
}

/**
 * Whether no_proxy, a list with commas or spaces, has a host: by "*", by its name or the end of it from a dot on, by its
 * address, or by a network as 10.0.0.0/8. An entry with a port holds for that port.
 */
function isListed(list: string, host: string, port: number): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return list.toLowerCase().split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const [, bracketed, plain, ofPort] =
      /^(?:\[([^\]]*)\]|([^\s:]*|[\da-f:.]+(?:\/\d+)?))(?::(\d+))?$/.exec(entry) ?? [];
    const listed = bracketed ?? plain ?? entry;
    if (ofPort !== undefined && Number(ofPort) !== port) return false;
    if (listed.includes("/") || isIP(listed) > 0) return isWithin(name, listed);
    const suffix = listed.replace(/^\*?\./, "").replace(/\.$/, "");
    return suffix !== "" && (name === suffix || name.endsWith(`.${suffix}`));
  });
}

/** Whether an address is `network`, or in it where that has a prefix length (RFC 4632, 3.1). */
function isWithin(host: string, network: string): boolean {
  const [base, length] = network.split("/");
  const family = isIP(base);
  if (family === 0 || isIP(host) !== family) return false;
  const [bits, most] = [family === 4 ? 32 : 128, family === 4 ? bitsOf4 : bitsOf6];
  const prefix = length === undefined ? bits : Number(length);
  if (!(prefix >= 0 && prefix <= bits)) return false;
  return most(host).slice(0, prefix) === most(base).slice(0, prefix);
}

function bitsOf4(address: string): string {
  return address.split(".").map((part) => Number(part).toString(2).padStart(8, "0")).join("");
}

function bitsOf6(address: string): string {
  const canonical = URL.parse(`http://[${address.split("%")[0]}]/`)!.hostname.slice(1, -1);
  const [before, after] = canonical.split("::").map((half) => half === "" ? [] : half.split(":"));
  const missing = after === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array(missing).fill("0"), ...(after ?? [])]
    .map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

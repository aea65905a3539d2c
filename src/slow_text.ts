// A slow link in words, of the command line and of the page's form: "64kB/s", "rate=64kB/s,latency=200ms,jitter=50ms",
// and Apache TCPMon's "bytes=100,pause=50ms", which is a rate too. Pure.
// What cannot be meant is refused with a SyntaxError that says what to write; "kb" is not guessed to be bits or bytes.

import type { LinkLimits, SlowLink } from "./model.ts";
import { nearest } from "./nearest.ts";
import { isUnlimited, MOST_BYTES_PER_SECOND, MOST_DELAY_MS } from "./route_json.ts";

/** Bytes per second of one of each unit; bits and bytes are told apart by their letter, as everywhere. */
const RATE_UNITS: Readonly<Record<string, number>> = {
  "B": 1,
  "kB": 1e3,
  "MB": 1e6,
  "GB": 1e9,
  "KiB": 1024,
  "MiB": 1024 ** 2,
  "GiB": 1024 ** 3,
  "bit": 1 / 8,
  "kbit": 1e3 / 8,
  "Mbit": 1e6 / 8,
  "Gbit": 1e9 / 8,
};
const PREFIXES: Readonly<Record<string, string>> = { "": "", k: "k", K: "k", m: "M", M: "M", g: "G", G: "G" };

const MEMBERS = ["rate", "latency", "jitter", "bytes", "pause"] as const;
type Member = typeof MEMBERS[number];

const UNLIMITED: LinkLimits = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };

/** "64 kB/s", "56kbit/s", "1.5 MB/s", "8 Mbps" as bytes per second, at least 1. Throws SyntaxError. */
export function parseRate(text: string): number {
  const bare = text.trim();
  const parts = /^(\d+(?:\.\d+)?|\.\d+)\s*(?:([a-z]+)(?:\/s(?:ec)?|ps)?)?$/i.exec(bare);
  if (parts === null) throw refused(bare, "a rate", "it is not a number with a unit. Write it as 64kB/s.");
  const [, number, unit] = parts;
  if (unit === undefined) {
    throw refused(
      bare,
      "a rate",
      `its unit is missing. Write ${number}B/s, ${number}kB/s or ${number}kbit/s.`,
    );
  }
  const bytesPerSecond = rounded(Number(number) * unitOf(unit.replace(/ps$/i, ""), number, bare));
  if (bytesPerSecond < 1) throw refused(bare, "a rate", "it is less than 1 B/s. Write a higher one.");
  if (bytesPerSecond > MOST_BYTES_PER_SECOND) {
    throw refused(bare, "a rate", "it is more than 1000 GB/s. Write a lower one.");
  }
  return bytesPerSecond;
}

function unitOf(unit: string, number: string, text: string): number {
  const known = /^([kmg]?)(i?)(B|b|bytes?|bits?)$/i.exec(unit);
  if (known === null) {
    throw refused(text, "a rate", `${unit} is no unit of it. Write B/s, kB/s, MB/s, kbit/s or Mbit/s.`);
  }
  const [, prefix, binary, kind] = known;
  const scale = PREFIXES[prefix];
  // "kbps" is used for bits by all; "kb/s" for both.
  const saysBits = /^bits?$/i.test(kind) || (kind === "b" && /ps\s*$/i.test(text));
  if (kind === "b" && !saysBits) {
    throw refused(
      text,
      "a rate",
      `it is not clear whether that is bytes or bits. Write ${number}${scale}B/s or ${number}${scale}bit/s.`,
    );
  }
  if (saysBits) return RATE_UNITS[`${scale}bit`];
  return RATE_UNITS[binary === "" ? `${scale}B` : `${scale === "k" ? "K" : scale}iB`] ?? 1;
}

/** "200ms", "1.5 s" as milliseconds, 0 to ten minutes. Throws SyntaxError. `what` is it in words: "a latency". */
export function parseDelay(text: string, what = "a delay"): number {
  const bare = text.trim();
  const parts = /^(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)?$/i.exec(bare);
  if (parts === null) throw refused(bare, what, "it is not a number with a unit. Write it as 200ms or 1.5s.");
  const [, number, unit] = parts;
  if (unit === undefined) {
    throw refused(bare, what, `its unit is missing. Write ${number}ms or ${number}s.`);
  }
  const ms = rounded(Number(number) * (unit.toLowerCase() === "s" ? 1000 : 1));
  if (ms > MOST_DELAY_MS) throw refused(bare, what, "it is more than ten minutes. Write a shorter one.");
  return ms;
}

/** What Apache TCPMon's "Bytes per Pause" and "Delay in Milliseconds" come to, in bytes per second, unrounded. */
export function ratePerPause(bytes: number, pauseMs: number): number {
  return bytes * 1000 / pauseMs;
}

/** The limits of one Direction, or of both: a rate alone, or members as above. Throws SyntaxError. */
export function parseLimits(text: string): LinkLimits {
  if (!text.includes("=")) return { ...UNLIMITED, bytesPerSecond: parseRate(text) };
  const given = new Map<Member, string>();
  for (const part of text.split(",")) {
    const [name, value] = divided(part.trim());
    if (given.has(name)) {
      throw refused(text, "a slow link", `it says ${name} twice. Leave one of them out.`);
    }
    given.set(name, value);
  }
  const latencyMs = parseDelay(given.get("latency") ?? "0ms", "a latency");
  const jitterMs = parseDelay(given.get("jitter") ?? "0ms", "a jitter");
  if (jitterMs > latencyMs) {
    throw refused(
      `jitter=${given.get("jitter")}`,
      "",
      given.has("latency")
        ? `a latency of ${given.get("latency")} cannot vary by more than itself. Write a smaller jitter.`
        : "there is no latency that it could vary. Write latency=200ms too.",
    );
  }
  const limits = { bytesPerSecond: rateOf(given, text), latencyMs, jitterMs };
  if (isUnlimited(limits)) {
    throw refused(text, "a slow link", "it slows nothing down. Write a rate such as 64kB/s, or a latency.");
  }
  return limits;
}

function divided(part: string): [name: Member, value: string] {
  const at = part.indexOf("=");
  const name = (at < 0 ? part : part.slice(0, at)).trim();
  const value = at < 0 ? "" : part.slice(at + 1).trim();
  if (!isMember(name)) {
    const meant = nearest(name, MEMBERS);
    const mend = meant === null ? `Write ${MEMBERS.join(", ")}.` : `Write ${meant}=${value || "…"}.`;
    throw refused(part, "", `a slow link has no such member. ${mend}`);
  }
  const example = { rate: "64kB/s", latency: "200ms", jitter: "50ms", bytes: "100", pause: "50ms" }[name];
  if (value === "") throw refused(part, "", `its value is missing. Write ${name}=${example}.`);
  return [name, value];
}

function rateOf(given: ReadonlyMap<Member, string>, text: string): number | null {
  const [rate, bytes, pause] = [given.get("rate"), given.get("bytes"), given.get("pause")];
  if (rate !== undefined && (bytes !== undefined || pause !== undefined)) {
    throw refused(text, "a slow link", "it says its rate in two ways. Write rate, or bytes and pause.");
  }
  if (rate !== undefined) return parseRate(rate);
  if (bytes === undefined && pause === undefined) return null;
  if (bytes === undefined) {
    throw refused(text, "a slow link", `bytes is missing beside pause. Write bytes=100,pause=${pause}.`);
  }
  if (pause === undefined) {
    throw refused(text, "a slow link", `pause is missing beside bytes. Write bytes=${bytes},pause=50ms.`);
  }
  if (!/^\d+$/.test(bytes) || Number(bytes) < 1) {
    throw refused(`bytes=${bytes}`, "", "it is not a whole number from 1 up. Write bytes=100.");
  }
  const pauseMs = parseDelay(pause, "a pause");
  if (pauseMs === 0) throw refused(`pause=${pause}`, "", "a pause has to take time. Write pause=50ms.");
  const bytesPerSecond = rounded(ratePerPause(Number(bytes), pauseMs));
  if (bytesPerSecond < 1 || bytesPerSecond > MOST_BYTES_PER_SECOND) {
    throw refused(
      text,
      "a slow link",
      "that is not between 1 B/s and 1000 GB/s. Write other bytes or another pause.",
    );
  }
  return bytesPerSecond;
}

/** The slow link that `--slow`, `--slow-up` and `--slow-down` come to; null where none of them limits anything. */
export function slowLinkOf(limits: {
  readonly both?: LinkLimits;
  readonly up?: LinkLimits;
  readonly down?: LinkLimits;
}): SlowLink | null {
  const upstream = limits.up ?? limits.both ?? UNLIMITED;
  const downstream = limits.down ?? limits.both ?? UNLIMITED;
  return isUnlimited(upstream) && isUnlimited(downstream) ? null : { upstream, downstream };
}

/** "64 kB/s", so that parseRate gives the same. */
export function formatRate(bytesPerSecond: number): string {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const) {
    const scaled = bytesPerSecond / size;
    if (scaled >= 1 && Math.abs(scaled * 1e3 - Math.round(scaled * 1e3)) < 1e-9) return `${scaled} ${unit}/s`;
  }
  return `${bytesPerSecond} B/s`;
}

/** As `--slow` takes it, without blanks: "64kB/s", "rate=64kB/s,latency=200ms,jitter=50ms". */
export function formatLimits({ bytesPerSecond, latencyMs, jitterMs }: LinkLimits): string {
  const rate = bytesPerSecond === null ? [] : [formatRate(bytesPerSecond).replace(" ", "")];
  if (latencyMs === 0) return rate.join();
  return [
    ...rate.map((text) => `rate=${text}`),
    `latency=${latencyMs}ms`,
    ...(jitterMs === 0 ? [] : [`jitter=${jitterMs}ms`]),
  ].join(",");
}

/** The options of the command line that say the same; none for null. */
export function slowOptions(slow: SlowLink | null): string[] {
  if (slow === null) return [];
  const [up, down] = [formatLimits(slow.upstream), formatLimits(slow.downstream)];
  if (up === down) return ["--slow", up];
  return [...(up === "" ? [] : ["--slow-up", up]), ...(down === "" ? [] : ["--slow-down", down])];
}

function isMember(name: string): name is Member {
  return MEMBERS.some((member) => member === name);
}

/** Without what sums of fractions add: a millionth of a byte or of a millisecond is none. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function refused(text: string, what: string, reason: string): SyntaxError {
  return new SyntaxError(
    `Cannot use ${text === "" ? '""' : text}${what === "" ? "" : ` as ${what}`}: ${reason}`,
  );
}

// What is typed into the fields of a slow link, what is wrong with it, what it comes to, and a slow link in few words.
// Pure. Apache TCPMon's "Bytes per Pause" and "Delay in Milliseconds" are another way to type a bandwidth.

import { formatRate, parseDelay, parseRate, ratePerPause } from "../../slow_text.ts";
import { isUnlimited, MOST_DELAY_MS } from "../../route_json.ts";
import type { LinkLimits, SlowLink } from "../types.ts";
import { count } from "./pane/words.ts";

/** One Direction, as typed; "" where nothing is limited. */
export interface LimitsDraft {
  readonly rate: string;
  /** Milliseconds, also "1.5 s". */
  readonly latency: string;
  readonly jitter: string;
}

/** The fields, as typed. */
export interface SlowLinkDraft {
  readonly isOn: boolean;
  /** Both Directions have what is typed for `upstream`. */
  readonly isAlike: boolean;
  readonly upstream: LimitsDraft;
  readonly downstream: LimitsDraft;
  readonly bytesPerPause: string;
  readonly pauseMs: string;
}

export type DraftDirection = "upstream" | "downstream";
export type SlowField = `${DraftDirection}.${keyof LimitsDraft}` | "bytesPerPause" | "pauseMs";

/** What is wrong with a field. */
export interface SlowError {
  readonly field: SlowField;
  readonly text: string;
}

/** A link that is known by its name. */
export interface Preset {
  readonly name: string;
  readonly slow: SlowLink;
}

const NOTHING: LimitsDraft = { rate: "", latency: "", jitter: "" };

/** The fields at first. */
export const NOT_SLOW: SlowLinkDraft = {
  isOn: false,
  isAlike: true,
  upstream: NOTHING,
  downstream: NOTHING,
  bytesPerPause: "",
  pauseMs: "",
};

/** Links that many have in mind; latencies are one way. */
export const PRESETS: readonly Preset[] = [
  preset("56k modem", 33.6e3 / 8, 56e3 / 8, 75, 10),
  preset("3G", 750e3 / 8, 1.6e6 / 8, 150, 50),
  preset("Slow Wi-Fi", 2e6 / 8, 4e6 / 8, 40, 30),
];

function preset(name: string, up: number, down: number, latencyMs: number, jitterMs: number): Preset {
  const limits = (bytesPerSecond: number) => ({ bytesPerSecond, latencyMs, jitterMs });
  return { name, slow: { upstream: limits(up), downstream: limits(down) } };
}

/** The fields for a slow link that is there. */
export function draftOf(slow: SlowLink | null): SlowLinkDraft {
  if (slow === null) return NOT_SLOW;
  const [upstream, downstream] = [typed(slow.upstream), typed(slow.downstream)];
  return { ...NOT_SLOW, isOn: true, isAlike: isSame(slow.upstream, slow.downstream), upstream, downstream };
}

function typed({ bytesPerSecond, latencyMs, jitterMs }: LinkLimits): LimitsDraft {
  return {
    rate: bytesPerSecond === null ? "" : formatRate(bytesPerSecond),
    latency: latencyMs === 0 ? "" : String(latencyMs),
    jitter: jitterMs === 0 ? "" : String(jitterMs),
  };
}

/** The draft with one field typed into. TCPMon's pair sets the bandwidth once both are there. */
export function withTyped(draft: SlowLinkDraft, field: SlowField, text: string): SlowLinkDraft {
  if (field === "bytesPerPause" || field === "pauseMs") {
    const paused = { ...draft, [field]: text };
    const rate = pausedRate(paused);
    if (rate === null) return paused;
    const bandwidth = formatRate(rate);
    return {
      ...paused,
      upstream: { ...draft.upstream, rate: bandwidth },
      downstream: { ...draft.downstream, rate: bandwidth },
    };
  }
  const [direction, member] = field.split(".") as [DraftDirection, keyof LimitsDraft];
  // What was said as bytes per pause is not what is said now.
  const unpaused = member === "rate" ? { bytesPerPause: "", pauseMs: "" } : {};
  return { ...draft, ...unpaused, [direction]: { ...draft[direction], [member]: text } };
}

/** Both Directions alike, or each on its own; each then begins with what both had. */
export function withAlike(draft: SlowLinkDraft, isAlike: boolean): SlowLinkDraft {
  return { ...draft, isAlike, downstream: draft.upstream };
}

function pausedRate({ bytesPerPause, pauseMs }: SlowLinkDraft): number | null {
  if (!isWhole(bytesPerPause) || !isWhole(pauseMs)) return null;
  const rate = Math.round(ratePerPause(Number(bytesPerPause), Number(pauseMs)) * 1e6) / 1e6;
  return rate >= 1 ? rate : null;
}

function isWhole(text: string): boolean {
  return /^\d{1,9}$/.test(text.trim()) && Number(text) > 0;
}

/** What is wrong, in the order of the fields; nothing while the link is not slow. */
export function slowErrors(draft: SlowLinkDraft): SlowError[] {
  if (!draft.isOn) return [];
  const errors = directionsOf(draft).flatMap((direction) => limitsErrors(draft[direction], direction));
  errors.push(...pauseErrors(draft));
  if (errors.length === 0 && slowLink(draft) === null) {
    errors.push({
      field: "upstream.rate",
      text: "Nothing is slowed yet. Write a bandwidth such as 64 kB/s, or a latency.",
    });
  }
  return errors;
}

/** The Directions that have fields of their own. */
export function directionsOf({ isAlike }: SlowLinkDraft): readonly DraftDirection[] {
  return isAlike ? ["upstream"] : ["upstream", "downstream"];
}

function limitsErrors({ rate, latency, jitter }: LimitsDraft, direction: DraftDirection): SlowError[] {
  const errors: SlowError[] = [];
  const wrong = (member: keyof LimitsDraft, text: string) =>
    errors.push({ field: `${direction}.${member}`, text });
  try {
    if (rate.trim() !== "") parseRate(rate);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    wrong("rate", error.message.replace(" as a rate", " as a bandwidth"));
  }
  const [latencyMs, jitterMs] = [milliseconds(latency), milliseconds(jitter)];
  if (latencyMs === null) wrong("latency", delayWords("latency"));
  if (jitterMs === null) wrong("jitter", delayWords("jitter"));
  else if (latencyMs !== null && jitterMs > latencyMs) {
    wrong(
      "jitter",
      `The jitter is more than the latency, ${
        count(latencyMs)
      } ms. Write at most that, or a greater latency.`,
    );
  }
  return errors;
}

function delayWords(what: string): string {
  return `A ${what} is a number of milliseconds from 0 to ${count(MOST_DELAY_MS)}, such as 200.`;
}

function pauseErrors(draft: SlowLinkDraft): SlowError[] {
  const { bytesPerPause: bytes, pauseMs } = draft;
  if (bytes.trim() === "" && pauseMs.trim() === "") return [];
  if (!isWhole(bytes)) {
    return [{
      field: "bytesPerPause",
      text: "Write a whole number of bytes from 1 up, or leave both empty.",
    }];
  }
  if (!isWhole(pauseMs)) {
    return [{
      field: "pauseMs",
      text: "Write a whole number of milliseconds from 1 up, or leave both empty.",
    }];
  }
  if (pausedRate(draft) !== null) return [];
  return [{ field: "pauseMs", text: "That is less than 1 B/s. Write more bytes, or a shorter delay." }];
}

/** What the fields come to; null where nothing is slowed. They must be without errors. */
export function slowLink(draft: SlowLinkDraft): SlowLink | null {
  if (!draft.isOn) return null;
  const upstream = limitsOf(draft.upstream);
  const downstream = draft.isAlike ? upstream : limitsOf(draft.downstream);
  return isUnlimited(upstream) && isUnlimited(downstream) ? null : { upstream, downstream };
}

function limitsOf({ rate, latency, jitter }: LimitsDraft): LinkLimits {
  return {
    bytesPerSecond: rate.trim() === "" ? null : parseRate(rate),
    latencyMs: milliseconds(latency) ?? 0,
    jitterMs: milliseconds(jitter) ?? 0,
  };
}

/** Milliseconds, with or without a unit; 0 for nothing, null for what is no such number. */
function milliseconds(text: string): number | null {
  const bare = text.trim();
  if (bare === "") return 0;
  try {
    return parseDelay(/[a-z]$/i.test(bare) ? bare : `${bare}ms`);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Few words for a slow link: "64 kB/s, 200 ms", "↑ 4.2 kB/s ↓ 7 kB/s, 75 ms". */
export function shortWords({ upstream, downstream }: SlowLink): string {
  const [up, down] = [limitWords(upstream), limitWords(downstream)];
  return up === down ? up : `↑ ${up} ↓ ${down}`;
}

function limitWords({ bytesPerSecond, latencyMs }: LinkLimits): string {
  const words = [
    ...(bytesPerSecond === null ? [] : [formatRate(bytesPerSecond)]),
    ...(latencyMs === 0 ? [] : [`${count(latencyMs)} ms`]),
  ];
  return words.join(", ") || "free";
}

/** All of it, as a sentence for each Direction. */
export function longWords({ upstream, downstream }: SlowLink): string {
  if (isSame(upstream, downstream)) return `Each direction: ${fullWords(upstream)}.`;
  return `To the target: ${fullWords(upstream)}. To the client: ${fullWords(downstream)}.`;
}

function fullWords({ bytesPerSecond, latencyMs, jitterMs }: LinkLimits): string {
  const words = [
    ...(bytesPerSecond === null ? [] : [`at most ${formatRate(bytesPerSecond)}`]),
    ...(latencyMs === 0
      ? []
      : [`${count(latencyMs)} ms late${jitterMs === 0 ? "" : ` give or take ${count(jitterMs)} ms`}`]),
  ];
  return words.join(", ") || "not slowed";
}

/** The field that an error of the program is about: "slow.upstream.latencyMs" → "upstream.latency". */
export function slowFieldOf(path: string): SlowField | null {
  const parts = /^slow\.(upstream|downstream)\.(bytesPerSecond|latencyMs|jitterMs)$/.exec(path);
  if (parts === null) return null;
  const member = ({ bytesPerSecond: "rate", latencyMs: "latency", jitterMs: "jitter" } as const)[
    parts[2] as "bytesPerSecond" | "latencyMs" | "jitterMs"
  ];
  return `${parts[1] as DraftDirection}.${member}`;
}

function isSame(a: LinkLimits, b: LinkLimits): boolean {
  return a.bytesPerSecond === b.bytesPerSecond && a.latencyMs === b.latencyMs && a.jitterMs === b.jitterMs;
}

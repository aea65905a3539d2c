// How much of a capture is kept, in words: of the command line ("500MB", "2GiB", "90min", "7d", "100000"), and as it is
// told. Pure. What cannot be meant is refused with a SyntaxError that says what to write.

/** How much is kept; the oldest goes first. What is null is not limited. */
export interface Keep {
  /** Of all files of the capture together. */
  readonly bytes: number | null;
  readonly ms: number | null;
  readonly exchanges: number | null;
}

/** A share of the disk's free space, as it is where nothing is given. */
export const NO_KEEP: Keep = { bytes: null, ms: null, exchanges: null };

/** Less than this cannot be kept: a few Chunks would be all of it. */
const LEAST_BYTES = 1e6;
const LEAST_MS = 10_000;

const SIZES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
const DURATIONS: Readonly<Record<string, number>> = {
  s: 1e3,
  min: 60e3,
  h: 3600e3,
  d: 24 * 3600e3,
  w: 7 * 24 * 3600e3,
};

/** "500MB", "7d" or "100000" (Exchanges). Throws SyntaxError. */
export function parseKeep(text: string): Keep {
  const bare = text.trim();
  const parts = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(bare);
  if (parts === null) {
    throw new SyntaxError(
      `Cannot keep "${bare}": it is no size, duration or count. Write 500MB, 7d or 100000.`,
    );
  }
  const [number, unit] = [Number(parts[1]), parts[2].toLowerCase()];
  if (unit === "") {
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new SyntaxError(
        `Cannot keep "${bare}": a count of exchanges is a whole number from 1 on. Write 100000.`,
      );
    }
    return { ...NO_KEEP, exchanges: number };
  }
  if (Object.hasOwn(SIZES, unit)) {
    const bytes = Math.round(number * SIZES[unit]);
    if (bytes < LEAST_BYTES) {
      throw new SyntaxError(`Cannot keep "${bare}": that is too little. Write 1MB or more.`);
    }
    return { ...NO_KEEP, bytes };
  }
  if (Object.hasOwn(DURATIONS, unit)) {
    const ms = Math.round(number * DURATIONS[unit]);
    if (ms < LEAST_MS) throw new SyntaxError(`Cannot keep "${bare}": that is too short. Write 10s or more.`);
    return { ...NO_KEEP, ms };
  }
  const minutes = unit === "m" ? ` For minutes write ${parts[1]}min, for megabytes ${parts[1]}MB.` : "";
  throw new SyntaxError(
    `Cannot keep "${bare}": ${parts[2]} is no unit of it.${
      minutes || " Write kB, MB, GB, KiB, MiB, GiB, s, min, h or d."
    }`,
  );
}

/** "64kB" as bytes, from 0 on. Throws SyntaxError. */
export function parseCaptureLimit(text: string): number {
  const bare = text.trim();
  const parts = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(bare);
  const unit = parts?.[2]?.toLowerCase();
  if (!parts || (unit !== undefined && !Object.hasOwn(SIZES, unit)) || (unit === undefined && bare !== "0")) {
    throw new SyntaxError(`Cannot record up to "${bare}": it is no size. Write 64kB, 1MB or 0.`);
  }
  return Math.round(Number(parts[1]) * (unit === undefined ? 1 : SIZES[unit]));
}

/** "at most 500 MB", "the latest 7 days", "the latest 100,000 exchanges", or several of these; "" for no limit. */
export function keepWords({ bytes, ms, exchanges }: Keep): string {
  const parts: string[] = [];
  if (exchanges !== null) parts.push(`the latest ${exchanges.toLocaleString("en")} exchanges`);
  if (ms !== null) parts.push(`the latest ${durationWords(ms)}`);
  if (bytes !== null) parts.push(`at most ${bytesWords(bytes)}`);
  return parts.join(", ");
}

/** "500 MB", "1.5 GB". */
export function bytesWords(bytes: number): string {
  for (const [unit, scale] of [["TB", 1e12], ["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const) {
    if (bytes < scale) continue;
    const number = bytes / scale;
    return `${number < 100 ? Number(number.toFixed(1)) : Math.round(number)} ${unit}`;
  }
  return `${bytes} B`;
}

function durationWords(ms: number): string {
  for (const [unit, name] of [["d", "day"], ["h", "hour"], ["min", "minute"], ["s", "second"]] as const) {
    const number = ms / DURATIONS[unit];
    if (!Number.isInteger(number)) continue;
    return number === 1 ? name : `${number} ${name}s`;
  }
  return `${Math.round(ms / 1e3)} seconds`;
}

/** Unless told otherwise, a capture may grow by this part of what is free … */
const FREE_PART = 4;
/** … or by so many bytes, where that is more and twice as many are there: its index is on the same disk … */
const LEAST_KEPT = 8 * 1024 * 1024;
/** … and where there are not even so many, by so many once there is room. */
const LEAST = 1024 * 1024;

/**
 * How many bytes of a capture are kept that has `held` bytes, where `free` may be written to its disk, unless the user
 * says; and in words what that is a share of, null where it is none.
 */
export function roomToKeep(
  held: number,
  free: number,
): { readonly bytes: number; readonly share: string | null } {
  const quarter = Math.floor(free / FREE_PART);
  const half = Math.floor(free / 2);
  const more = Math.max(LEAST, quarter, Math.min(LEAST_KEPT, half));
  const there = held === 0 ? "" : "what was there and ";
  const share = more === quarter
    ? "a quarter of what was free"
    : more === half
    ? "half of what was free"
    : null;
  return { bytes: held + more, share: share && `${there}${share}` };
}

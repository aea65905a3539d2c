// How the panes say sizes, durations and times: in words, with the units of the page's design.
// Pure; knows nothing of the DOM. Unknown values are never passed in: who has none says "–" himself.

const grouped = new Intl.NumberFormat("en-US");

/** "1,014" */
export function count(n: number): string {
  return grouped.format(n);
}

/** "1 line", "7 lines" */
export function counted(n: number, one: string, many = one + "s"): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A size: bytes below 2,000, then kB, MB and GB of 1,000 with one decimal: "617 B", "18.2 kB", "48.2 MB". */
export function size(bytes: number): string {
  if (bytes < 2_000) return `${count(bytes)} B`;
  for (const [unit, divisor] of [["kB", 1e3], ["MB", 1e6], ["GB", 1e9]] as const) {
    if (bytes < divisor * 999.95 || unit === "GB") return `${(bytes / divisor).toFixed(1)} ${unit}`;
  }
  return `${count(bytes)} B`;
}

/** Two sizes that differ, in words that differ. */
export function sizesApart(a: number, b: number): readonly [string, string] {
  return size(a) === size(b) ? [`${count(a)} B`, `${count(b)} B`] : [size(a), size(b)];
}

/** A duration given in milliseconds: "< 1 ms", "41 ms", "5.02 s", "42.1 s", "12 min 4 s". */
export function duration(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${count(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** Whole seconds, for what ticks: "4 s", "2 min 10 s". */
export function seconds(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return whole < 60 ? `${whole} s` : `${count(Math.floor(whole / 60))} min ${whole % 60} s`;
}

/** "Decoding is 4.2 s behind (812.0 MB)". */
export function behindWords(ms: number, bytes = 0): string {
  const late = ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : seconds(ms);
  return `Decoding is ${late} behind${bytes > 0 ? ` (${size(bytes)})` : ""}`;
}

/** The local time of day of an ISO 8601 instant, to the millisecond: "10:24:41.318". */
export function clock(iso: string): string {
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, "0");
  const ms = String(at.getMilliseconds()).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** The local time of an ISO 8601 instant to the minute, with the day unless it is that of `now`: "10:24", "3 Mar 10:24". */
export function dayAndTime(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const time = clock(iso).slice(0, 5);
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getDate()} ${at.toLocaleString("en", { month: "short" })} ${time}`;
}

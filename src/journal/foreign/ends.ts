// Both ends of a TCP connection as a key for maps, the sender's first: for each its address, a character for two bytes,
// and its port, one character.

import type { Address } from "../../model.ts";

/** The same seen from the other end. */
export function turned(ends: string): string {
  const half = ends.length / 2;
  return ends.slice(half) + ends.slice(0, half);
}

/** The sender's end. */
export function senderOf(ends: string): string {
  return ends.slice(0, ends.length / 2);
}

/** An end as an address: IPv6 as RFC 5952 has it. */
export function addressOf(end: string): Address {
  const words = Array.from({ length: end.length - 1 }, (_, i) => end.charCodeAt(i));
  return { host: words.length === 2 ? ipv4(words) : ipv6(words), port: portOf(end) };
}

/** The port of an end. */
export function portOf(end: string): number {
  return end.charCodeAt(end.length - 1);
}

function ipv4(words: readonly number[]): string {
  return words.map((word) => `${word >> 8}.${word & 0xff}`).join(".");
}

function ipv6(words: readonly number[]): string {
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) {
    return `::ffff:${ipv4(words.slice(6))}`;
  }
  let longest = { from: 0, length: 1 };
  for (let from = 0; from < words.length; from++) {
    let length = 0;
    while (words[from + length] === 0) length++;
    if (length > longest.length) longest = { from, length };
  }
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(":");
  if (longest.length < 2) return text(words);
  return `${text(words.slice(0, longest.from))}::${text(words.slice(longest.from + longest.length))}`;
}

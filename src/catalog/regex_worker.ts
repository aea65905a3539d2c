/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// Tries a regular expression on lines, for regex.ts. The first message is the way to whoever asks: from there the
// expression comes, then lines, a block at a time; each is answered. Matches of no length are left out.

import { standBack } from "./stand_back.ts";

standBack();

/** At first one that matches nothing. */
let expression = /(?!)/g;

self.onmessage = ({ data: port }: MessageEvent<MessagePort>) => {
  port.onmessage = ({ data }: MessageEvent<RegExp | readonly string[]>) => {
    if (data instanceof RegExp) expression = data;
    const places = find(data instanceof RegExp ? [] : data);
    port.postMessage(places, [places.buffer]);
  };
};

function find(lines: readonly string[]): Uint32Array<ArrayBuffer> {
  const places: number[] = [];
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(expression)) {
      const length = match[0].length;
      if (length > 0) places.push(index, match.index, match.index + length);
    }
  }
  return Uint32Array.from(places);
}

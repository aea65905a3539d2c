// A small PNG drawn by code: the line of a price over a day, so that the demo has an image to show without carrying one.
// Pure; the same bytes each time.

import { crc32, deflateSync } from "node:zlib";

const WIDTH = 240;
const HEIGHT = 96;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The picture as a PNG file (8 bits a channel, RGB). */
export function pricePicture(): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, WIDTH);
  view.setUint32(4, HEIGHT);
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [
    new Uint8Array(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", new Uint8Array(deflateSync(rows()))),
    chunk("IEND", new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The image's rows, each after its filter type 0 (PNG, 9.2): ground, grid, the area under the line, the line. */
function rows(): Uint8Array {
  const data = new Uint8Array(HEIGHT * (1 + WIDTH * 3));
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) data.set(colour(x, y), y * (1 + WIDTH * 3) + 1 + x * 3);
  }
  return data;
}

function colour(x: number, y: number): readonly [number, number, number] {
  const line = height(x);
  if (Math.abs(y - line) < 1.4) return [29, 95, 176];
  if (y > line) return [213, 228, 246];
  return y % 24 === 0 || x % 40 === 0 ? [220, 220, 216] : [255, 255, 255];
}

function height(x: number): number {
  return HEIGHT * 0.5 - 22 * Math.sin(x / 38) - 9 * Math.sin(x / 11) - 4 * Math.sin(x / 3.7) - x / 16;
}

/** One chunk: length, type, data, and the CRC of type and data (PNG, 5.3). */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

// Draws curves as SVG: a panel for each kind of size, both axes logarithmic, each curve named at its end. Grey lines are
// n and n log n, so that what is steeper is seen. It is legible on light and dark ground alike.

import type { Curve } from "./types.ts";

const COLUMNS = 3;
const PANEL = { width: 420, height: 280, left: 46, right: 180, top: 34, bottom: 34 } as const;
const GAP = 8;
/** Names are at least so far from each other. */
const LINE = 11.5;
/** In the order of the curves: told apart on white and on black, also by those who see fewer colours. */
const COLOURS = [
  "#3b82c4",
  "#d2691e",
  "#2e9e6b",
  "#b0569b",
  "#a08a1c",
  "#5d6bd0",
  "#c0504d",
  "#1c97a8",
  "#7d8a3f",
  "#8f6ac0",
  "#b57636",
  "#4f8f8b",
];
const STYLE = `
text { font: 10px system-ui, sans-serif; fill: #444 }
.title { font-size: 12.5px; font-weight: 600; fill: #222 }
.axis, .grid { fill: none }
.axis { stroke: #888; stroke-opacity: .55; stroke-width: 1 }
.grid { stroke: #888; stroke-opacity: .16; stroke-width: 1 }
.law { stroke: #888; stroke-opacity: .6; stroke-dasharray: 2 3; fill: none }
.law-name { fill: #888; font-style: italic }
.curve { fill: none; stroke-width: 1.6; stroke-linejoin: round }
.ground { fill: #fff }
@media (prefers-color-scheme: dark) {
  text { fill: #bbb } .title { fill: #eee } .ground { fill: #16181c } .law-name { fill: #999 }
}`;

/** The whole picture. */
export function plot(curves: readonly Curve[]): string {
  const kinds = [...new Set(curves.map(({ by }) => by))];
  const rows = Math.ceil(kinds.length / COLUMNS);
  const width = COLUMNS * PANEL.width + (COLUMNS + 1) * GAP;
  const height = rows * PANEL.height + (rows + 1) * GAP;
  const panels = kinds.map((by, at) => {
    const x = GAP + (at % COLUMNS) * (PANEL.width + GAP);
    const y = GAP + Math.floor(at / COLUMNS) * (PANEL.height + GAP);
    return `<g transform="translate(${x} ${y})">${panel(by, curves.filter((curve) => curve.by === by))}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="Each cost as a function of its size, both axes logarithmic">\n<style>${STYLE}\n</style>\n` +
    `<rect class="ground" width="${width}" height="${height}"/>\n${panels.join("\n")}\n</svg>\n`;
}

/** From values to places, both logarithmic. */
interface Scale {
  readonly x: (size: number) => number;
  readonly y: (value: number) => number;
  readonly sizes: readonly [number, number];
  readonly values: readonly [number, number];
}

function panel(by: string, curves: readonly Curve[]): string {
  const scale = scaleOf(curves);
  const labels = placed(curves.map(({ points }) => scale.y(points.at(-1)![1])));
  const drawn = curves.map(({ what, points }, at) => {
    const colour = COLOURS[at % COLOURS.length];
    const line = points.map(([size, value]) => `${n(scale.x(size))} ${n(scale.y(value))}`).join(" L ");
    const [size, value] = points.at(-1)!;
    const [x, y] = [PANEL.width - PANEL.right + 10, labels[at]];
    return `<path class="curve" stroke="${colour}" d="M ${line}"/>` +
      `<circle cx="${n(scale.x(size))}" cy="${n(scale.y(value))}" r="2.2" fill="${colour}"/>` +
      `<path d="M ${n(scale.x(size) + 3)} ${n(scale.y(value))} L ${x - 3} ${n(y)}" stroke="${colour}" ` +
      `stroke-opacity=".45" stroke-width=".8"/>` +
      `<text x="${x}" y="${n(y + 3.3)}" style="fill:${colour}">${what}, ${shortTime(value)}</text>`;
  });
  return `<text class="title" x="0" y="14">By ${by}</text>${axes(scale)}${laws(scale)}${drawn.join("")}`;
}

function scaleOf(curves: readonly Curve[]): Scale {
  const sizes = curves.flatMap(({ points }) => points.map(([size]) => size));
  const values = curves.flatMap(({ points }) => points.map(([, value]) => Math.max(value, 0.001)));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values) * 1.01));
  const across = PANEL.width - PANEL.left - PANEL.right;
  const down = PANEL.height - PANEL.top - PANEL.bottom;
  return {
    x: (size) => PANEL.left + across * Math.log(size / least) / Math.log(most / least),
    y: (value) => PANEL.top + down * Math.log(high / Math.max(value, 0.001)) / Math.log(high / low),
    sizes: [least, most],
    values: [low, high],
  };
}

function axes({ x, y, sizes, values }: Scale): string {
  const [left, right, bottom] = [PANEL.left, PANEL.width - PANEL.right, PANEL.height - PANEL.bottom];
  const parts = [`<path class="axis" d="M ${left} ${PANEL.top} V ${bottom} H ${right}"/>`];
  for (let size = 10 ** Math.ceil(Math.log10(sizes[0])); size <= sizes[1] * 1.001; size *= 10) {
    parts.push(
      `<path class="grid" d="M ${n(x(size))} ${PANEL.top} V ${bottom}"/>` +
        `<text x="${n(x(size))}" y="${bottom + 14}" text-anchor="middle">${shortCount(size)}</text>`,
    );
  }
  for (let value = values[0]; value <= values[1] * 1.001; value *= 10) {
    parts.push(
      `<path class="grid" d="M ${left} ${n(y(value))} H ${right}"/>` +
        `<text x="${left - 5}" y="${n(y(value) + 3)}" text-anchor="end">${shortTime(value)}</text>`,
    );
  }
  return parts.join("");
}

/** n and n log n, so that both end in the upper right corner. */
function laws({ x, y, sizes: [least, most], values: [low, high] }: Scale): string {
  return ([["n", (size: number) => size], ["n log n", (size: number) => size * Math.log(size + 1)]] as const)
    .map(([name, law], at) => {
      const points: string[] = [];
      for (let step = 0; step <= 40; step++) {
        const size = least * (most / least) ** (step / 40);
        const value = high * law(size) / law(most);
        if (value >= low) points.push(`${n(x(size))} ${n(y(value))}`);
      }
      // Named where they are furthest from each other: n above its line, n log n below.
      const [px, py] = points[0].split(" ").map(Number);
      const [nx, ny] = at === 0 ? [px + 3, py - 8] : [px + 12, py + 1];
      return `<path class="law" d="M ${points.join(" L ")}"/>` +
        `<text class="law-name" x="${n(nx)}" y="${n(ny)}">${name}</text>`;
    }).join("");
}

/** Heights of names, as near to those of what they name as they can be without touching. */
function placed(wanted: readonly number[]): number[] {
  const order = wanted.map((y, at) => ({ y, at })).sort((a, b) => a.y - b.y);
  // Above the numbers below the axis.
  const bottom = PANEL.height - PANEL.bottom;
  for (let i = 1; i < order.length; i++) order[i].y = Math.max(order[i].y, order[i - 1].y + LINE);
  for (let i = order.length - 1, most = bottom; i >= 0; i--, most -= LINE) {
    order[i].y = Math.min(order[i].y, most);
  }
  const found = [...wanted];
  for (const { y, at } of order) found[at] = y;
  return found;
}

function n(value: number): string {
  return value.toFixed(1);
}

function shortCount(size: number): string {
  return size >= 1e6 ? `${size / 1e6} M` : size >= 1e3 ? `${size / 1e3} k` : `${size}`;
}

function shortTime(ms: number): string {
  if (ms >= 1_000) return `${Number((ms / 1e3).toPrecision(2))} s`;
  if (ms >= 1) return `${Number(ms.toPrecision(2))} ms`;
  return `${Number((ms * 1e3).toPrecision(2))} µs`;
}

// Keeps the wheel true in very long bodies. What a browser draws cannot be higher than some millions of pixels, so in a
// document that would be, the editor draws the lines on the screen as high as they are, and what is above and below
// smaller. It reckons the places of all this from the top, and anew for other lines: what is on the screen moves with
// it, is sought again, and the wheel skips lines. Here what is on the screen stays where it is.
// It stands in for one method of the editor's inside (`updateScaler` of @codemirror/view's ViewState), which is not part
// of its interface: where the inside is not as it is known, the editor's own way goes on.

import type { EditorView } from "@codemirror/view";

/** How high the editor draws at most, px: a bound of its own (VP.MaxDOMHeight in @codemirror/view). */
export const HIGHEST = 7_000_000;
/** What the editor calls a change of heights. */
const HEIGHTS_CHANGED = 2;
/** What is so near to the lines that are drawn is as high as it is too: the wheel may be turned far at once. */
const AROUND = 5_000;
/** One side may be drawn so much smaller than both evenly, before places are given out anew. */
const LEAST_SHARE = 0.5;
/** What is nearer to an end than this part of all that is drawn is drawn as high as it is up to that end. */
const NEAR_END = 0.25;

/** From heights in the document to heights on the page, and back. */
interface Scaler {
  toDOM(height: number): number;
  fromDOM(height: number): number;
  eq(other: unknown): boolean;
}

/** What the editor's own has beside that: the lines that are drawn, first to last. */
interface EditorScaler extends Scaler {
  readonly scale: number;
  readonly viewports?: readonly Stretch[];
}

interface Stretch {
  readonly from: number;
  /** Heights in the document. */
  readonly top: number;
  readonly bottom: number;
}

/** What is used of the editor's inside. */
interface Inside {
  scaler: Scaler;
  readonly viewport: { readonly from: number };
  /** What is on the screen, in heights on the page. */
  readonly pixelViewport: { readonly top: number };
  readonly heightMap: { readonly height: number };
  updateScaler(): number;
}

/** To be called for each new state of the editor. */
export function steadyScroll(view: EditorView): void {
  const { viewState: inside } = view as unknown as { readonly viewState?: Partial<Inside> };
  if (!isKnown(inside)) return;
  const editors = inside.updateScaler.bind(inside);
  inside.updateScaler = () => {
    const before = inside.scaler;
    const change = editors();
    const { viewports } = inside.scaler as EditorScaler;
    if (viewports === undefined) return change;
    const main = viewports.findIndex(({ from }) => from === inside.viewport.from);
    if (main === -1) return change;
    const { top } = inside.pixelViewport;
    const after = SteadyScaler.holding(viewports, main, inside.heightMap.height, before.fromDOM(top), top);
    if (after.eq(before)) {
      inside.scaler = before;
      return 0;
    }
    inside.scaler = after;
    return HEIGHTS_CHANGED;
  };
}

function isKnown(inside: Partial<Inside> | undefined): inside is Inside {
  return typeof inside?.updateScaler === "function" && typeof inside.scaler?.fromDOM === "function" &&
    typeof inside.viewport?.from === "number" && typeof inside.pixelViewport?.top === "number" &&
    typeof inside.heightMap?.height === "number";
}

/** Straight lines between pairs of heights. Exported for its test. */
export class SteadyScaler implements Scaler {
  /** The editor looks whether it is 1. */
  readonly scale = 0;
  readonly #doc: readonly number[];
  readonly #dom: readonly number[];

  private constructor(doc: readonly number[], dom: readonly number[]) {
    this.#doc = doc;
    this.#dom = dom;
  }

  /**
   * The lines that are `drawn` are as high as they are. Where it can be, the height `seen`, which is in `main` of them,
   * is at `at`.
   */
  static holding(drawn: readonly Stretch[], main: number, height: number, seen: number, at: number) {
    const sum = (some: readonly Stretch[]) => some.reduce((all, { top, bottom }) => all + bottom - top, 0);
    const top = Math.max(drawn[main - 1]?.bottom ?? 0, drawn[main].top - AROUND);
    const bottom = Math.min(drawn[main + 1]?.top ?? height, drawn[main].bottom + AROUND);
    const stretches = drawn.with(main, { ...drawn[main], top, bottom });
    const [before, after] = [sum(stretches.slice(0, main)), sum(stretches.slice(main + 1))];
    // What is not in any of them: above the one on the screen, below it, and what there is to draw both.
    const [above, below] = [top - before, height - bottom - after];
    const room = HIGHEST - sum(stretches);
    const least = LEAST_SHARE * room / (above + below);
    const held = at - (seen - top) - before;
    const isHeld = top <= seen && seen <= bottom && fits(held, above, least) &&
      fits(room - held, below, least);
    const drawnAbove = isHeld ? held : shareAbove(above, below, room);
    const scales = [
      above > 0 ? drawnAbove / above : 1,
      below > 0 ? (room - drawnAbove) / below : 1,
    ];
    const [doc, dom] = [[0], [0]];
    const go = (to: number, scale: number) => {
      dom.push(dom.at(-1)! + (to - doc.at(-1)!) * scale);
      doc.push(to);
    };
    stretches.forEach((stretch, index) => {
      go(stretch.top, scales[index <= main ? 0 : 1]);
      go(stretch.bottom, 1);
    });
    go(height, scales[1]);
    return new SteadyScaler(doc, dom);
  }

  toDOM(height: number): number {
    return between(height, this.#doc, this.#dom);
  }

  fromDOM(height: number): number {
    return between(height, this.#dom, this.#doc);
  }

  eq(other: unknown): boolean {
    return other instanceof SteadyScaler && other.#doc.length === this.#doc.length &&
      other.#doc.every((height, index) => height === this.#doc[index]) &&
      other.#dom.every((height, index) => height === this.#dom[index]);
  }
}

/** Whether one side can be drawn so high: not higher than it is, nor too small; the end of all leaves no room. */
function fits(drawn: number, is: number, least: number): boolean {
  return drawn <= is + 1 && drawn >= is * least;
}

/** How much of the room is drawn above: what is near an end as it is, else each side by how high it is. */
function shareAbove(above: number, below: number, room: number): number {
  if (above <= NEAR_END * room) return above;
  if (below <= NEAR_END * room) return room - below;
  return room * above / (above + below);
}

function between(height: number, from: readonly number[], to: readonly number[]): number {
  let next = 1;
  while (next < from.length - 1 && from[next] < height) next++;
  const [low, high] = [from[next - 1], from[next]];
  if (height >= high && next === from.length - 1) return to[next] + height - high;
  return high === low ? to[next] : to[next - 1] + (height - low) * (to[next] - to[next - 1]) / (high - low);
}

// How the lines of a view come into a document: against a document and a program that are made up, in the order that
// the test wants.

import assert from "node:assert/strict";
import { type Alarm, LineFeed, type LinePort, type ViewStatus } from "../../src/ui/page/pane/feed.ts";
import type { LineRange, LineTable } from "../../src/ui/page/pane/lines.ts";
import type { ViewPart } from "../../src/ui/types.ts";

/** A document that only knows its lines. */
class MadeUpDocument implements LinePort {
  lines: string[] = [];
  begun = 0;
  table: LineTable | null = null;

  begin(table: LineTable): void {
    this.lines = [];
    this.table = table;
    this.begun++;
  }

  /** How many lines it takes. */
  most = Infinity;

  resize(total: number): number {
    while (this.lines.length < Math.min(total, this.most)) this.lines.push("");
    return this.lines.length;
  }

  fill(from: number, lines: readonly string[]): void {
    assert.ok(from + lines.length <= this.lines.length, "it has these lines");
    lines.forEach((line, n) => this.lines[from + n] = line);
  }

  clear(ranges: readonly LineRange[]): void {
    for (const { from, to } of ranges) this.lines.fill("", from, to);
  }

  isPinned(): boolean {
    return false;
  }
}

interface Question {
  readonly from: number;
  readonly lines: number;
  readonly signal: AbortSignal;
  answer(changes?: Partial<ViewPart>): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A feed, the view it is fed from, and everything that it asked. */
class Scene {
  readonly document = new MadeUpDocument();
  readonly asked: Question[] = [];
  readonly told: ViewStatus[] = [];
  readonly alarms: { readonly ms: number; readonly ring: () => void }[] = [];
  source: string[] = [];
  complete = true;
  readonly feed: LineFeed;

  constructor(lines: number, length = 20) {
    this.grow(lines, length);
    const alarm: Alarm = (ms, ring) => {
      const set = { ms, ring };
      this.alarms.push(set);
      return () => void this.alarms.splice(this.alarms.indexOf(set) >>> 0, 1);
    };
    this.feed = new LineFeed(
      (from, count, signal) => this.#ask(from, count, signal),
      this.document,
      (status) => this.told.push(status),
      alarm,
    );
    this.feed.start();
  }

  grow(lines: number, length = 20): void {
    for (let n = 0; n < lines; n++) this.source.push(`${this.source.length} `.padEnd(length, "x"));
  }

  get status(): ViewStatus {
    return this.told.at(-1)!;
  }

  /** Answers everything that is asked, until nothing is. */
  async settle(): Promise<void> {
    for (let question = this.asked.shift(); question; question = this.asked.shift()) await question.answer();
  }

  ring(): void {
    this.alarms.shift()!.ring();
  }

  #ask(from: number, lines: number, signal: AbortSignal): Promise<ViewPart> {
    const { promise, resolve, reject } = Promise.withResolvers<ViewPart>();
    this.asked.push({
      from,
      lines,
      signal,
      answer: async (changes = {}) => {
        resolve({ ...this.#part(from, lines), ...changes });
        await turn();
      },
      fail: async (error) => {
        reject(error);
        await turn();
      },
    });
    return promise;
  }

  #part(from: number, count: number): ViewPart {
    const lines = this.source.slice(from, from + count);
    return {
      as: "text",
      from,
      text: lines.join("\n"),
      lines: lines.length,
      total: this.source.length,
      complete: this.complete,
      doneBytes: this.source.join("\n").length,
      bytes: this.source.join("\n").length,
      charset: "utf-8",
      charsetFrom: "declared",
      fault: null,
      notes: [],
    };
  }
}

/** Lets everything that waits for a promise go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("LineFeed takes a short view with one question", async () => {
  const scene = new Scene(20);
  assert.equal(scene.asked.length, 1);
  await scene.settle();
  assert.deepEqual(scene.document.lines, scene.source);
  assert.equal(scene.status.part?.total, 20);
  assert.deepEqual(scene.alarms, [], "nothing more will come");
});

Deno.test("LineFeed loads all of a view that is not long, so that it can be folded", async () => {
  const scene = new Scene(4_000);
  await scene.settle();
  assert.deepEqual(scene.document.lines, scene.source);
});

Deno.test("LineFeed loads of a long view what is on the screen, and gives up what is far away", async () => {
  const scene = new Scene(150_000, 60);
  await scene.settle();
  assert.equal(scene.document.lines.length, 150_000, "the scroll bar is true");
  const loaded = () => scene.document.lines.filter((line) => line !== "").length;
  assert.ok(loaded() < 5_000);
  for (let from = 0; from < 150_000; from += 20_000) {
    scene.feed.show({ from, to: from + 50 });
    await scene.settle();
    assert.deepEqual(scene.document.lines.slice(from, from + 50), scene.source.slice(from, from + 50));
    assert.ok(loaded() <= 80_000, `${loaded()} lines are loaded`);
  }
});

Deno.test("LineFeed drops questions about lines that are off the screen again", async () => {
  const scene = new Scene(300_000);
  await scene.settle();
  scene.feed.show({ from: 100_000, to: 100_050 });
  const [first] = scene.asked;
  scene.feed.show({ from: 200_000, to: 200_050 });
  assert.equal(first.signal.aborted, true);
  await first.answer();
  assert.equal(scene.document.lines[100_000], "", "its answer is not used");
  await scene.settle();
  assert.equal(scene.document.lines[200_000], scene.source[200_000]);
});

Deno.test("LineFeed asks for what still comes, and keeps what is there", async () => {
  const scene = new Scene(3);
  scene.complete = false;
  scene.source[2] = "half a li";
  await scene.settle();
  const begun = scene.document.begun;
  scene.source[2] = "half a line";
  scene.grow(2);
  scene.ring();
  assert.equal(scene.asked[0].from, 2, "the last line may have become longer");
  await scene.settle();
  assert.deepEqual(scene.document.lines, scene.source);
  assert.equal(scene.document.begun, begun, "the document was not begun anew");
  scene.complete = true;
  scene.ring();
  await scene.settle();
  assert.deepEqual(scene.alarms, []);
});

Deno.test("LineFeed keeps nothing of the end of a long view that grows, unless that is on the screen", async () => {
  const scene = new Scene(20_000);
  scene.complete = false;
  await scene.settle();
  const { blockLines } = scene.document.table!;
  // What is asked for next begins with a block, so that its lines would join on.
  scene.grow(blockLines - (scene.source.length % blockLines) + 1);
  scene.ring();
  await scene.settle();
  scene.grow(100);
  scene.ring();
  await scene.settle();
  assert.equal(scene.document.lines.length, scene.source.length);
  assert.deepEqual(scene.document.table!.loaded().map(({ from }) => from), [0]);
  assert.equal(scene.document.lines.at(-1), "");

  scene.feed.show({ from: scene.source.length - 20, to: scene.source.length });
  await scene.settle();
  assert.equal(scene.document.lines.at(-1), scene.source.at(-1));
  scene.feed.close();
});

/** A view of 20,000 lines that grows, and ends with half a line. */
async function halfLineScene(): Promise<Scene> {
  const scene = new Scene(20_000);
  scene.complete = false;
  scene.source[19_999] = "half a li";
  await scene.settle();
  return scene;
}

Deno.test("LineFeed makes the last line whole where a block's answer has seen more than the latest look", async () => {
  const scene = await halfLineScene();
  scene.feed.show({ from: 19_980, to: 20_000 });
  await scene.settle();
  assert.equal(scene.document.lines.at(-1), "half a li");

  scene.feed.show({ from: 10_000, to: 10_020 });
  scene.source[19_999] = "half a line";
  scene.grow(500);
  await scene.settle();
  scene.ring();
  await scene.settle();
  assert.equal(scene.document.lines[10_000], scene.source[10_000]);
  assert.equal(scene.document.lines.length, 20_500);
  assert.equal(scene.document.lines[19_999], "half a line");
  scene.feed.close();
});

Deno.test("LineFeed does not take half a line from an answer that comes later than one that knew more", async () => {
  const scene = await halfLineScene();
  scene.feed.show({ from: 19_980, to: 20_000 });
  const question = scene.asked.shift()!;
  const doneBytes = scene.source.join("\n").length;
  const early = {
    text: scene.source.slice(question.from).join("\n"),
    lines: 20_000 - question.from,
    doneBytes,
  };
  scene.source[19_999] = "half a line";
  scene.grow(500);
  scene.ring();
  await scene.asked.pop()!.answer();
  await question.answer({ ...early, total: 20_000 });
  assert.equal(scene.document.lines[19_998], scene.source[19_998]);
  scene.ring();
  await scene.settle();
  assert.equal(scene.document.lines[19_999], "half a line");
  scene.feed.close();
});

Deno.test("LineFeed tells how many lines the document keeps back, and gives them once it takes them", async () => {
  const scene = new Scene(20_000);
  scene.complete = false;
  await scene.settle();
  scene.document.most = 20_000;
  scene.feed.show({ from: 19_900, to: 19_950 });
  await scene.settle();
  scene.grow(5_000);
  scene.ring();
  await scene.settle();
  assert.equal(scene.status.keptBack, 5_000);
  assert.equal(scene.document.lines.length, 20_000);
  assert.equal(scene.document.table!.total, 20_000);
  assert.equal(scene.document.lines.at(-1), scene.source[19_999]);

  scene.complete = true;
  scene.ring();
  await scene.settle();
  assert.equal(scene.document.table!.isFinal, false, "its end is not there");
  scene.document.most = Infinity;
  scene.feed.show({ from: 19_980, to: 20_000 });
  assert.equal(scene.status.keptBack, 0, "without another question");
  await scene.settle();
  assert.equal(scene.document.lines.length, 25_000);
  assert.equal(scene.document.table!.isFinal, true);
  assert.equal(scene.document.lines[20_000], scene.source[20_000]);
});

Deno.test("LineFeed asks less often while nothing comes, and soon when told", async () => {
  const scene = new Scene(3);
  scene.complete = false;
  await scene.settle();
  const pauses: number[] = [];
  for (let n = 0; n < 6; n++) {
    pauses.push(scene.alarms[0].ms);
    scene.ring();
    await scene.settle();
  }
  assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 2_000, 2_000]);
  scene.feed.refresh();
  assert.deepEqual(scene.alarms.map(({ ms }) => ms), [250]);
  scene.feed.refresh();
  assert.equal(scene.alarms.length, 1, "told again, it does not put it off");
});

Deno.test("LineFeed looks once more when told while it asks", async () => {
  const scene = new Scene(3);
  scene.feed.refresh();
  await scene.settle();
  assert.equal(scene.alarms.length, 1);
  scene.grow(1);
  scene.ring();
  await scene.settle();
  assert.deepEqual(scene.document.lines, scene.source);
});

Deno.test("LineFeed begins anew when the view is another", async () => {
  const scene = new Scene(3);
  scene.complete = false;
  await scene.settle();
  scene.ring();
  await scene.asked.shift()!.answer({ as: "json" });
  assert.deepEqual(scene.document.lines, []);
  scene.ring();
  await scene.settle();
  assert.deepEqual(scene.document.lines, scene.source);
});

Deno.test("LineFeed.close ends every question, and what is answered then changes nothing", async () => {
  const scene = new Scene(20);
  scene.feed.close();
  const [question] = scene.asked;
  assert.equal(question.signal.aborted, true);
  await question.answer();
  assert.deepEqual(scene.document.lines, []);
  assert.deepEqual([scene.told, scene.alarms], [[], []]);
});

Deno.test("LineFeed says what went wrong, and asks again when told", async () => {
  const scene = new Scene(20);
  await scene.asked.shift()!.fail(new Error("tcpmon does not answer."));
  assert.deepEqual(scene.status, { part: null, error: "tcpmon does not answer.", keptBack: 0 });
  scene.feed.refresh();
  await scene.settle();
  assert.equal(scene.status.error, null);
  assert.deepEqual(scene.document.lines, scene.source);
});

Deno.test("LineFeed does not ask for ever for lines that do not come", async () => {
  const scene = new Scene(5_000);
  await scene.asked.shift()!.answer();
  for (let n = 0; n < 10; n++) await scene.asked.shift()?.answer({ lines: 0, text: "" });
  assert.equal(scene.asked.length, 0);
});

// docs/tcpmon.md against the code: every row names a test that is there, labels that the page has, and options that
// the program has. What is not there must not be claimed.

import assert from "node:assert/strict";
import { HELP } from "../src/help.ts";

const root = new URL("..", import.meta.url);
const doc = Deno.readTextFileSync(new URL("docs/tcpmon.md", root));

interface DocRow {
  readonly feature: string;
  /** Where it is here. */
  readonly here: string;
  readonly shownBy: string;
}

/** The rows of all tables; the last column of each is what it is shown by. */
function rows(): DocRow[] {
  return doc.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()))
    .filter(([first]) => !/^(-+|feature of TCPMon 1\.0|what TCPMon 1\.0 does)$/.test(first))
    .map((cells) => ({ feature: cells[0], here: cells[1], shownBy: cells.at(-1) ?? "" }));
}

/** `tests/x_test.ts` "test" "step"; …: files, each with the names that it must have. */
function references(shownBy: string): [file: string, names: string[]][] {
  return [...shownBy.matchAll(/`(tests\/[\w/]+\.ts)`((?: "[^"]+")+)/g)].map((
    [, file, names],
  ) => [file, [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name)]);
}

/** All sources below a folder, joined. */
function sources(folder: string): string {
  const texts: string[] = [];
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) texts.push(sources(`${path}/`));
    else if (/\.tsx?$/.test(entry.name)) texts.push(Deno.readTextFileSync(new URL(path, root)));
  }
  return texts.join("\n");
}

/** What a file does not say of what is claimed of it. */
function missing(file: string, names: readonly string[]): string[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(new URL(file, root));
  } catch {
    return [`${file} is not there`];
  }
  // A name that goes on with what is put into it is named up to there.
  const isThere = (name: string) =>
    text.includes(`"${name}"`) || new RegExp(`[\`}]${RegExp.escape(name)}[^\`"]*\\$\\{`).test(text);
  return names.filter((name) => !isThere(name)).map((name) => `${file} has no "${name}"`);
}

Deno.test("docs/tcpmon.md names tests that are there, in every row", () => {
  const all = rows();
  assert.ok(all.length > 60, `only ${all.length} rows were found`);
  const wrong = all.flatMap(({ feature, shownBy }) => {
    const named = references(shownBy);
    const rest = shownBy.replaceAll(/`tests\/[\w/]+\.ts`(?: "[^"]+")+/g, "").replaceAll(/[;\s]/g, "");
    if (named.length === 0 || rest !== "") return [`${feature}: is not shown by tests: ${shownBy}`];
    return named.flatMap(([file, names]) => missing(file, names)).map((what) => `${feature}: ${what}`);
  });
  assert.deepEqual(wrong, []);
});

Deno.test("docs/tcpmon.md names labels that the page has, and options of the program", () => {
  // A label may be in parts, of which the last goes where there is no room.
  const page = sources("src/ui/page/").replaceAll(/<\/?span[^>]*>/g, "");
  const labels = rows().flatMap(({ here }) =>
    [...here.matchAll(/\*\*([^*]+)\*\*/g)].map(([, label]) => label)
  );
  assert.ok(labels.length > 40, `only ${labels.length} labels were found`);
  const isLabel = (label: string) => new RegExp(`[">\`\\n] *${RegExp.escape(label)}[^a-z]`).test(page);
  assert.deepEqual(labels.filter((label) => !isLabel(label)), []);
  const options = rows().flatMap(({ here }) => here.match(/(?<=`)--?[a-z][a-z-]*/g) ?? []);
  assert.ok(options.length > 8, `only ${options.length} options were found`);
  assert.deepEqual(options.filter((option) => !new RegExp(`(^|\\s)${option}\\b`, "m").test(HELP)), []);
});

Deno.test("docs/tcpmon.md: what is claimed and is not there is found", () => {
  assert.deepEqual(
    missing("tests/docs_test.ts", ["docs/tcpmon.md names tests that are there, in every row"]),
    [],
  );
  assert.deepEqual(missing("tests/none_test.ts", ["a"]), ["tests/none_test.ts is not there"]);
  const never = ["no test", "has this", "name"].join(" ");
  assert.deepEqual(missing("tests/docs_test.ts", [never]), [`tests/docs_test.ts has no "${never}"`]);
  assert.deepEqual(references('`tests/a_test.ts` "x" "y"; `tests/b/c_test.ts` "z"'), [
    ["tests/a_test.ts", ["x", "y"]],
    ["tests/b/c_test.ts", ["z"]],
  ]);
});

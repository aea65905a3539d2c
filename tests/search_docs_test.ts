// docs/search.md against the language: every field with its help and its examples, every choice, every form.

import assert from "node:assert/strict";
import { fieldsOf, SYNTAX } from "../src/decode/query/mod.ts";

Deno.test("docs/search.md explains every field and form as the page does", () => {
  const doc = Deno.readTextFileSync(new URL("../docs/search.md", import.meta.url)).replaceAll("\\|", "|");
  const flat = doc.replaceAll(/\s+/g, " ");
  const lacks: string[] = [];
  const has = (text: string) => flat.includes(text.replaceAll(/\s+/g, " ")) || lacks.push(text);
  for (const { name, help, examples, choices } of fieldsOf("exchange")) {
    has(`\`${name}:\``);
    has(help);
    for (const example of examples) has(`\`${example}\``);
    for (const [choice, meaning] of Object.entries(choices ?? {})) has(`\`${choice}\` (${meaning})`);
  }
  for (const { form, help } of SYNTAX) {
    has(`\`${form}\``);
    has(help);
  }
  assert.deepEqual(lacks, []);
});

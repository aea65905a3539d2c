// Judges archives by the JSON Schema of HAR 1.2 (npm har-schema).

import assert from "node:assert/strict";
import { Ajv } from "ajv/dist/ajv.js";
import draft06 from "ajv/dist/refs/json-schema-draft-06.json" with { type: "json" };
import schemas from "har-schema";

/** What its schemas mean by a format; "uri" is stricter here than there. */
const FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  "date-time": (text) => !Number.isNaN(Date.parse(text)),
  "uri": /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/,
  "ipv4": /^\d{1,3}(\.\d{1,3}){3}$/,
  "ipv6": /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/,
  "email": /@/,
};

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addMetaSchema(draft06);
for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
const all = Object.values(schemas as Readonly<Record<string, { readonly $id?: string }>>);
for (const schema of all) if (schema.$id) ajv.addSchema(schema);
const validate = ajv.getSchema("har.json#")!;

/** An archive, as far as tests look at it. */
// deno-lint-ignore no-explicit-any -- an archive is any JSON, which the schema is the judge of
export type Archive = { readonly log: { readonly entries: readonly any[]; readonly comment?: string } };

/** The archive in a text, which must be one. */
export function archiveOf(text: string): Archive {
  const archive = JSON.parse(text);
  assert.ok(validate(archive), ajv.errorsText(validate.errors));
  for (const { time, timings, request, response } of archive.log.entries) {
    // What the specification says and its schema does not.
    const phases = ["blocked", "dns", "connect", "send", "wait", "receive"];
    const sum = phases.reduce((sum, phase) => sum + Math.max(0, timings[phase]), 0);
    assert.ok(Math.abs(time - sum) < 0.01, `${time} is not ${sum}`);
    for (const phase of ["send", "wait", "receive"]) assert.ok(timings[phase] >= 0, phase);
    for (const { name, value } of [...request.headers, ...response.headers]) {
      assert.equal(typeof name, "string");
      assert.equal(typeof value, "string");
    }
  }
  return archive;
}

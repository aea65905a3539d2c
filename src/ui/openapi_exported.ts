// What can be exported, as schemas of the API's description.

import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import { count, flag, list, object, oneOf, says, type Schema, text } from "./schema_parts.ts";

const FORMATS =
  "ndjson: a line of JSON for each exchange, with its bodies. har: HTTP Archive 1.2. pcapng: packets, as the " +
  "capture has them. html: a report for people. curl: a command for each request. raw: a ZIP file with the bytes of " +
  "each message.";

/** The formats, by name. */
export const EXPORT_FORMAT: Schema = says(oneOf(...Object.keys(EXPORT_FORMATS)), FORMATS);

/** The body of `POST /api/export`. */
export const EXPORT_SCHEMA: Schema = says(
  object({ format: EXPORT_FORMAT }, {
    ids: says(list(text), "These. Without it all that match."),
    listener: says(
      text,
      "Without ids: only those of the listener with this id; with ids, for the file's name.",
    ),
    q: says(text, "Without ids: only those that match the filter."),
    bodies: says(flag, "False leaves bodies out, in ndjson and har; true unless given."),
    wholeConnections: says(
      flag,
      "pcapng: everything of the connections that they went over; false unless given.",
    ),
    redact: says(list(text), 'What is masked: "header:authorization", "json:password".'),
    name: says(text, "What the file is called; from time and port unless given."),
    told: says(text, "A key of your own, under which how it ended can be asked for."),
  }),
  "Which exchanges, as what. They are given oldest first.",
);

const MASKED = says(
  list(object({
    where: says(
      text,
      'Where it stood: "header", "cookie", "JSON", "XML"; "doubt" for what could not be read, "limit" for what was not done.',
    ),
    name: says(text, "The name that it stood under; never a value."),
    count,
    omitted: says(flag, "True where it was left out, name and all."),
  })),
  "What was masked.",
);

/** The answer of `POST /api/export/preview`. */
export const PREVIEW_SCHEMA: Schema = object({
  exchanges: says(count, "How many were looked through."),
  count: says(count, "How many there are."),
  masked: MASKED,
});

/** The answer of `GET /api/export/outcome`. */
export const OUTCOME_SCHEMA: Schema = object({
  complete: says(flag, "False where it was stopped, or failed."),
  masked: MASKED,
});

// The formatters by kind. `hex` is not among them: it lays out bytes, not text.

import { form } from "./form.ts";
import { json } from "./json.ts";
import { raw } from "./raw.ts";
import { text } from "./text.ts";
import { tls } from "./tls.ts";
import type { FormatterKind, ViewKind } from "./types.ts";
import { xml } from "./xml.ts";

/** Everything that lays out text. */
export const formatters: Readonly<Record<Exclude<ViewKind, "hex">, FormatterKind>> = {
  xml,
  json,
  form,
  tls,
  text,
  raw,
};

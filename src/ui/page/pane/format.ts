// The Format of a pane: what can be chosen, what is chosen, and that it is remembered per pane and kind of content.

import { useState } from "preact/hooks";
import type { MessageDetail, ViewKind } from "../../types.ts";
import type { Side } from "./api.ts";
import { remember, remembered } from "./memory.ts";

/** What the user chooses. */
export type Format = "auto" | ViewKind;

/** What is shown. */
export type Shown = ViewKind | "image";

/** The formats in the order of the list. */
export const FORMATS = [
  "auto",
  "xml",
  "json",
  "form",
  "tls",
  "hex",
  "text",
  "raw",
] as const satisfies readonly Format[];

/** As the page calls them. */
export const FORMAT_NAMES: Readonly<Record<Format | "image", string>> = {
  auto: "Auto",
  xml: "XML",
  json: "JSON",
  form: "Form",
  tls: "TLS",
  hex: "Hex",
  text: "Text",
  raw: "Raw",
  image: "Image",
};

/** The formats to choose from: TLS only where it is that, or was chosen. */
export function formatsFor(message: MessageDetail | null, chosen: Format): readonly Format[] {
  return FORMATS.filter((one) => one !== "tls" || chosen === "tls" || message?.auto === "tls");
}

/** As it stands in the list: "Auto: XML", "JSON". */
export function formatName(format: Format, message: MessageDetail | null): string {
  return format === "auto" && message !== null ? `Auto: ${FORMAT_NAMES[message.auto]}` : FORMAT_NAMES[format];
}

/** What `format` shows of this Message. */
export function shownAs(format: Format, message: MessageDetail): Shown {
  return format === "auto" ? message.auto : format;
}

/** Why what is shown cannot be copied as it is shown; null where it can. `hasBody` says whether there is a body. */
export function whyNotFormatted(shown: Shown | null, hasBody: boolean): string | null {
  if (shown === null) return "There is nothing to copy";
  if (shown === "image") return "An image is not text: Copy exact, or Save";
  if (shown === "raw") return "Raw shows the bytes as they were on the wire: Copy exact copies them";
  return hasBody || shown === "hex" ? null : "There is no body to copy";
}

/** The Format for Messages of this content, and how to choose another. */
export function useFormat(side: Side, message: MessageDetail | null): [Format, (format: Format) => void] {
  const [, redraw] = useState(0);
  const key = `format.${side}.${message?.auto ?? "none"}`;
  const known = message === null ? null : remembered(key);
  const format = FORMATS.find((one) => one === known) ?? "auto";
  const choose = (chosen: Format) => {
    remember(key, chosen === "auto" ? null : chosen);
    redraw((n) => n + 1);
  };
  return [format, choose];
}

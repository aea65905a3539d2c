// Prints Exchanges for people: a line each, with heads and bodies where they are asked for.

import type { Catalog, ExchangeDetail } from "../catalog/types.ts";
import type { Exchange } from "../model.ts";
import type { Shown } from "./options.ts";
import { exchangeText, headTexts, type Paint, shownText, sizeText } from "./words.ts";

/** Of a body no more lines are printed than this. */
const MOST_LINES = 1_000;

/** The lines of one Exchange. */
export async function printed(
  catalog: Pick<Catalog, "exchange" | "view">,
  exchange: Exchange,
  shown: Shown,
  paint: Paint,
): Promise<readonly string[]> {
  const lines = [exchangeText(exchange, paint)];
  if (!shown.heads) return lines;
  const detail = await catalog.exchange(exchange.id);
  if (detail === null) return lines;
  for (const side of ["request", "response"] as const) {
    const message = detail[side];
    if (message === null) continue;
    lines.push(...headTexts(message, side, paint));
    if (shown.bodies) lines.push(...await bodyTexts(catalog, detail, side, paint));
  }
  return [...lines, ""];
}

async function bodyTexts(
  catalog: Pick<Catalog, "view">,
  detail: ExchangeDetail,
  side: "request" | "response",
  paint: Paint,
): Promise<readonly string[]> {
  const message = detail[side];
  if (message === null || (message.startLine !== null && message.bodyBytes === 0)) return [];
  if (message.auto === "image") return [paint("gray", `(an image, ${sizeText(message.bodyBytes)})`)];
  const part = await catalog.view({ exchange: detail.id, side, as: "auto", from: 0, lines: MOST_LINES });
  if (part === null) return [];
  const lines = shownText(part.text).split("\n");
  const rest = part.total - part.lines;
  const more = part.complete ? `${rest} more lines` : "more";
  return [
    ...lines,
    ...(rest > 0 || !part.complete ? [paint("gray", `(… ${more}; tcpmon export gives all of it)`)] : []),
    ...part.notes.map((note) => paint("gray", `(${shownText(note)})`)),
  ];
}

// Exchanges as lines of JSON, each complete: `{"event":"exchange", …}` with what the API gives of it, and in each Message
// its `body` without codings, a text or `{"base64": …}`. Before the first Exchange of a Connection, and again where many
// others came between, stands `{"event":"connection", …}`. These are the lines of `--json`, with more in them.

import type { Slices } from "../slices.ts";
import type { ExchangeDetail, MessageDetail } from "../types.ts";
import type { Choice, Chosen } from "./choice.ts";
import { base64AsJson, isUtf8, textAsJson } from "./json_text.ts";
import type { Written } from "./pieces.ts";

/** So many Connections are remembered as told. */
const REMEMBERED = 10_000;

/** The lines. Without `bodies` a Message has no `body`. */
export async function* ndjson(choice: Choice, bodies: boolean, slices: Slices): Written {
  const told = new Set<string>();
  for await (const chosen of choice.exchanges()) {
    const { connection } = chosen;
    if (!told.has(connection.id)) {
      yield `${JSON.stringify({ event: "connection", ...connection })}\n`;
      told.add(connection.id);
      if (told.size > REMEMBERED) told.delete(told.values().next().value!);
    }
    yield* exchangeRecord(chosen, bodies, slices);
    yield "\n";
    if (slices.due()) await slices.pause();
  }
}

/** One Exchange as a JSON object. */
export async function* exchangeRecord(chosen: Chosen, bodies: boolean, slices: Slices): Written {
  const { request, response, ...exchange }: ExchangeDetail = await chosen.detail();
  yield JSON.stringify({ event: "exchange", ...exchange }).slice(0, -1);
  for (const [side, detail] of [["request", request], ["response", response]] as const) {
    yield `,"${side}":`;
    if (detail === null || !bodies) yield JSON.stringify(detail);
    else yield* messageRecord(chosen, side, detail, slices);
  }
  yield "}";
}

async function* messageRecord(
  chosen: Chosen,
  side: "request" | "response",
  detail: MessageDetail,
  slices: Slices,
): Written {
  yield JSON.stringify(detail).slice(0, -1);
  const body = await chosen.body(side);
  try {
    if (body) {
      yield ',"body":';
      if (await isUtf8(body, slices)) yield* textAsJson(body, slices);
      else {
        yield '{"base64":';
        yield* base64AsJson(body, slices);
        yield "}";
      }
      if (body.notes.length > 0) yield `,"bodyNotes":${JSON.stringify(body.notes)}`;
    }
  } finally {
    body?.close();
  }
  yield "}";
}

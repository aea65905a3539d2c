// Exchanges as one text to be saved: a heading for each, then the exact bytes of its request and of its response, in the
// order in which they began. Small ones are read several at once, all else piece by piece.

import { Buffer } from "node:buffer";
import type { Catalog, ExchangeDetail } from "../catalog/types.ts";
import type { Connection } from "../model.ts";
import { answersInOrder } from "./answers_in_order.ts";

const RULE = "==============";

/** What is read of the Catalog. */
export type SavedFrom = Pick<Catalog, "exchange" | "connection" | "bytes">;

/**
 * The text of the Exchanges with these ids. `heading` is its first line. It is read only as fast as it is taken, but for
 * the next AT_ONCE small ones.
 */
export function saveText(
  catalog: SavedFrom,
  ids: Iterable<string>,
  heading: string,
): ReadableStream<Uint8Array> {
  const pieces = textOf(catalog, ids, heading);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return();
    },
  }, { highWaterMark: 0 });
}

/** So many Exchanges are read at once … */
const AT_ONCE = 16;
/** … which are over, and neither message of which is larger, bytes. */
const SMALL = 64 * 1024;
const SIDES = ["request", "response"] as const;
const encoder = new TextEncoder();

async function* textOf(
  catalog: SavedFrom,
  ids: Iterable<string>,
  heading: string,
): AsyncGenerator<Uint8Array, void, void> {
  yield encoder.encode(`${heading}\n`);
  const small = answersInOrder(ids, async (id) => ({ id, text: await smallText(catalog, id) }), AT_ONCE);
  for await (const { id, text } of small) {
    if (text !== null) {
      yield text;
      continue;
    }
    // As it is now that its place has come.
    const exchange = await catalog.exchange(id);
    if (exchange !== null) yield* pieces(catalog, exchange);
    else yield encoder.encode(`${RULE}\nExchange: ${id}, which was removed or never was\n`);
  }
  yield encoder.encode(`${RULE}\n`);
}

/** All of an Exchange; null where it is to be read when its place comes: it is large, is gone, or goes on. */
async function smallText(catalog: SavedFrom, id: string): Promise<Uint8Array | null> {
  const exchange = await catalog.exchange(id);
  if (exchange === null || exchange.state === "open") return null;
  if (SIDES.some((side) => (exchange[side]?.bytes ?? 0) > SMALL)) return null;
  return Buffer.concat(await Array.fromAsync(pieces(catalog, exchange)));
}

async function* pieces(
  catalog: SavedFrom,
  exchange: ExchangeDetail,
): AsyncGenerator<Uint8Array, void, void> {
  const connection = await catalog.connection(exchange.connection);
  yield encoder.encode(`${RULE}\n${headingOf(exchange, connection)}`);
  for (const side of SIDES) {
    if (exchange[side] === null) continue;
    yield encoder.encode(`==== ${side === "request" ? "Request" : "Response"} ====\n`);
    const bytes = await catalog.bytes({ exchange: exchange.id, side, part: "wire" });
    if (bytes === null) yield encoder.encode("which was removed while this was saved");
    else for await (const piece of bytes.stream) yield piece;
    yield encoder.encode("\n");
  }
}

/** What is known of an Exchange besides its bytes; what is not there is left out. */
function headingOf(exchange: ExchangeDetail, connection: Connection | null): string {
  const { id, resendOf, client, target, state, fault, started, firstByteMs, elapsedMs, request, response } =
    exchange;
  const listen = connection?.listen ?? null;
  const lines: (readonly [name: string, value: string | number | null])[] = [
    ["Exchange", resendOf === null ? id : `${id}, sent again from ${resendOf}`],
    ["Listen Port", listen && endOf(listen).port],
    ["Listen Host", listen && endOf(listen).host],
    ["Target Host", endOf(target).host],
    ["Target Port", endOf(target).port],
    ["Client", client],
    ["Connection", exchange.connection],
    ["Time", started],
    ["First Byte", firstByteMs === null ? null : `after ${firstByteMs} ms`],
    ["Elapsed Time", `${elapsedMs} ms`],
    ["State", fault === null ? state : `${state}: ${fault}`],
    ["Request Bytes", request && request.bytes],
    ["Response Bytes", response && response.bytes],
  ];
  return lines.filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\n`).join("");
}

/** The parts of `host:port`; IPv6 stays in its brackets. */
function endOf(address: string): { readonly host: string; readonly port: string } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: address.slice(colon + 1) };
}

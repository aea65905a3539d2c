// Exchanges as one text to be saved: a heading for each, then the exact bytes of its request and of its response, in the
// order in which they began. Small ones are read several at once, all else piece by piece, whatever there is of it.

import { Buffer } from "node:buffer";
import type { Catalog, ExchangeDetail } from "../catalog/types.ts";
import type { Connection } from "../model.ts";
import { answersInOrder } from "./answers_in_order.ts";

const RULE = "==============";

/** What is read of the Catalog. */
export type SavedFrom = Pick<Catalog, "exchange" | "connection" | "bytes">;

/** The text of the Exchanges with these ids. `heading` is its first line. It is read only as fast as it is taken. */
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

/** So many Exchanges are looked up at once … */
const AT_ONCE = 16;
/** … and their messages read with them, where they are not larger, bytes. */
const SMALL = 64 * 1024;
const SIDES = ["request", "response"] as const;

/** An Exchange that was looked up. */
interface Found {
  readonly exchange: ExchangeDetail;
  readonly heading: string;
  /** The bytes of its messages; null where they are too large to be read before their place comes, or are not there. */
  readonly small: Readonly<Record<typeof SIDES[number], Uint8Array | null>>;
}

async function* textOf(
  catalog: SavedFrom,
  ids: Iterable<string>,
  heading: string,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  const find = finder(catalog);
  const asked = answersInOrder(ids, async (id) => ({ id, found: await find(id) }), AT_ONCE);
  const text: Uint8Array[] = [encoder.encode(`${heading}\n`)];
  const taken = () => Buffer.concat(text.splice(0));
  for await (const { id, found } of asked) {
    text.push(encoder.encode(`${RULE}\n`));
    if (found === null) text.push(encoder.encode(`Exchange: ${id}, which was removed or never was\n`));
    else {
      text.push(encoder.encode(found.heading));
      for (const side of SIDES) {
        if (found.exchange[side] === null) continue;
        const small = found.small[side];
        const bytes = small === null ? await catalog.bytes({ exchange: id, side, part: "wire" }) : null;
        if (small === null && bytes === null) continue;
        text.push(encoder.encode(`==== ${side === "request" ? "Request" : "Response"} ====\n`));
        if (small !== null) text.push(small);
        if (bytes !== null) {
          yield taken();
          for await (const piece of bytes.stream) yield piece;
        }
        text.push(encoder.encode("\n"));
      }
    }
    yield taken();
  }
  yield encoder.encode(`${RULE}\n`);
}

/** Looks Exchanges up; most follow one of the same Connection. */
function finder(catalog: SavedFrom): (id: string) => Promise<Found | null> {
  let latest: { readonly id: string; readonly connection: Promise<Connection | null> } | null = null;
  const connectionOf = (id: string) => {
    if (latest?.id !== id) latest = { id, connection: catalog.connection(id) };
    return latest.connection;
  };
  const read = async (exchange: ExchangeDetail, side: typeof SIDES[number]) => {
    const message = exchange[side];
    if (message === null || message.bytes > SMALL) return null;
    const bytes = await catalog.bytes({ exchange: exchange.id, side, part: "wire" });
    if (bytes === null) return null;
    if (bytes.to - bytes.from <= SMALL) return new Uint8Array(await new Response(bytes.stream).arrayBuffer());
    // It has grown since.
    await bytes.stream.cancel();
    return null;
  };
  return async (id) => {
    const exchange = await catalog.exchange(id);
    if (exchange === null) return null;
    const [connection, request, response] = await Promise.all([
      connectionOf(exchange.connection),
      read(exchange, "request"),
      read(exchange, "response"),
    ]);
    return { exchange, heading: headingOf(exchange, connection), small: { request, response } };
  };
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

// Exchanges as one text to be saved: a heading for each, then the exact bytes of its request and of its response, in the
// order in which they began. Read and written piece by piece, whatever there is of it.

import type { Catalog, ExchangeDetail } from "../catalog/types.ts";
import type { Connection } from "../model.ts";

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

async function* textOf(
  catalog: SavedFrom,
  ids: Iterable<string>,
  heading: string,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${heading}\n`);
  for (const id of ids) {
    const exchange = await catalog.exchange(id);
    if (exchange === null) {
      yield encoder.encode(`${RULE}\nExchange: ${id}, which was removed or never was\n`);
      continue;
    }
    const connection = await catalog.connection(exchange.connection);
    yield encoder.encode(`${RULE}\n${headingOf(exchange, connection)}`);
    for (const side of ["request", "response"] as const) {
      if (exchange[side] === null) continue;
      const bytes = await catalog.bytes({ exchange: id, side, part: "wire" });
      if (bytes === null) continue;
      yield encoder.encode(`==== ${side === "request" ? "Request" : "Response"} ====\n`);
      for await (const piece of bytes.stream) yield piece;
      yield encoder.encode("\n");
    }
  }
  yield encoder.encode(`${RULE}\n`);
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

// The lines of TLS key logs in a capture that are those of Connections of an export: they are wanted before what they
// decrypt, and those of other Connections are nobody's business.

import { CONNECTIONS } from "../../journal/capture_files.ts";
import { ClientRandoms } from "../../journal/client_randoms.ts";
import type { ReadRecord } from "./pcapng.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** The lines; null where there are none. `records` are all of the captures. */
export function secretsOf(
  records: Iterable<ReadRecord & { readonly number: number }>,
  wanted: { parts(connection: number): unknown },
): Uint8Array | null {
  const lines = new Set<string>();
  const randoms = new Set<string>();
  let finder = new ClientRandoms();
  let capture = -1;
  const following = new Set<number>();
  for (const { record, source, number } of records) {
    if (number !== capture) {
      capture = number;
      finder = new ClientRandoms();
      following.clear();
    }
    if (record.kind === "secrets") {
      for (const line of decoder.decode(record.lines).split("\n")) if (line !== "") lines.add(line);
    } else if (record.kind === "opened" || record.kind === "carried") {
      if (wanted.parts(record.connection + number * CONNECTIONS) !== null) following.add(record.connection);
    } else if (
      record.kind === "chunk" && record.direction === "upstream" && following.has(record.connection)
    ) {
      const random = finder.take(record.connection, source.payload(record));
      if (random !== null) randoms.add(random);
    }
  }
  const own = [...lines].filter((line) => randoms.has(line.split(" ")[1]?.toLowerCase()));
  return own.length === 0 ? null : encoder.encode(`${own.join("\n")}\n`);
}

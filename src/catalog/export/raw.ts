// Exchanges as a ZIP file: the exact bytes of each Message in a file of its own, named for what it is.

import { PlainBytes } from "../body.ts";
import { exchangeFileName } from "../file_names.ts";
import type { Slices } from "../slices.ts";
import { Spool } from "../spool.ts";
import type { Choice } from "./choice.ts";
import { bytesOf } from "./json_text.ts";
import type { Written } from "./pieces.ts";
import { crc32, ZipParts } from "./zip.ts";

/** A Message up to so many bytes is read once, not twice. */
const ONCE = 1024 * 1024;
/** So many that were still open are named. */
const MOST_NAMED = 1_000;

/** The archive. `note` says what else is to be known, and stands in a file of its own; null for nothing. */
export async function* raw(
  choice: Choice,
  folder: string,
  slices: Slices,
  note: () => string | null,
): Written {
  const directory = new Spool(folder);
  const open: string[] = [];
  const zip = new ZipParts((bytes) => directory.append(bytes));
  try {
    for await (const chosen of choice.exchanges()) {
      const detail = await chosen.detail();
      if (detail.state === "open" && open.length < MOST_NAMED) open.push(detail.id);
      for (const side of ["request", "response"] as const) {
        const message = await chosen.message(side);
        if (!message) continue;
        // What comes from now on is not in it.
        const extent = message.wire.extent();
        const { length } = extent;
        const bytes = new PlainBytes({ ...message.wire, extent: () => extent }, 0);
        const whole = length <= ONCE ? new Uint8Array(length) : null;
        let crc = 0;
        let at = 0;
        for await (const piece of bytesOf(bytes, slices)) {
          crc = crc32(piece, crc);
          whole?.set(piece, at);
          at += piece.length;
        }
        const name = exchangeFileName(detail, side, "wire");
        yield zip.file({ name, length, crc, changed: new Date(detail.started) });
        if (whole) yield whole;
        else yield* bytesOf(bytes, slices);
      }
    }
    const said = [
      ...(open.length === 0 ? [] : [`Still open when they were exported: ${open.join(", ")}.`]),
      ...(note() === null ? [] : [note()]),
    ];
    if (said.length > 0) {
      const bytes = new TextEncoder().encode(`${said.join("\n")}\n`);
      yield zip.file({ name: "README.txt", length: bytes.length, crc: crc32(bytes), changed: new Date() });
      yield bytes;
    }
    for (let from = 0; from < directory.length;) {
      const piece = new Uint8Array(Math.min(64 * 1024, directory.length - from));
      from += directory.read(from, piece);
      yield piece;
    }
    yield zip.end();
  } finally {
    directory.close();
  }
}

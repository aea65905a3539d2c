// Exports captures for tests, through the Catalog and its workers as the program does.

import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import type { ExportQuery } from "../../../src/catalog/types.ts";
import type { Capture } from "../capture.ts";

/** Opens the catalog of a capture, level with it, for `ask`. */
export async function withCatalog(
  capture: Capture,
  ask: (catalog: WorkerCatalog) => Promise<void>,
): Promise<void> {
  const { file, folder } = capture;
  const catalog = await WorkerCatalog.open({ file, folder });
  try {
    catalog.written(capture.size);
    await catalog.level();
    await ask(catalog);
  } finally {
    await catalog.close();
  }
}

/** All bytes of an export. */
export async function exported(
  catalog: WorkerCatalog,
  query: Omit<ExportQuery, "application">,
): Promise<Uint8Array<ArrayBuffer>> {
  const { stream } = await catalog.export({ application: "tcpmon test", ...query });
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The same as text, which must be UTF-8. */
export async function exportedText(
  catalog: WorkerCatalog,
  query: Omit<ExportQuery, "application">,
): Promise<string> {
  return new TextDecoder("utf-8", { fatal: true }).decode(await exported(catalog, query));
}

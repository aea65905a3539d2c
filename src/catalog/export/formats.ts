// The formats of an export, by name: what a file of each is called and how it is declared. Pure.

import type { ExportFormat } from "./types.ts";

/** How a file of a format ends, and its media type. */
export interface FormatFacts {
  readonly extension: string;
  readonly mediaType: string;
}

/** By the name that the API and the command line have for it. */
export const EXPORT_FORMATS: Readonly<Record<ExportFormat, FormatFacts>> = {
  ndjson: { extension: "ndjson", mediaType: "application/x-ndjson" },
  har: { extension: "har", mediaType: "application/json" },
  pcapng: { extension: "pcapng", mediaType: "application/x-pcapng" },
  html: { extension: "html", mediaType: "text/html; charset=utf-8" },
  curl: { extension: "sh", mediaType: "text/x-shellscript; charset=utf-8" },
  raw: { extension: "zip", mediaType: "application/zip" },
};

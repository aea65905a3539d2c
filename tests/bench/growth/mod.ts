// All that is measured of growth, in the order of the report.

import { captures, exchanges, openConnections, segments } from "./captures.ts";
import { bytes, chunks, depth, headers, pipelined, turns } from "./messages.ts";
import { configuration, connections, filters, listeners, pages } from "./programs.ts";
import type { Family } from "./types.ts";

/** See above. */
export const FAMILIES: readonly Family[] = [
  connections,
  openConnections,
  exchanges,
  bytes,
  depth,
  headers,
  chunks,
  pipelined,
  turns,
  listeners,
  pages,
  configuration,
  filters,
  segments,
  captures,
];

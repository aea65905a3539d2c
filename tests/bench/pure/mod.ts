// All cases of the pure parts, by group.

import { index, search } from "./catalog.ts";
import { http } from "./http.ts";
import { pcapngRead, pcapngWrite } from "./pcapng.ts";
import type { PureGroup } from "./types.ts";
import { json, others, xml } from "./views.ts";

/** In the order of the report. */
export const PURE_GROUPS: readonly PureGroup[] = [
  http,
  pcapngWrite,
  pcapngRead,
  json,
  xml,
  others,
  index,
  search,
];

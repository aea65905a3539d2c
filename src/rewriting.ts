// Whether a Route rewrites what passes, and by which rules. The relay, which passes the bytes on, knows nothing of HTTP.

import { editHeads, hostRules } from "./decode/rewrite/mod.ts";
import type { Route } from "./model.ts";
import type { MakeEditors } from "./relay/editing_sink.ts";
import { rewritesHost } from "./route.ts";

/** Makes the Editors of a Route's Connections; undefined where it passes everything on as it comes. */
export function editorsFor(route: Route): MakeEditors | undefined {
  if (!rewritesHost(route.target, route.hostHeader)) return undefined;
  const targetInTls = route.targetScheme !== undefined;
  return (legs) => editHeads(hostRules({ ...legs, targetInTls }));
}

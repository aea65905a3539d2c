// Values that the rows at hand have: what can be offered without asking for anything. Pure.

import { eachRow, type Rows } from "../state/rows.ts";
import type { KnownValues } from "./suggestions.ts";

/** Each field's values, the most frequent first. */
export function knownValues(rows: Rows): KnownValues {
  const counts: Record<string, Map<string, number>> = {
    status: new Map(),
    method: new Map(),
    host: new Map(),
    target: new Map(),
    client: new Map(),
    path: new Map(),
  };
  const note = (field: string, value: string | null | undefined) => {
    if (value) counts[field].set(value, (counts[field].get(value) ?? 0) + 1);
  };
  eachRow(rows, ({ status, method, target, client, url, protocol }) => {
    note("status", status === null ? null : String(status));
    note("method", method);
    note("target", target);
    note("client", withoutPort(client));
    if (protocol !== "http" || url === null) return;
    const [, host, path] = /^(?:https?:\/\/([^/?#]+))?([^?#]*)/i.exec(url) ?? [];
    note("host", host === undefined ? withoutPort(target) : withoutPort(host));
    if (path !== "/") note("path", path);
  });
  return Object.fromEntries(
    Object.entries(counts).map(([field, values]) => [
      field,
      [...values].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([value]) => value),
    ]),
  );
}

function withoutPort(address: string): string {
  return address.replace(/:\d+$/, "");
}

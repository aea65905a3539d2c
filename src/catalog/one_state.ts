// Looks at the index as it is at one moment, whatever is written to it meanwhile. It knows no tables.

import type { DatabaseSync } from "node:sqlite";

/** What `look` finds within one state of the index. It writes nothing. */
export function onOneState<Found>(database: DatabaseSync, look: () => Found): Found {
  database.exec("BEGIN");
  try {
    return look();
  } finally {
    database.exec("COMMIT");
  }
}

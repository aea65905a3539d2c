// Writes anew what the views make of the golden sources. Look at the difference before it is committed.

import { layOut, pairs } from "./pairs.ts";

for (const pair of pairs()) {
  const { text, fault } = layOut(pair);
  Deno.writeTextFileSync(pair.formatted, text);
  if (fault !== "") Deno.writeTextFileSync(pair.fault, `${fault}\n`);
  else await Deno.remove(pair.fault).catch(() => {});
}

// `tcpmon search`: prints the Exchanges of captures for which a filter holds, oldest first.

import { notSearched } from "../catalog/search/not_searched.ts";
import type { Catalog, ExchangeList } from "../catalog/types.ts";
import { meantAsField } from "../decode/query/mod.ts";
import type { SearchCommand } from "./options.ts";
import type { Output } from "./output.ts";
import { printed } from "./printing.ts";
import type { Paint } from "./words.ts";

/** So many rows are asked for at once. */
const ROWS = 1_000;

/**
 * Prints what is found, and tells what could not be searched and what may have been misspelt; resolves to how many there
 * are. Throws RangeError, in words, for what is no filter.
 */
export async function search(
  catalog: Pick<Catalog, "exchanges" | "exchange" | "view">,
  command: SearchCommand,
  output: Output,
  paint: Paint,
  tell: (text: string) => void,
): Promise<number> {
  const total = await found(catalog, command, output, paint, tell);
  const hint = meantAsField(command.query, total > 0);
  if (hint !== null) tell(hint);
  return total;
}

async function found(
  catalog: Pick<Catalog, "exchanges" | "exchange" | "view">,
  command: SearchCommand,
  output: Output,
  paint: Paint,
  tell: (text: string) => void,
): Promise<number> {
  const query = { q: command.query, whole: true, skips: true, sort: "time", order: "asc" } as const;
  let told = 0;
  const say = ({ search }: ExchangeList) => {
    const tooLong = search?.tooLong?.slice(told) ?? [];
    if (tooLong.length > 0) tell(notSearched(tooLong));
    told += tooLong.length;
  };
  if (command.count) {
    const list = await catalog.exchanges({ ...query, limit: 1 });
    const { total } = list;
    say(list);
    await output.lines([`${total}`]);
    return total;
  }
  for (let offset = 0;;) {
    const list = await catalog.exchanges({ ...query, offset, limit: ROWS });
    const { exchanges, total } = list;
    say(list);
    for (const exchange of exchanges) {
      if (output.gone) return total;
      await output.lines(
        command.json
          ? [JSON.stringify({ event: "exchange", ...exchange })]
          : await printed(catalog, exchange, command, paint),
      );
    }
    offset += exchanges.length;
    if (exchanges.length === 0 || offset >= total) return total;
  }
}

// A change on its way from the index worker to the main thread, which is the relay's: its Exchanges go as JSON, which
// costs that thread a copy of a text. The feed passes it on as it is, and whoever wants them as values reads it then.

import type { Exchange } from "../model.ts";
import type { CatalogChange } from "./types.ts";

/** A CatalogChange with its Exchanges as JSON only. */
export type ToldChange = Omit<CatalogChange, "exchanges" | "exchangesJson"> & {
  readonly exchangesJson: string;
};

/** What is told of a change. */
export function toldOf({ exchanges, ...change }: CatalogChange): ToldChange {
  return { ...change, exchangesJson: JSON.stringify(exchanges) };
}

/** The change that was told; its Exchanges are read when somebody asks for them. */
export function changeOf(told: ToldChange): CatalogChange {
  let read: readonly Exchange[] | null = null;
  return {
    ...told,
    get exchanges(): readonly Exchange[] {
      return read ??= JSON.parse(told.exchangesJson) as Exchange[];
    },
  };
}

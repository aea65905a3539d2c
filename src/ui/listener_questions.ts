// What a request about a listener asks, its JSON body checked. What cannot be meant is refused with status 400 and the
// path of the member that is wrong.

import type { Context } from "hono";
import type { Route } from "../model.ts";
import { ROUTE_MEMBERS, RouteReader } from "../route_json.ts";
import type { ListenerChange } from "./control.ts";
import { readJson } from "./questions.ts";
import { Refusal } from "./refusal.ts";

/** The members of ROUTE_MEMBERS; `listen` may be a bare port, and all but that may be left out. */
export async function readRoute(c: Context): Promise<Route> {
  const reader = new RouteReader();
  const route = reader.route(objectOf(await readJson(c), ROUTE_MEMBERS), "");
  return checked(reader, route)!;
}

/** `{state}` and the members of `readRoute`, of which at least one must be given. */
export async function readListenerChange(c: Context): Promise<ListenerChange> {
  const known = ["state", ...ROUTE_MEMBERS];
  const json = objectOf(await readJson(c), known);
  const reader = new RouteReader();
  const { state, ...members } = reader.object(json, "", known, "listener");
  const change = reader.change(members, "");
  checked(reader, change);
  if (state === undefined && Object.keys(change).length > 0) return change;
  if (state === "listening" || state === "stopped") return { ...change, state };
  throw new Refusal(
    400,
    'Cannot set that state: it is neither "listening" nor "stopped". Give one of them.',
    "state",
  );
}

function objectOf(json: unknown, known: readonly string[]): object {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  throw new Refusal(400, `Cannot read the body: it is not a JSON object. Give one with ${known.join(", ")}.`);
}

/** `value`, unless something is wrong; the first mistake is told. */
function checked<T>({ faults: [first] }: RouteReader, value: T): T {
  if (first === undefined) return value;
  throw new Refusal(400, first.text, first.path);
}

// Pieces of the API's description: calls, parameters, bodies and answers as OpenAPI 3.1 has them.

import { ref, type Schema, type SCHEMAS } from "./openapi_schemas.ts";

/** A part of the description. */
export type Json = { readonly [member: string]: unknown };

/** A call: its tag, what it does in a line, its answers besides those that every call has. */
export function call(tag: string, summary: string, responses: Json, more: Json = {}): Json {
  return { tags: [tag], summary, ...more, responses: { ...responses, ...errors(401, 403) } };
}

/** A parameter in the query. */
export function query(name: string, schema: Schema, description: string): Json {
  return { name, in: "query", schema, description };
}

/** The id in a path. */
export function id(what: string): Json {
  return {
    name: "id",
    in: "path",
    required: true,
    schema: { type: "string" },
    description: `The id of the ${what}.`,
  };
}

/** A body that must be given. */
export function body(name: keyof typeof SCHEMAS): Json {
  return { required: true, content: { "application/json": { schema: ref(name) } } };
}

/** An answer in JSON. */
export function json(name: keyof typeof SCHEMAS, status = "200"): Json {
  return { [status]: { description: name, content: { "application/json": { schema: ref(name) } } } };
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Something in the request is wrong; `field` says what.",
  401: "The token is missing or wrong.",
  403: "The request came by a foreign name or from a foreign page.",
  404: "There is no such thing.",
  409: "It cannot be done now; `suggestion` may have another port.",
  413: "The body is too large.",
};

/** Refusals with these statuses. */
export function errors(...statuses: readonly number[]): Json {
  return Object.fromEntries(statuses.map((status) => [String(status), error(REASONS[status])]));
}

/** A refusal. */
export function error(description: string): Json {
  return { description, content: { "application/json": { schema: ref("Error") } } };
}

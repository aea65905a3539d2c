// Pieces of JSON Schemas (2020-12, as OpenAPI 3.1 has them).

/** A JSON Schema; what it may hold is up to JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };
export const count: Schema = { type: "integer", minimum: 0 };
export const ms: Schema = { type: "number", minimum: 0, description: "Milliseconds." };
export const time: Schema = { type: "string", format: "date-time", description: "ISO 8601, UTC." };

/** The same schema, or null. */
export function orNull(schema: Schema): Schema {
  if (typeof schema.type === "string" && schema.enum === undefined) {
    return { ...schema, type: [schema.type, "null"] };
  }
  return { anyOf: [schema, { type: "null" }] };
}

/** One of these texts. */
export function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

/** A list. */
export function list(items: Schema): Schema {
  return { type: "array", items };
}

/** The same schema, with a description. */
export function says(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/** An object that has all of `members`, and may have those of `optional`. */
export function object(
  members: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return { type: "object", required: Object.keys(members), properties: { ...members, ...optional } };
}

/** A reference to a schema of the API. */
export function refTo(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

// The calls that send, described.

import { body, call, errors, id, type Json, json, query } from "./openapi_parts.ts";
import { type Schema, SCHEMAS } from "./openapi_schemas.ts";

/** Paths with their calls. */
export function describeSending(): Json {
  return {
    "/api/exchanges/{id}/resend": {
      parameters: [id("exchange")],
      post: call("exchanges", "Send a request again, as it was or edited", {
        ...answers(),
        ...errors(400, 404, 409, 413),
      }, {
        parameters: inQuery("Resend"),
        requestBody: bodyOf("Resend", "As it was recorded where there is no body."),
      }),
    },
    "/api/send": {
      post: call("exchanges", "Send a request of one's own to any target", {
        ...answers(),
        ...errors(400, 409, 413),
      }, {
        parameters: inQuery("Send"),
        requestBody: { ...bodyOf("Send", "What to send."), required: true },
      }),
    },
  };
}

function answers(): Json {
  return {
    "201": {
      ...json("Exchange", "201")["201"] as Json,
      description: "The new exchange; its answer may be still to come.",
    },
    "202": {
      ...json("Sent", "202")["202"] as Json,
      description: "It is being sent, but so far nothing of it can be told apart as an exchange.",
    },
  };
}

function bodyOf(name: "Resend" | "Send", description: string): Json {
  const { content } = body(name) as { readonly content: Json };
  const bytes = { schema: { type: "string", format: "binary" } };
  return {
    required: false,
    description:
      `${description} Bytes are the request itself; what else there is to say is then in the query.`,
    content: { ...content, "application/octet-stream": bytes, "message/http": bytes },
  };
}

/** The members of the JSON body that may be in the query where the body is the request. */
function inQuery(name: "Resend" | "Send"): readonly Json[] {
  const { properties }: Schema = SCHEMAS[name];
  return Object.entries(properties as Readonly<Record<string, Schema>>)
    .filter(([member]) => member !== "request" && member !== "turns")
    .map(([member, schema]) => query(member, schema, "With a body of bytes: as in the JSON."));
}

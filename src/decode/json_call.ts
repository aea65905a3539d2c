// What a JSON body asks for, when it is a call: JSON-RPC's method, GraphQL's operation, and the error of the answer.
// A beginning of the body is enough for the call; an error is only read in an answer that is there in full.

/** The method or operation that a request names; null where it is no such call. */
export function readJsonCall(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  if (/"jsonrpc"\s*:\s*"/.test(text)) return memberOf(text, "method");
  const query = memberOf(text, "query");
  if (query === null) return null;
  const operation = /^(?:\s|#.*\n)*(?:(query|mutation|subscription)\b\s*([A-Za-z_]\w*)?|\{)/.exec(query);
  return operation && (memberOf(text, "operationName") ?? operation[2] ?? operation[1] ?? "query");
}

/** The error that an answer to such a call reports, in words: "error -32601: Method not found". Null where there is none. */
export function readJsonError(text: string): string | null {
  const answer = parse(text);
  if (typeof answer !== "object" || answer === null) return null;
  const { error, errors } = answer as { error?: unknown; errors?: unknown };
  const first = (Array.isArray(errors) ? errors[0] : error) as
    | { code?: unknown; message?: unknown }
    | null
    | undefined;
  if (typeof first?.message !== "string") return null;
  return typeof first.code === "number" ? `error ${first.code}: ${first.message}` : `error: ${first.message}`;
}

/** The value of the first member of that name, if it is a string; as much of it as there is. */
function memberOf(text: string, name: string): string | null {
  const [, value, end] = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)("?)`).exec(text) ?? [];
  if (!value) return null;
  const words = parse(`"${end ? value : value.replace(/\\u[0-9a-f]{0,3}$/i, "")}"`);
  return typeof words === "string" ? words : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

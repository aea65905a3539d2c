// The schemas about listeners and their configuration.

import { MOST_BYTES_PER_SECOND, MOST_DELAY_MS, MOST_NAME } from "../route_json.ts";
import { list, object, oneOf, orNull, refTo, says, type Schema, text, time } from "./schema_parts.ts";

const name = says(
  { type: ["string", "null"], maxLength: MOST_NAME },
  "A name of one's own, which the tab shows; null for none.",
);
const target = says(
  orNull(text),
  "HOST:PORT, IPv6 in brackets. null: a forward HTTP proxy, which dials what each request names.",
);
const targetScheme = says(
  { enum: ["https", "tls", null] },
  "TLS is spoken to the target from the first byte; null: what the client speaks.",
);
const hostHeader = says(
  { enum: ["rewrite", "keep", null] },
  "Whether the Host field of HTTP requests is rewritten to the target's name. null: where the target is a DNS name " +
    "other than localhost.",
);
const file: Schema = orNull(text);
const slow = says(
  { anyOf: [refTo("SlowLink"), { type: "null" }] },
  "A slow link to simulate; null for none.",
);

/** What is given to add or to change a listener; what is left out is off, or stays as it is. */
const given: Readonly<Record<string, Schema>> = {
  target: {
    ...says(
      orNull(text),
      "HOST:PORT, IPv6 in brackets, or a URL that says targetScheme as well: https://HOST[:PORT], tls://HOST:PORT, " +
        "http://HOST[:PORT]. null: a forward HTTP proxy, which dials what each request names.",
    ),
    examples: ["localhost:80", "https://api.example.org"],
  },
  name,
  hostHeader,
  via: {
    ...says(
      orNull(text),
      'The HTTP proxy that the target is reached through, as http://[USER:PASSWORD@]HOST:PORT, or "environment" for ' +
        "the one that the environment names. The same proxy and user without a password keep that which is known.",
    ),
    examples: ["http://proxy.example.org:3128"],
  },
  slow,
  targetScheme,
  targetTls: {
    ...says(
      {
        anyOf: [
          object({}, { ca: file, insecure: { type: ["boolean", "null"] }, cert: file, key: file }),
          { type: "null" },
        ],
      },
      "How the target is met wherever TLS is spoken to it, as a whole, see TargetTls. Paths are those of the machine " +
        "that tcpmon runs on; key may be left out where the file of the certificate has it too.",
    ),
  },
  listenTls: {
    ...says(
      {
        anyOf: [
          object({}, {
            cert: file,
            key: file,
            asksClients: { type: ["boolean", "null"] },
            passthrough: { ...list(text), type: ["array", "null"] },
          }),
          { type: "null" },
        ],
      },
      "TLS that clients begin is ended by tcpmon, as a whole, see ListenTls; {} is enough.",
    ),
  },
};

const listen: Schema = {
  type: ["string", "integer"],
  description:
    "[HOST:]PORT. HOST is 127.0.0.1 unless given, IPv6 stands in brackets, port 0 takes any free one.",
  examples: ["8081", "[::1]:8081"],
};

/** Schemas about listeners, by name. */
export const LISTENER_SCHEMAS = {
  Listener: object({
    id: text,
    name,
    listen: says(text, "host:port as bound; IPv6 in brackets."),
    target,
    hostHeader,
    rewritesHost: says({ type: "boolean" }, "What hostHeader comes to."),
    via: says(orNull(text), 'http://user@host:port, without the password, or "environment"; null for none.'),
    slow,
    targetScheme,
    targetTls: says(
      { anyOf: [refTo("TargetTls"), { type: "null" }] },
      "How the target is met wherever TLS is spoken to it; null: its certificate is checked against the system's trust.",
    ),
    listenTls: says(
      { anyOf: [refTo("ListenTls"), { type: "null" }] },
      "TLS that clients begin is ended by tcpmon; null: it is passed through as it is.",
    ),
    state: oneOf("listening", "stopped", "failed", "capture"),
    error: says(orNull(text), "Why it could not be bound."),
    suggestion: says(
      orNull(text),
      "Where its port was taken: host:port with the next one that was free then.",
    ),
    since: says(time, "Since when it has been in this state."),
  }, {
    capture: says(
      object({ id: says(text, "The capture's id."), file: says(text, "Its file's name.") }),
      'The opened capture that it is of, whose state is "capture".',
    ),
  }),
  ListenerList: object({ listeners: list(refTo("Listener")) }),
  NewListener: object({ listen }, given),
  ListenerChange: says(
    object({}, {
      state: says(
        oneOf("listening", "stopped"),
        "A stopped listener accepts nobody; its open connections go on.",
      ),
      listen,
      ...given,
    }),
    "At least one member. Only name and slow can change while it listens.",
  ),
  Configuration: says(
    object({}, { $schema: text, listeners: list({ type: "object" }) }),
    "The listeners as --config reads them; GET /api/config.schema.json says it in full. It has no passwords.",
  ),
  SaveConfiguration: object({}, {
    overwrite: says(
      { type: "boolean" },
      "Also where somebody else has changed the file since. False unless given.",
    ),
  }),
  SavedConfiguration: object({ file: text }),
  SlowLink: says(
    object({}, { upstream: refTo("LinkLimits"), downstream: refTo("LinkLimits") }),
    "Each direction on its own; upstream is client to target. All connections of the listener are on one link.",
  ),
  TargetTls: object({
    ca: says(orNull(text), "A file with authorities that are trusted besides those of the system (PEM)."),
    insecure: says({ type: "boolean" }, "Any certificate is accepted."),
    cert: says(orNull(text), "The file of the certificate that a target is shown which asks for one."),
    key: says(orNull(text), "The file of its private key."),
  }),
  ListenTls: object({
    cert: says(
      orNull(text),
      "The file of the certificate that clients are shown; null: one that tcpmon's own authority issues for the name.",
    ),
    key: says(orNull(text), "The file of its private key."),
    asksClients: says(
      { type: "boolean" },
      "Clients are asked for a certificate, which is recorded, not checked.",
    ),
    passthrough: says(
      list(text),
      "Names whose TLS is passed through all the same, such as api.example.org or *.example.org.",
    ),
  }),
  LinkLimits: object({}, {
    bytesPerSecond: says(
      { type: ["number", "null"], minimum: 1, maximum: MOST_BYTES_PER_SECOND },
      "Shared in equal parts by the connections that send; null: as fast as it goes.",
    ),
    latencyMs: says(
      { type: "number", minimum: 0, maximum: MOST_DELAY_MS },
      "Every byte is passed on so much later, ms.",
    ),
    jitterMs: says(
      { type: "number", minimum: 0, maximum: MOST_DELAY_MS },
      "Give or take up to so much, ms; at most latencyMs.",
    ),
  }),
} as const satisfies Record<string, Schema>;

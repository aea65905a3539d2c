// The first round of sample traffic: clients that talk to the demo's listeners as programs do, each over one
// connection that it keeps. What they ask for is a table; the answers are read to their end and thrown away.

import type { Address } from "../model.ts";
import { isGone, Wire } from "./wire.ts";
import { readChunks, readFields } from "./http_server.ts";
import { soapCall } from "./quotes.ts";

/** Where the demo's listeners are. */
export interface Entrances {
  readonly http: Address;
  readonly mail: Address;
}

/** Sample traffic that is under way. */
export interface Traffic {
  /** Resolves when all of the first round is answered, but for the stream of events, which goes on. */
  readonly firstRound: Promise<void>;
  /** Ends what is still open and waits for that. */
  stop(): Promise<void>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const SOAP = {
  "Content-Type": "text/xml; charset=utf-8",
  SOAPAction: '"http://quotes.example.org/getQuote"',
  Accept: "application/soap+xml, multipart/related, text/*",
  "Accept-Encoding": "gzip",
};
const JSON_BODY = { "Content-Type": "application/json", Accept: "application/json" };

/** One client a line: what it calls itself, and its calls over one connection. */
const CLIENTS: readonly { readonly agent: string; readonly calls: readonly Call[] }[] = [
  {
    agent: "Axis/1.4",
    calls: [
      { method: "GET", path: "/axis/services/StockQuote?wsdl" },
      { method: "POST", path: "/axis/services/StockQuote", fields: SOAP, body: soapCall("GOGG") },
      { method: "POST", path: "/axis/services/StockQuote", fields: SOAP, body: soapCall("GOOG") },
    ],
  },
  {
    agent: "shop-export/2.1",
    calls: [
      { method: "GET", path: "/exports/orders.csv", fields: { "Accept-Encoding": "gzip" } },
      { method: "GET", path: "/orders/stream", fields: { TE: "trailers" } },
      { method: "GET", path: "/prices.png", fields: { Accept: "image/png" } },
    ],
  },
  {
    agent: "order-desk/5.0",
    calls: [
      {
        method: "POST",
        path: "/login",
        fields: { "Content-Type": "application/x-www-form-urlencoded" },
        body: "user=ada&password=correct+horse&from=%2Forders&desk=4+%E2%80%93+north",
      },
      { method: "GET", path: "/orders?status=open&limit=50", fields: JSON_BODY },
      { method: "GET", path: "/orders/A-20931", fields: JSON_BODY },
      { method: "PUT", path: "/orders/A-20931", fields: JSON_BODY, body: '{"revision":6,"shipped":true}' },
      { method: "GET", path: "/orders/A-99999", fields: JSON_BODY },
    ],
  },
];

const EVENTS = { method: "GET", path: "/orders/events", fields: { Accept: "text/event-stream" } };
const SLOW = { method: "GET", path: "/slow" };

/** What the mail client says, each when the server has answered the one before. */
const LETTER: readonly string[] = [
  "EHLO build-7.example.org\r\n",
  "MAIL FROM:<build@example.org>\r\n",
  "RCPT TO:<desk@example.org>\r\n",
  "DATA\r\n",
  "From: build@example.org\r\nTo: desk@example.org\r\nSubject: night run\r\n\r\n412 orders checked, 0 wrong.\r\n.\r\n",
  "QUIT\r\n",
];

/** Starts to send the first round. A listener or back end that goes away in the middle just ends it. */
export function startTraffic(entrances: Entrances): Traffic {
  const wires = new Set<Wire>();
  let stopped = false;

  async function talk(entrance: Address, conversation: (wire: Wire) => Promise<void>): Promise<void> {
    if (stopped) return;
    try {
      const wire = new Wire(await Deno.connect({ hostname: entrance.host, port: entrance.port }));
      wires.add(wire);
      if (stopped) wire.close();
      await conversation(wire).finally(() => {
        wires.delete(wire);
        wire.close();
      });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async function call(agent: string, calls: readonly Call[]): Promise<void> {
    await talk(entrances.http, async (wire) => {
      for (const one of calls) await sendCall(wire, entrances.http, agent, one);
    });
  }

  async function round(): Promise<void> {
    await talk(entrances.mail, sendLetter);
    const slow = call("patience/1.0", [SLOW]);
    for (const { agent, calls } of CLIENTS) await call(agent, calls);
    await slow;
  }

  // Begun first, so that a connection that stays open is among the oldest.
  const events = call("price-board/3.3", [EVENTS]);
  const firstRound = round();
  return {
    firstRound,
    stop: async () => {
      stopped = true;
      for (const wire of wires) wire.close();
      await Promise.allSettled([events, firstRound]);
    },
  };
}

async function sendCall(wire: Wire, entrance: Address, agent: string, call: Call): Promise<void> {
  const lines = [
    `${call.method} ${call.path} HTTP/1.1`,
    `Host: localhost:${entrance.port}`,
    `User-Agent: ${agent}`,
  ];
  for (const [name, value] of Object.entries(call.fields ?? {})) lines.push(`${name}: ${value}`);
  const { body } = call;
  if (body !== undefined) lines.push(`Content-Length: ${new TextEncoder().encode(body).length}`);
  await wire.send(lines.join("\r\n") + "\r\n\r\n" + (body ?? ""));
  await readAnswer(wire);
}

async function readAnswer(wire: Wire): Promise<void> {
  await wire.line();
  const fields = await readFields(wire);
  if (fields.get("transfer-encoding") === "chunked") await readChunks(wire);
  else await wire.exactly(Number(fields.get("content-length") ?? 0));
}

async function sendLetter(wire: Wire): Promise<void> {
  await readReply(wire);
  for (const words of LETTER) {
    await wire.send(words);
    await readReply(wire);
  }
}

/** Reads an SMTP reply, whose last line has a space after its code (RFC 5321, 4.2.1). */
async function readReply(wire: Wire): Promise<void> {
  for (let line = await wire.line(); line !== null && line[3] === "-"; line = await wire.line());
}

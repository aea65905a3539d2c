// What the demo prints: where everything is, and lines to paste for more traffic. Pure: text from addresses.

import type { Entrances } from "./traffic.ts";

/** Where a port was asked for and which one was taken. */
export interface Taken {
  readonly wanted: number;
  readonly port: number;
}

/** "Port 8081 is used already, so the demo listens on 8082."; null where the wanted port was free. */
export function sayTaken({ wanted, port }: Taken): string | null {
  return wanted === port
    ? null
    : `Port ${wanted} is used by another program, so the demo listens on ${port} instead.`;
}

/** A `curl` line that calls getQuote for `symbol` through the listener on `port`. */
export function soapLine(port: number, symbol: string): string {
  return [
    `curl -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: "http://quotes.example.org/getQuote"' \\`,
    `  -d '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>` +
    `<q:getQuote xmlns:q="http://quotes.example.org/"><q:symbol>${symbol}</q:symbol></q:getQuote></e:Body></e:Envelope>' \\`,
    `  http://localhost:${port}/axis/services/StockQuote`,
  ].join("\n");
}

/** `curl` lines for the JSON API: one that works, and one that conflicts. */
export function jsonLines(port: number): readonly string[] {
  return [
    `curl http://localhost:${port}/orders/A-20931`,
    `curl -X PUT -H 'Content-Type: application/json' -d '{"revision":6}' http://localhost:${port}/orders/A-20931`,
  ];
}

/** A line that talks to the mail server by hand. */
export function mailLine(port: number): string {
  return `nc localhost ${port}`;
}

/** All that is said when the demo runs. */
export function hints({ http, mail }: Entrances, ui: string): string {
  return `
The page:         ${ui}
HTTP listener:    http://localhost:${http.port} (a sample shop is behind it; / lists what it answers)
Mail listener:    localhost:${mail.port} (the server speaks first)

Try next, and watch the page:

A SOAP call; with GOGG it is answered by a fault:
${soapLine(http.port, "GOOG")}

JSON, and a conflict:
${jsonLines(http.port).join("\n")}

A plain line protocol (say EHLO me, then QUIT):
${mailLine(mail.port)}

Ctrl+C ends the demo.
`;
}

// A line protocol where the server speaks first: as much of SMTP (RFC 5321) as a client needs to hand over a message.
// Accepted messages are forgotten.

import { TcpServer } from "./tcp_server.ts";
import type { Wire } from "./wire.ts";

const HOST = "mail.example.org";

const ANSWERS: Readonly<Record<string, string>> = {
  EHLO: `250-${HOST} greets you\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250 HELP\r\n`,
  HELO: `250 ${HOST} greets you\r\n`,
  MAIL: "250 2.1.0 sender is known\r\n",
  RCPT: "250 2.1.5 recipient is known\r\n",
  DATA: "354 go on, end with a line that holds only a dot\r\n",
  NOOP: "250 2.0.0 ok\r\n",
  RSET: "250 2.0.0 forgotten\r\n",
  HELP: "214 EHLO HELO MAIL RCPT DATA NOOP RSET HELP QUIT\r\n",
  QUIT: `221 2.0.0 ${HOST} says goodbye\r\n`,
};

/** Starts the mail server. */
export function serveMail(): TcpServer {
  return new TcpServer(converse);
}

async function converse(wire: Wire): Promise<void> {
  await wire.send(`220 ${HOST} ESMTP ready\r\n`);
  for (;;) {
    const line = await wire.line();
    if (line === null) return;
    const verb = line.split(" ", 1)[0].toUpperCase();
    await wire.send(ANSWERS[verb] ?? "500 5.5.2 not known here; HELP lists what is\r\n");
    if (verb === "QUIT") return;
    if (verb === "DATA" && !await acceptMessage(wire)) return;
  }
}

/** Reads a message up to the line with a dot and confirms it; false when the client ended before. */
async function acceptMessage(wire: Wire): Promise<boolean> {
  for (let lines = 0;; lines++) {
    const line = await wire.line();
    if (line === null) return false;
    if (line !== ".") continue;
    await wire.send(`250 2.0.0 ${lines} lines accepted as 4QXz7b0h\r\n`);
    return true;
  }
}

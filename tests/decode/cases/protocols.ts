// Which protocol it is, judged by content; and turns, where it is none that is decoded.

import type { Case } from "../transcript.ts";
import { bothEnd, client, ends, target } from "../transcript.ts";

export const PROTOCOLS: readonly Case[] = [
  {
    name: "a server that speaks first",
    steps: [
      target("220 mail ESMTP\r\n"),
      client("HELO a\r\n"),
      target("250 "),
      target("mail\r\n"),
      client("QUIT\r\n"),
      target("221 bye\r\n"),
      ...bothEnd,
    ],
    exchanges: `
tcp done
< raw [0 0 16] "220 mail ESMTP\\r\\n"
tcp done
> raw [0 0 8] "HELO a\\r\\n"
< raw [16 16 26] "250 mail\\r\\n"
tcp done
> raw [8 8 14] "QUIT\\r\\n"
< raw [26 26 35] "221 bye\\r\\n"
`,
  },
  {
    name: "a TLS client hello",
    steps: [client("\x16\x03\x01\x00\x02\x01\x00"), target("\x16\x03\x03"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 7] "\\u0016\\u0003\\u0001\\u0000\\u0002\\u0001\\u0000"
< raw [0 0 3] "\\u0016\\u0003\\u0003"
`,
  },
  {
    name: "redis",
    steps: [
      client("*1\r\n$4\r\nPING\r\n"),
      target("+PONG\r\n"),
      client("PING\r\n"),
      target("+PONG\r\n"),
      ...bothEnd,
    ],
    exchanges: `
tcp done
> raw [0 0 14] "*1\\r\\n$4\\r\\nPING\\r\\n"
< raw [0 0 7] "+PONG\\r\\n"
tcp done
> raw [14 14 20] "PING\\r\\n"
< raw [7 7 14] "+PONG\\r\\n"
`,
  },
  {
    name: "Postgres",
    steps: [
      client("\x00\x00\x00\x08\x04\xd2\x16/"),
      target("N"),
      client("\x00\x00\x00\x09\x00\x03\x00\x00\x00"),
      target("R\x00\x00\x00\x08\x00\x00\x00\x00"),
      ...bothEnd,
    ],
    exchanges: `
tcp done
> raw [0 0 8] "\\u0000\\u0000\\u0000\\b\\u0004Ò\\u0016/"
< raw [0 0 1] "N"
tcp done
> raw [8 8 17] "\\u0000\\u0000\\u0000\\t\\u0000\\u0003\\u0000\\u0000\\u0000"
< raw [1 1 10] "R\\u0000\\u0000\\u0000\\b\\u0000\\u0000\\u0000\\u0000"
`,
  },
  {
    name: "the preface of HTTP/2",
    steps: [
      client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      target("\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
      ...bothEnd,
    ],
    exchanges: `
tcp done
> raw [0 0 24] "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n"
< raw [0 0 9] "\\u0000\\u0000\\u0000\\u0004\\u0000\\u0000\\u0000\\u0000\\u0000"
`,
  },
  {
    name: "RTSP, which resembles HTTP",
    steps: [client("OPTIONS * RTSP/1.0\r\n\r\n"), target("RTSP/1.0 200 OK\r\n\r\n"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 22] "OPTIONS * RTSP/1.0\\r\\n\\r\\n"
< raw [0 0 19] "RTSP/1.0 200 OK\\r\\n\\r\\n"
`,
  },
  {
    name: "text with words that might be a request",
    steps: [client("hello wor"), client("ld\n"), target("HELLO WORLD\n"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 12] "hello world\\n"
< raw [0 0 12] "HELLO WORLD\\n"
`,
  },
  {
    name: "a request, but the answer is not HTTP: turns",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("220 mail\r\n"),
      client("QUIT\r\n"),
      ...bothEnd,
    ],
    exchanges: `
tcp done
> raw [0 0 27] "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
< raw [0 0 10] "220 mail\\r\\n"
tcp done
> raw [27 27 33] "QUIT\\r\\n"
`,
  },
  {
    name: "a request, but the answer is HTTP only for a while: turns",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("P/1.1 200 OK"),
      ...bothEnd,
    ],
    exchanges: `
tcp done
> raw [0 0 27] "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
< raw [0 0 4] "HTTP"
tcp done
> raw [27 27 54] "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
< raw [4 4 16] "P/1.1 200 OK"
`,
  },
  {
    name: "no request, but the answer is HTTP: an exchange",
    steps: [
      client("PING\r\n"),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
      client("GET"),
      ...bothEnd,
    ],
    exchanges: `
http done
> raw [0 0 9] "PING\\r\\nGET"
  !0 These bytes are not an HTTP request
< HTTP/1.1 400 Bad Request [0 47 47] length 0
`,
  },
  {
    name: "a first line that stays incomplete",
    steps: [client("G"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 1] "G"
`,
  },
  {
    name: "a first line that stays incomplete, when the target answers",
    steps: [client("G"), target("what?\n"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 1] "G"
< raw [0 0 6] "what?\\n"
`,
  },
  {
    name: "a first line that stays incomplete, when the target ends",
    steps: [client("G"), ends("target"), ends("client")],
    exchanges: `
tcp done
> raw [0 0 1] "G"
`,
  },
  {
    name: "a first line with a known method that stays incomplete",
    steps: [client("GET /ind"), ends("client"), ends("target")],
    exchanges: `
http failed
> raw [0 0 8] cut "GET /ind"
  !8 The head has no end: the client ended after 8 B of it
  !8 The target ended without an answer
`,
  },
  {
    name: "a first line with a known method, when the target ends",
    steps: [client("GET /ind"), ends("target"), ends("client")],
    exchanges: `
http failed
> raw [0 0 8] cut "GET /ind"
  !8 The target ended without an answer
  !8 The head has no end: the client ended after 8 B of it
`,
  },
  {
    name: "a response that stays incomplete",
    steps: [client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), target("HTT"), ends("target"), ends("client")],
    exchanges: `
tcp done
> raw [0 0 27] "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
< raw [0 0 3] "HTT"
`,
  },
  {
    name: "empty lines and nothing else",
    steps: [client("\r\n"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 2] "\\r\\n"
`,
  },
  {
    name: "nothing at all",
    steps: [...bothEnd],
    exchanges: `

`,
  },
  {
    name: "turns: reset in the middle of an answer",
    steps: [client("\x01"), target("\x02"), ends("target", "reset"), ends("client")],
    exchanges: `
tcp failed
> raw [0 0 1] "\\u0001"
< raw [0 0 1] cut "\\u0002"
  !1 The target reset the connection
`,
  },
  {
    name: "turns: the client resets the connection when it is answered",
    steps: [client("\x01"), target("\x02"), ends("client", "reset"), ends("target", "reset")],
    exchanges: `
tcp done
> raw [0 0 1] "\\u0001"
< raw [0 0 1] "\\u0002"
`,
  },
  {
    name: "turns: one side ends, the other goes on",
    steps: [client("\x01"), ends("client"), target("\x02"), target("\x03"), ends("target")],
    exchanges: `
tcp done
> raw [0 0 1] "\\u0001"
< raw [0 0 2] "\\u0002\\u0003"
`,
  },
  {
    name: "turns: a request that nobody answers",
    steps: [client("\x01\x02"), ends("target", "reset"), ends("client", "error")],
    exchanges: `
tcp failed
> raw [0 0 2] "\\u0001\\u0002"
  !2 The target reset the connection without an answer
`,
  },
];

// Connections that end before everything has been said.

import type { Case } from "../transcript.ts";
import { bothEnd, client, ends, target } from "../transcript.ts";

export const ENDS: readonly Case[] = [
  {
    name: "a request without an answer",
    steps: [client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ends("target"), ends("client")],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
  !27 The target ended without an answer
`,
  },
  {
    name: "requests without an answer: reset",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      ends("target", "reset"),
      ends("client", "reset"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
  !27 The target reset the connection without an answer
http failed
> GET / HTTP/1.1 [27 54 54] none
  !54 The target reset the connection without an answer
`,
  },
  {
    name: "a request without an answer: the client reset the connection",
    steps: [client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ends("client", "reset"), ends("target", "reset")],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
  !27 The client reset the connection before there was an answer
`,
  },
  {
    name: "a request without an answer: the monitor ended the connection",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      ends("client", "stopped"),
      ends("target", "stopped"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
  !27 The monitor ended the connection before there was an answer
`,
  },
  {
    name: "the client resets the connection in the middle of a response",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 640\r\n\r\nabcd"),
      ends("client", "reset"),
      ends("target", "reset"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 40 44] length 640 cut "abcd"
  !44 Content-Length says 640, the client reset the connection after 4 B
`,
  },
  {
    name: "a request after the target has ended",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ends("target"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      ends("client"),
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http failed
> GET / HTTP/1.1 [27 54 54] none
  !27 The target ended without an answer
`,
  },
  {
    name: "only an interim response",
    steps: [
      client("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
      target("HTTP/1.1 100 Continue\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> POST / HTTP/1.1 [0 60 60] length 2 cut
  !60 Content-Length says 2, the client ended after 0 B
  !60 The target ended without an answer
~ HTTP/1.1 100 Continue [0 25 25] none
`,
  },
  {
    name: "the client ends in the middle of a body",
    steps: [
      client("POST / HTTP/1.1\r\nContent-Length: 640\r\n\r\nabcd"),
      ends("client"),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
      ends("target"),
    ],
    exchanges: `
http failed
> POST / HTTP/1.1 [0 40 44] length 640 cut "abcd"
  !44 Content-Length says 640, the client ended after 4 B
< HTTP/1.1 400 Bad Request [0 47 47] length 0
`,
  },
  {
    name: "the target ends in the middle of a body",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 640\r\n\r\nabcd"),
      ends("target", "reset"),
      ends("client"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 40 44] length 640 cut "abcd"
  !44 Content-Length says 640, the target reset the connection after 4 B
`,
  },
  {
    name: "the target ends in the middle of a chunk",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabcd"),
      ends("target"),
      ends("client"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 55] chunked cut 1 chunks "abcd"
  !55 A chunk says 16 B, the target ended after 4 B of it
`,
  },
  {
    name: "the target ends before the last chunk",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"),
      ends("target"),
      ends("client"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 56] chunked cut 1 chunks "abcd"
  !56 The last chunk is missing: the target ended
`,
  },
  {
    name: "the target ends in the trailers",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n"),
      ends("target"),
      ends("client"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 56] chunked cut
  !56 The trailers have no end: the target ended
`,
  },
  {
    name: "a reset in a body that only the end ends",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\nabcd"),
      ends("target", "reset"),
      ends("client"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 19 23] until-close cut "abcd"
  !23 Only the end of the stream ends this body, but the target reset the connection
`,
  },
  {
    name: "an error in a body that only the end ends",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\nabcd"),
      ends("target", "error"),
      ends("client", "error"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 19 23] until-close cut "abcd"
  !23 Only the end of the stream ends this body, but the connection to the target broke
`,
  },
  {
    name: "the client ends in the middle of a head",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n"),
      ends("client"),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
      ends("target"),
    ],
    exchanges: `
http failed
> raw [0 0 25] cut "GET / HTTP/1.1\\r\\nHost: a\\r\\n"
  !25 The head has no end: the client ended after 25 B of it
< HTTP/1.1 400 Bad Request [0 47 47] length 0
`,
  },
  {
    name: "the client ends in the middle of a second head",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("GET /2"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http failed
> raw [27 27 33] cut "GET /2"
  !33 The head has no end: the client ended after 6 B of it
  !33 The target ended without an answer
`,
  },
  {
    name: "the target ends while a head is incomplete",
    steps: [client("GET / HTTP/1.1\r\nHost: a\r\n"), ends("target"), client("\r\n"), ends("client")],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
  !25 The target ended without an answer
`,
  },
  {
    name: "the target ends in the middle of a head",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nCont"),
      ends("target"),
      ends("client"),
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< raw [0 0 21] cut "HTTP/1.1 200 OK\\r\\nCont"
  !21 The head has no end: the target ended after 21 B of it
`,
  },
  {
    name: "empty lines alone after an exchange",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
];

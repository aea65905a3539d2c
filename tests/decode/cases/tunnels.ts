// Where HTTP ends and another protocol begins on the same Connection: Upgrade and CONNECT.

import type { Case } from "../transcript.ts";
import { bothEnd, client, target } from "../transcript.ts";

export const TUNNELS: readonly Case[] = [
  {
    name: "Upgrade: 101, then turns",
    steps: [
      client("GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
      target("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi"),
      client("\x81\x82maskyo"),
      target("\x88\x00"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET /chat HTTP/1.1 [0 63 63] none
< HTTP/1.1 101 Switching Protocols [0 56 56] none
tcp done
< raw [56 56 60] "\\u0002hi"
tcp done
> raw [63 63 71] "maskyo"
< raw [60 60 62] "\\u0000"
`,
  },
  {
    name: "Upgrade refused: HTTP goes on",
    steps: [
      client("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET /chat HTTP/1.1 [0 42 42] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
> GET / HTTP/1.1 [42 69 69] none
< HTTP/1.1 200 OK [40 78 80] length 2 "ok"
`,
  },
  {
    name: "Upgrade of a request whose body is not complete yet",
    steps: [
      client("POST / HTTP/1.1\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nab"),
      target("HTTP/1.1 101 Switching Protocols\r\n\r\nframe"),
      client("cdframe"),
      ...bothEnd,
    ],
    exchanges: `
http done
> POST / HTTP/1.1 [0 52 56] length 4 "abcd"
< HTTP/1.1 101 Switching Protocols [0 36 36] none
tcp done
< raw [36 36 41] "frame"
tcp done
> raw [56 56 61] "frame"
`,
  },
  {
    name: "101 though nobody asked for it",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      client("x"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 101 Switching Protocols [0 36 36] none
  !0 101 answers a request that did not ask for another protocol
tcp done
> raw [27 27 28] "x"
`,
  },
  {
    name: "the other protocol begins before 101 is there",
    steps: [
      client("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nhe"),
      target("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      client("llo"),
      target("hi"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 30 30] none
< HTTP/1.1 101 Switching Protocols [0 36 36] none
tcp done
> raw [30 30 35] "hello"
< raw [36 36 38] "hi"
`,
  },
  {
    name: "the other protocol begins before 101, and is no text",
    steps: [
      client("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n\x00\x01"),
      target("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      client("\x02"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 30 30] none
< HTTP/1.1 101 Switching Protocols [0 36 36] none
http failed
> raw [30 30 32] "\\u0000\\u0001"
  !30 These bytes are not an HTTP request
  !32 The connection changed its protocol before this was answered
tcp done
> raw [32 32 33] "\\u0002"
`,
  },
  {
    name: "CONNECT: a tunnel, with early bytes",
    steps: [
      client("CONNECT db:5432 HTTP/1.1\r\nHost: db\r\n\r\n"),
      client("early"),
      target("HTTP/1.1 200 Connection established\r\n\r\nlate"),
      client("more"),
      target("most"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT db:5432 HTTP/1.1 [0 38 38] none
< HTTP/1.1 200 Connection established [0 39 39] none
tcp done db:5432
> raw [38 38 43] "early"
< raw [39 39 43] "late"
tcp done db:5432
> raw [43 43 47] "more"
< raw [43 43 47] "most"
`,
  },
  {
    name: "CONNECT: HTTP in a tunnel is decoded as on a connection of its own",
    steps: [
      client("CONNECT db:80 HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT db:80 HTTP/1.1 [0 26 26] none
< HTTP/1.1 200 OK [0 38 38] none
  !17 A 200 response that has no body must not have Content-Length
http done db:80
> GET / HTTP/1.1 [26 53 53] none
< HTTP/1.1 200 OK [38 76 78] length 2 "ok"
`,
  },
  {
    name: "CONNECT: HTTP in a tunnel that begins early, goes on and is pipelined",
    steps: [
      client("CONNECT db:80 HTTP/1.1\r\n\r\nGET /1 HTTP/1.1\r\n\r\nGET /2 HT"),
      target("HTTP/1.1 200 OK\r\n\r\n"),
      client("TP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT db:80 HTTP/1.1 [0 26 26] none
< HTTP/1.1 200 OK [0 19 19] none
http done db:80
> GET /1 HTTP/1.1 [26 45 45] none
< HTTP/1.1 200 OK [19 57 58] length 1 "1"
http done db:80
> GET /2 HTTP/1.1 [45 64 64] none
< HTTP/1.1 404 No [58 96 96] length 0
`,
  },
  {
    name: "CONNECT: what begins as a request in a tunnel and is not answered as one is a turn",
    steps: [
      client("CONNECT db:80 HTTP/1.1\r\n\r\nGET /1 HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\n220 ready\r\n"),
      client("more"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT db:80 HTTP/1.1 [0 26 26] none
< HTTP/1.1 200 OK [0 19 19] none
tcp done db:80
> raw [26 26 45] "GET /1 HTTP/1.1\\r\\n\\r\\n"
< raw [19 19 30] "220 ready\\r\\n"
tcp done db:80
> raw [45 45 49] "more"
`,
  },
  {
    name: "CONNECT: a tunnel within a tunnel, and a switch of protocols in that",
    steps: [
      client("CONNECT a:80 HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\n"),
      client("CONNECT b:80 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nUpgrade: x\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 Go\r\n\r\nhi"),
      client("GET /\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT a:80 HTTP/1.1 [0 25 25] none
< HTTP/1.1 200 OK [0 19 19] none
http done a:80
> CONNECT b:80 HTTP/1.1 [25 50 50] none
< HTTP/1.1 200 OK [19 38 38] none
http done b:80
> GET / HTTP/1.1 [50 80 80] none
< HTTP/1.1 101 Go [38 57 57] none
tcp done b:80
< raw [57 57 59] "hi"
tcp done b:80
> raw [80 80 86] "GET /\\n"
`,
  },
  {
    name: "CONNECT refused after an early request",
    steps: [
      client("CONNECT db:5432 HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT db:5432 HTTP/1.1 [0 28 28] none
< HTTP/1.1 403 Forbidden [0 45 45] length 0
tcp done db:5432
> raw [28 28 47] "GET /x HTTP/1.1\\r\\n\\r\\n"
  !28 The client sent this for a tunnel, but the target answered 403
`,
  },
  {
    name: "CONNECT refused: HTTP goes on",
    steps: [
      client("CONNECT db:5432 HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
      client("CONNECT db:5432 HTTP/1.1\r\nProxy-Authorization: x\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\n"),
      client("hello"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT db:5432 HTTP/1.1 [0 28 28] none
< HTTP/1.1 407 Proxy Authentication Required [0 65 65] length 0
http done
> CONNECT db:5432 HTTP/1.1 [28 80 80] none
< HTTP/1.1 200 OK [65 84 84] none
tcp done db:5432
> raw [80 80 85] "hello"
`,
  },
  {
    name: "CONNECT refused after early bytes",
    steps: [
      client("CONNECT db:5432 HTTP/1.1\r\n\r\nearly"),
      target("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> CONNECT db:5432 HTTP/1.1 [0 28 28] none
< HTTP/1.1 403 Forbidden [0 45 45] length 0
tcp done db:5432
> raw [28 28 33] "early"
  !28 The client sent this for a tunnel, but the target answered 403
http done
> GET / HTTP/1.1 [33 60 60] none
< HTTP/1.1 200 OK [45 83 85] length 2 "ok"
`,
  },
];

// Requests and responses that do not belong together.

import type { Case } from "../transcript.ts";
import { bothEnd, client, target } from "../transcript.ts";

export const STRAYS: readonly Case[] = [
  {
    name: "a response without a request",
    steps: [target("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"), ...bothEnd],
    exchanges: `
http done
< HTTP/1.1 408 Request Timeout [0 51 51] length 0
`,
  },
  {
    name: "a response without a request, later",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      target("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
< HTTP/1.1 408 Request Timeout [40 91 91] length 0
`,
  },
  {
    name: "interim responses without a request",
    steps: [target("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), ...bothEnd],
    exchanges: `
http done
~ HTTP/1.1 100 Continue [0 25 25] none
< HTTP/1.1 200 OK [25 63 63] length 0
`,
  },
  {
    name: "an interim response without a request, and no final one",
    steps: [target("HTTP/1.1 100 Continue\r\n\r\n"), ...bothEnd],
    exchanges: `
http failed
~ HTTP/1.1 100 Continue [0 25 25] none
  !25 The target ended without an answer
`,
  },
  {
    name: "a response before the request's head is complete",
    steps: [
      client("POST /slow HTTP/1.1\r\nContent-Le"),
      target("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"),
      client("ngth: 2\r\n\r\nhi"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST /slow HTTP/1.1 [0 42 44] length 2 "hi"
< HTTP/1.1 408 Request Timeout [0 51 51] length 0
`,
  },
  {
    name: "a response to a HEAD whose head is incomplete",
    steps: [client("HEAD / HT"), target("HTTP/1.1 400 Bad Request\r\nContent-Length: 7\r\n\r\n"), ...bothEnd],
    exchanges: `
http failed
> raw [0 0 9] cut "HEAD / HT"
  !9 The head has no end: the client ended after 9 B of it
< HTTP/1.1 400 Bad Request [0 47 47] none
`,
  },
  {
    name: "more bytes than Content-Length says, then HTTP goes on",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      target("!!\r\n"),
      client("GE"),
      target("!"),
      client("T /2 HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
tcp done
< raw [40 40 45] "!!\\r\\n!"
  !40 No request asked for this, which follows a complete response
http done
> GET /2 HTTP/1.1 [27 46 46] none
< HTTP/1.1 200 OK [45 83 85] length 2 "ok"
`,
  },
  {
    name: "more bytes than Content-Length says, at once, to the end",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
tcp done
< raw [40 40 42] "ay"
  !40 No request asked for this, which follows a complete response
`,
  },
  {
    name: "a response that is not HTTP, when one was before",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("SMTP?"),
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
> GET / HTTP/1.1 [27 54 54] none
< raw [40 40 45] "SMTP?"
  !40 These bytes are not an HTTP response
http failed
> GET / HTTP/1.1 [54 81 81] none
  !54 No answer can be told apart in what the target sent
`,
  },
  {
    name: "a request that is not HTTP, when one was before",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("rubbish\r\n"),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
      client("more"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
> raw [27 27 40] "rubbish\\r\\nmore"
  !27 These bytes are not an HTTP request
< HTTP/1.1 400 Bad Request [40 87 87] length 0
`,
  },
];

// What everybody sends over HTTP/1.x, and what is to be made of it.

import type { Case } from "../transcript.ts";
import { bothEnd, client, ends, target } from "../transcript.ts";

export const EXCHANGES: readonly Case[] = [
  {
    name: "a request and its response",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "keep-alive: one exchange after the other",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("HEAD /b HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 640\r\n\r\n"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
> HEAD /b HTTP/1.1 [27 47 47] none
< HTTP/1.1 200 OK [40 80 80] none
`,
  },
  {
    name: "a body with a length, in pieces",
    steps: [
      client("POST /p HTTP/1.1\r\nContent-Length: 6\r\n\r\nab"),
      client("cdef"),
      target("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST /p HTTP/1.1 [0 39 45] length 6 "abcdef"
< HTTP/1.1 201 Created [0 43 43] length 0
`,
  },
  {
    name: "pipelining: three requests, then three responses",
    steps: [
      client("GET /1 HTTP/1.1\r\n\r\nPUT /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\n\r\n"),
      target(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\n3",
      ),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET /1 HTTP/1.1 [0 19 19] none
< HTTP/1.1 200 OK [0 38 39] length 1 "1"
http done
> PUT /2 HTTP/1.1 [19 57 60] length 3 "abc"
< HTTP/1.1 204 No Content [39 66 66] none
http done
> GET /3 HTTP/1.1 [60 79 79] none
< HTTP/1.1 404 Not Found [66 111 112] length 1 "3"
`,
  },
  {
    name: "chunked: extensions and trailers",
    steps: [
      client(
        'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nWiki\r\n5;q="x;y"\r\npedia\r\n0\r\nX-Sum: 9\r\nX-End: yes\r\n\r\n',
      ),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 47 105] chunked 2 chunks "Wikipedia"
  +X-Sum: 9
  +X-End: yes
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "chunked: white space before an extension",
    steps: [
      client("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2 ; a=b\r\nhi\r\n0\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 47 65] chunked 1 chunks "hi"
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "chunked: a response without trailers, sizes in both cases of letters",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\nA\r\n0123456789\r\n00a\r\n0123456789\r\n0\r\n\r\n",
      ),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 53 90] chunked 2 chunks "01234567890123456789"
`,
  },
  {
    name: "100 Continue, then the body, then the final response",
    steps: [
      client("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
      target("HTTP/1.1 100 Continue\r\n\r\n"),
      client("hi"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 60 62] length 2 "hi"
~ HTTP/1.1 100 Continue [0 25 25] none
< HTTP/1.1 200 OK [25 63 65] length 2 "ok"
`,
  },
  {
    name: "several interim responses",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
~ HTTP/1.1 103 Early Hints [0 40 40] none
~ HTTP/1.1 102 Processing [40 67 67] none
< HTTP/1.1 200 OK [67 105 107] length 2 "ok"
`,
  },
  {
    name: "204 and 304 have no body whatever they say",
    steps: [
      client("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"),
      target(
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
      ),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET /1 HTTP/1.1 [0 19 19] none
< HTTP/1.1 304 Not Modified [0 48 48] none
http done
> GET /2 HTTP/1.1 [19 38 38] none
< HTTP/1.1 204 No Content [48 94 94] none
  !73 A 204 response that has no body must not have Content-Length
`,
  },
  {
    name: "a body that ends with the connection",
    steps: [
      client("GET / HTTP/1.0\r\n\r\n"),
      target("HTTP/1.0 200 OK\r\n\r\nall of it"),
      ends("target"),
      ends("client"),
    ],
    exchanges: `
http done
> GET / HTTP/1.0 [0 18 18] none
< HTTP/1.0 200 OK [0 19 28] until-close "all of it"
`,
  },
  {
    name: "half-close: the client ends after its request",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      ends("client"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ends("target"),
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "a final response before the request is complete",
    steps: [
      client("PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"),
      target("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"),
      client("cd"),
      client("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> PUT / HTTP/1.1 [0 37 41] length 4 "abcd"
< HTTP/1.1 413 Content Too Large [0 53 53] length 0
http done
> GET /2 HTTP/1.1 [41 69 69] none
< HTTP/1.1 200 OK [53 91 93] length 2 "ok"
`,
  },
  {
    name: "forms of the request target, unknown methods",
    steps: [
      client(
        "GET http://a.example/x HTTP/1.1\r\n\r\nOPTIONS * HTTP/1.1\r\n\r\nBREW /pot HTTP/1.1\r\n\r\nM-SEARCH * HTTP/1.1\r\n\r\n",
      ),
      target(
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 \r\n\r\nHTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 \r\n\r\n",
      ),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET http://a.example/x HTTP/1.1 [0 35 35] none
< HTTP/1.1 200 OK [0 38 38] length 0
http done
> OPTIONS * HTTP/1.1 [35 57 57] none
< HTTP/1.1 204 [38 55 55] none
http done
> BREW /pot HTTP/1.1 [57 79 79] none
< HTTP/1.1 418 I'm a teapot [55 103 103] length 0
http done
> M-SEARCH * HTTP/1.1 [79 102 102] none
  !88 The target "*" is for OPTIONS only
< HTTP/1.1 204 [103 120 120] none
`,
  },
];

// Messages that are not as RFC 9112 says: shown all the same, with the fault and its place.

import type { Case } from "../transcript.ts";
import { bothEnd, client, target } from "../transcript.ts";

export const FAULTS: readonly Case[] = [
  {
    name: "lines that end with LF only",
    steps: [
      client("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n"),
      target("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 44 52] chunked 1 chunks "hi"
  !15 A line ends with LF alone, not with CR LF
  !45 A line of the chunked coding ends with LF alone, not with CR LF
  !51 A line ends with LF alone, not with CR LF
< HTTP/1.1 200 OK [0 35 37] length 2 "ok"
  !15 A line ends with LF alone, not with CR LF
`,
  },
  {
    name: "empty lines before messages",
    steps: [
      client("\r\n\r\nGET /1 HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      client("\r\nGET /2 HTTP/1.1\r\n\r\n"),
      target("\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET /1 HTTP/1.1 [4 23 23] none
  !4 An empty line stands before the request
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
> GET /2 HTTP/1.1 [25 44 44] none
  !25 An empty line stands before the request
< HTTP/1.1 200 OK [42 80 82] length 2 "ok"
  !42 An empty line stands before the response
`,
  },
  {
    name: "a CR without LF, bytes above 0x7f, control bytes, folding",
    steps: [
      client("GET /\xe9 HTTP/1.1\r\nA: x\ry\r\nB: caf\xe9\r\n folded\r\nC: \x00\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET /é HTTP/1.1 [0 51 51] none
  !5 The byte 0xe9 in the request line is not ASCII
  !21 A CR without LF stands in the header "A"
  !31 The byte 0xe9 in the header "B" is not ASCII
  !34 The header "B" is folded over several lines, which is obsolete
  !46 The control byte 0x00 stands in the header "C"
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "header lines that are none",
    steps: [
      client("GET / HTTP/1.1\r\n lead: 1\r\nno colon\r\n: no name\r\nHost : a\r\nX Y: b\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 67 67] none
  !16 White space stands before the first header
  !26 A header line has no colon
  !36 A header line has no name
  !51 White space stands before the colon of a header
  !57 The header name "X Y" has characters that names may not have
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "request lines with a loose grammar",
    steps: [
      client(
        "GET  / HTTP/1.1\r\n\r\nGET /a b http/1.1 \r\n\r\nget HTTP/1.1\r\n\r\nGET foo HTTP/1.12\r\n\r\nGET * HTTP/3.0\r\n\r\n",
      ),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 19 19] none
  !3 The parts of the request line are not divided by one space each
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
http done
> GET /a b http/1.1 [19 41 41] none
  !25 White space stands in the request target
  !28 The version "http/1.1" is neither HTTP/1.1 nor HTTP/1.0
  !36 White space ends the request line
< HTTP/1.1 200 OK [40 78 80] length 2 "ok"
http done
> get  HTTP/1.1 [41 57 57] none
  !45 The request line has no target
< HTTP/1.1 200 OK [80 118 120] length 2 "ok"
http done
> GET foo HTTP/1.12 [57 78 78] none
  !61 The request target is neither a path nor a URL
  !65 The version "HTTP/1.12" is neither HTTP/1.1 nor HTTP/1.0
< HTTP/1.1 200 OK [120 158 160] length 2 "ok"
http done
> GET * HTTP/3.0 [78 96 96] none
  !82 The target "*" is for OPTIONS only
  !84 The version "HTTP/3.0" is neither HTTP/1.1 nor HTTP/1.0
< HTTP/1.1 200 OK [160 198 200] length 2 "ok"
`,
  },
  {
    name: "CONNECT to what is no authority",
    steps: [
      client("CONNECT / HTTP/1.1\r\n\r\n"),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT / HTTP/1.1 [0 22 22] none
  !8 The target of CONNECT is not a host and port
< HTTP/1.1 400 Bad Request [0 47 47] length 0
`,
  },
  {
    name: "status lines with a loose grammar",
    steps: [
      client(
        "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      ),
      target(
        "http/1.1 200\r\nContent-Length: 0\r\n\r\nHTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\nHTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 OK\r\nContent-Length: 0\r\n\r\nHTTP/2 200 \r\nContent-Length: 0\r\n\r\n",
      ),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 18 18] none
< http/1.1 200 [0 35 35] length 0
  !0 The version "http/1.1" is neither HTTP/1.1 nor HTTP/1.0
  !12 The space after the status code is missing
http done
> GET / HTTP/1.1 [18 36 36] none
< HTTP/1.1 200 OK [35 74 74] length 0
  !43 The parts of the status line are not divided by one space each
http done
> GET / HTTP/1.1 [36 54 54] none
< HTTP/1.1 999 Odd [74 113 113] length 0
  !83 The status code 999 is not one from 100 to 599
http done
> GET / HTTP/1.1 [54 72 72] none
< HTTP/1.1 20 OK [113 150 150] length 0
  !122 The status code 20 is not one from 100 to 599
http done
> GET / HTTP/1.1 [72 90 90] none
< HTTP/1.1 null [150 184 184] length 0
  !159 The status line has no status code
http done
> GET / HTTP/1.1 [90 108 108] none
< HTTP/2 200 [184 218 218] length 0
  !184 The version "HTTP/2" is neither HTTP/1.1 nor HTTP/1.0
`,
  },
  {
    name: "Content-Length given twice, the same",
    steps: [
      client("POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 57 59] length 2 "hi"
  !17 Content-Length is given more than once
< HTTP/1.1 200 OK [0 41 43] length 2 "ok"
  !17 Content-Length is given more than once
`,
  },
  {
    name: "Content-Length given twice, not the same",
    steps: [
      client("POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 57 59] length 2 "hi"
  !17 Content-Length is given as 2 and as 3; the first is taken
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "Content-Length that is no length",
    steps: [
      client("POST / HTTP/1.1\r\nContent-Length: +2\r\n\r\nhi"),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: two\r\n\r\nno"),
      ...bothEnd,
    ],
    exchanges: `
http done
> POST / HTTP/1.1 [0 39 41] until-close "hi"
  !17 Content-Length "+2" is not a length
< HTTP/1.1 400 Bad Request [0 49 51] until-close "no"
  !26 Content-Length "two" is not a length
`,
  },
  {
    name: "Content-Length beside Transfer-Encoding",
    steps: [
      client(
        "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
      ),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 66 78] chunked 1 chunks "hi"
  !17 Content-Length stands beside Transfer-Encoding, which decides
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "Transfer-Encoding that does not end with chunked",
    steps: [
      client("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\nrest"),
      target("HTTP/1.0 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nrest"),
      ...bothEnd,
    ],
    exchanges: `
http done
> POST / HTTP/1.1 [0 53 57] until-close "rest"
  !17 Transfer-Encoding has chunked elsewhere than once at its end
< HTTP/1.0 200 OK [0 44 48] until-close "rest"
  !17 HTTP/1.0 has no Transfer-Encoding
`,
  },
  {
    name: "Transfer-Encoding: identity",
    steps: [
      client("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi"),
      target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> POST / HTTP/1.1 [0 67 69] length 2 "hi"
  !17 Transfer-Encoding names no coding
< HTTP/1.1 200 OK [0 38 40] length 2 "ok"
`,
  },
  {
    name: "Transfer-Encoding in HTTP/1.0 and twice chunked",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.0 200 OK [0 56 61] chunked
  !17 HTTP/1.0 has no Transfer-Encoding
  !17 Transfer-Encoding has chunked elsewhere than once at its end
`,
  },
  {
    name: "white space after a chunk size",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0 \r\n\r\n"),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 62] chunked 1 chunks "ok"
  !50 White space stands after a chunk size
`,
  },
  {
    name: "a chunk size that is no number",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nxyz\r\nok"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 60] chunked cut 1 chunks "a"
  !53 A chunk size begins with the byte 0x78; what follows is not decoded
  !60 Where this body ends is not known; the target ended
`,
  },
  {
    name: "a chunk size with a sign",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n-2\r\nok"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 59] chunked cut 1 chunks "a"
  !53 A chunk size begins with the byte 0x2d; what follows is not decoded
  !59 Where this body ends is not known; the target ended
`,
  },
  {
    name: "a chunk size that cannot be counted",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nfffffffffffffffff\r\nok"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 74] chunked cut 1 chunks "a"
  !66 A chunk size is too large; what follows is not decoded
  !74 Where this body ends is not known; the target ended
`,
  },
  {
    name: "a chunk size followed by rubbish",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2 x\r\nok"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 60] chunked cut 1 chunks "a"
  !55 White space stands after a chunk size
  !55 The byte 0x78 stands after a chunk size; what follows is not decoded
  !60 Where this body ends is not known; the target ended
`,
  },
  {
    name: "a chunk longer than its size",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nokay\r\n0\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 67] chunked cut 2 chunks "aok"
  !58 The data of a chunk goes on after the 2 B that its size says; what follows is not decoded
  !67 Where this body ends is not known; the target ended
`,
  },
  {
    name: "a chunk size line with a CR alone",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\rok"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 57] chunked cut 1 chunks "a"
  !55 A CR without LF stands in the line of a chunk size; what follows is not decoded
  !57 Where this body ends is not known; the target ended
`,
  },
  {
    name: "chunk data with a CR alone",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nok\r3"),
      ...bothEnd,
    ],
    exchanges: `
http failed
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 200 OK [0 47 60] chunked cut 2 chunks "aok"
  !59 A CR without LF ends the data of a chunk; what follows is not decoded
  !60 Where this body ends is not known; the target ended
`,
  },
];

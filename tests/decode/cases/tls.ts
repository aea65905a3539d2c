// TLS that passes through: one Exchange for all of it, how its handshake ended, and where it begins.

import type { Case } from "../transcript.ts";
import { bothEnd, client, ends, target } from "../transcript.ts";
import {
  alert,
  CIPHER_CHANGE,
  clientHello,
  encrypted,
  extension,
  handshakeRecord,
  hello13,
  number,
  record,
  SERVER_12,
  SERVER_13,
  serverName,
  versions,
} from "../tls/records.ts";

const HELLO = hello13("shop.test");
/** One that announces early data. */
const HELLO_EARLY = handshakeRecord(
  1,
  clientHello({ extensions: [serverName("shop.test"), versions(0x0304), extension(42, "")] }),
  0x0301,
);
/** A ClientHello of TLS 1.2 without ALPN. */
const HELLO_12 = handshakeRecord(1, clientHello({ extensions: [serverName("shop.test")] }), 0x0301);
/** A MySQL client's request for TLS: 32 bytes, number 1, capabilities with CLIENT_SSL, and nothing. */
const MYSQL = "\x20\0\0\x01\x85\xae\xff\x19\0\0\0\x01\x21" + "\0".repeat(23);
const HELLO_2 = "\x80\x31\x01\x03\x01\0\x18\0\0\0\x10" + "\0\0\x05\x01\0\x80".repeat(4) + "c".repeat(16);

export const TLS: readonly Case[] = [
  {
    name: "TLS 1.3: a handshake, data both ways, and both take their leave",
    steps: [
      client(HELLO),
      target(SERVER_13 + CIPHER_CHANGE + encrypted(900)),
      client(CIPHER_CHANGE + encrypted(53) + encrypted(120)),
      target(encrypted(3000) + encrypted(19)),
      client(encrypted(19)),
      ...bothEnd,
    ],
    exchanges: `
tls done | shop.test | TLS 1.3, offers h2 and http/1.1, TLS_AES_128_GCM_SHA256
> raw [0 0 312] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 3995] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
`,
  },
  {
    name: "TLS 1.2: the protocol that was chosen can be seen",
    steps: [
      client(HELLO),
      target(SERVER_12 + handshakeRecord(14, "")),
      client(handshakeRecord(16, "k".repeat(33)) + CIPHER_CHANGE + encrypted(40, 22)),
      target(CIPHER_CHANGE + encrypted(40, 22)),
      ...bothEnd,
    ],
    exchanges: `
tls done | shop.test | TLS 1.2, http/1.1, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
> raw [0 0 192] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 124] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
`,
  },
  {
    name: "TLS 1.2: the client refuses the certificate with an alert",
    steps: [
      client(HELLO),
      target(SERVER_12 + handshakeRecord(14, "")),
      client(alert(2, 48)),
      ...bothEnd,
    ],
    exchanges: `
tls failed | shop.test | TLS 1.2
> raw [0 0 106] "\\u0016\\u0003\\u0001\\…\\u0000\\u0002\\u00020"
  !104 Alert unknown_ca from the client: the client does not trust the certificate; add its issuer to what the client trusts
< raw [0 0 73] "\\u0016\\u0003\\u0003\\…e\\u0000\\u0000\\u0000"
`,
  },
  {
    name: "TLS 1.3: the client refuses the certificate, encrypted",
    steps: [
      client(HELLO),
      target(SERVER_13 + encrypted(900)),
      client(CIPHER_CHANGE + encrypted(19)),
      ...bothEnd,
    ],
    exchanges: `
tls failed | shop.test | TLS 1.3
> raw [0 0 129] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
  !129 The client broke off the handshake with what has the length of an alert: perhaps it does not trust the certificate (TLS 1.3 encrypts the reason)
< raw [0 0 960] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
`,
  },
  {
    name: "TLS 1.3: the target misses a client certificate, encrypted",
    steps: [
      client(HELLO),
      target(SERVER_13 + encrypted(900)),
      client(encrypted(53) + encrypted(90)),
      target(encrypted(19)),
      ends("target"),
      ends("client"),
    ],
    exchanges: `
tls failed | shop.test | TLS 1.3
> raw [0 0 252] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 984] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
  !984 The target ended right after the handshake, with what has the length of an alert: perhaps it asks for a client certificate (TLS 1.3 encrypts the reason)
`,
  },
  {
    name: "TLS: a ClientHello that is malformed, which the target refuses",
    steps: [
      client(handshakeRecord(1, clientHello({ extensions: [serverName("shop.test").slice(0, -1)] }))),
      target(alert(2, 50)),
      ...bothEnd,
    ],
    exchanges: `
tls failed | null | ClientHello up to TLS 1.2
> raw [0 0 71] "\\u0016\\u0003\\u0003\\…000\\u0000\\tshop.tes"
  !58 The ClientHello is malformed: 14 B are needed and 13 are left
< raw [0 0 7] "\\u0015\\u0003\\u0003\\u0000\\u0002\\u00022"
  !5 Alert decode_error from the target: the target could not read a message
`,
  },
  {
    name: "TLS: the target refuses the version",
    steps: [client(HELLO), target(alert(2, 70)), ...bothEnd],
    exchanges: `
tls failed | shop.test | ClientHello up to TLS 1.3
> raw [0 0 99] "\\u0016\\u0003\\u0001\\…3\\u0004\\u0003\\u0003"
< raw [0 0 7] "\\u0015\\u0003\\u0003\\u0000\\u0002\\u0002F"
  !5 Alert protocol_version from the target: the target does not speak a version that the client offers
`,
  },
  {
    name: "TLS: the target ends without an answer",
    steps: [client(HELLO_12), ends("target"), ends("client")],
    exchanges: `
tls failed | shop.test | ClientHello up to TLS 1.2
> raw [0 0 72] "\\u0016\\u0003\\u0001\\…00\\u0000\\tshop.test"
  !72 The target ended without an answer
`,
  },
  {
    name: "TLS: the client ends in the middle of the handshake",
    steps: [client(HELLO_12), target(SERVER_12), ends("client"), ends("target")],
    exchanges: `
tls failed | shop.test | TLS 1.2
> raw [0 0 72] "\\u0016\\u0003\\u0001\\…00\\u0000\\tshop.test"
  !72 The client ended before the handshake was complete
< raw [0 0 64] "\\u0016\\u0003\\u0003\\…b\\u0000\\t\\bhttp/1.1"
`,
  },
  {
    name: "TLS 1.3: early data as long as an alert is none",
    steps: [
      client(HELLO_EARLY + CIPHER_CHANGE + encrypted(19)),
      target(SERVER_13 + CIPHER_CHANGE + encrypted(900)),
      client(encrypted(53)),
      target(encrypted(3000) + encrypted(19)),
      client(encrypted(19)),
      ...bothEnd,
    ],
    exchanges: `
tls done | shop.test | TLS 1.3, TLS_AES_128_GCM_SHA256
> raw [0 0 195] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 3995] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
`,
  },
  {
    name: "TLS: the target takes its leave and then resets, as some do",
    steps: [
      client(HELLO),
      target(SERVER_13 + CIPHER_CHANGE + encrypted(900)),
      client(CIPHER_CHANGE + encrypted(53) + encrypted(120)),
      target(encrypted(3000) + encrypted(19)),
      ends("target", "reset"),
      ends("client", "stopped"),
    ],
    exchanges: `
tls done | shop.test | TLS 1.3, offers h2 and http/1.1, TLS_AES_128_GCM_SHA256
> raw [0 0 288] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 3995] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
`,
  },
  {
    name: "TLS: the target resets without taking its leave",
    steps: [
      client(HELLO),
      target(SERVER_13 + CIPHER_CHANGE + encrypted(900)),
      client(CIPHER_CHANGE + encrypted(53) + encrypted(120)),
      target(encrypted(3000)),
      ends("target", "reset"),
      ends("client", "stopped"),
    ],
    exchanges: `
tls failed | shop.test | TLS 1.3
> raw [0 0 288] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 3971] cut "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
  !3971 The target reset the connection
`,
  },
  {
    name: "TLS: the target breaks off in the middle of a record",
    steps: [
      client(HELLO),
      target(SERVER_13 + encrypted(900)),
      client(encrypted(53)),
      target(encrypted(2000).slice(0, 505)),
      ends("target", "reset"),
      ends("client", "stopped"),
    ],
    exchanges: `
tls failed | shop.test | TLS 1.3
> raw [0 0 157] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [0 0 1465] cut "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
  !960 The last record is 2,000 B long and ends after 500 B
`,
  },
  {
    name: "TLS: the target answers with what is no TLS",
    steps: [client(HELLO_12), target("220 mail.test ESMTP\r\n"), ...bothEnd],
    exchanges: `
tls failed | shop.test | ClientHello up to TLS 1.2
> raw [0 0 72] "\\u0016\\u0003\\u0001\\…00\\u0000\\tshop.test"
< raw [0 0 21] "220 mail.test ESMTP\\r\\n"
  !0 The target answers with what is no TLS: “220 m…”. It does not speak TLS here
`,
  },
  {
    name: "TLS to a target that speaks plain HTTP",
    steps: [
      client(HELLO_12),
      target("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> raw [0 0 72] "\\u0016\\u0003\\u0001\\…00\\u0000\\tshop.test"
  !0 The client begins TLS, and the target answers in plain HTTP: ask with http://, or have tcpmon end TLS (--listen-tls)
< HTTP/1.1 400 Bad Request [0 66 66] length 0
`,
  },
  {
    name: "plain text to a target that speaks TLS",
    steps: [client("hello\r\n"), target(alert(2, 10)), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 7] "hello\\r\\n"
< raw [0 0 7] "\\u0015\\u0003\\u0003\\u0000\\u0002\\u0002\\n"
  !0 The target speaks TLS here, which the client does not, and answers with alert unexpected_message. Give the target as https://HOST:PORT or tls://HOST:PORT
`,
  },
  {
    name: "TLS in a tunnel",
    steps: [
      client("CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n"),
      target("HTTP/1.1 200 OK\r\n\r\n"),
      client(HELLO),
      target(SERVER_13 + encrypted(900)),
      client(encrypted(53)),
      ...bothEnd,
    ],
    exchanges: `
http done
> CONNECT shop.test:443 HTTP/1.1 [0 55 55] none
< HTTP/1.1 200 OK [0 19 19] none
tls done shop.test:443 | shop.test | TLS 1.3, offers h2 and http/1.1, TLS_AES_128_GCM_SHA256
> raw [55 55 212] "\\u0016\\u0003\\u0001\\…îîîîîîîîîîîîîîîîîîî"
< raw [19 19 979] "\\u0016\\u0003\\u0003\\…îîîîîîîîîîîîîîîîîîî"
`,
  },
  {
    name: "TLS after STARTTLS",
    steps: [
      target("220 mail.test\r\n"),
      client("STARTTLS\r\n"),
      target("220 go\r\n"),
      client(HELLO_12),
      target(alert(2, 112)),
      ...bothEnd,
    ],
    exchanges: `
tcp done
< raw [0 0 15] "220 mail.test\\r\\n"
tcp done
> raw [0 0 10] "STARTTLS\\r\\n"
< raw [15 15 23] "220 go\\r\\n"
tls failed | shop.test | ClientHello up to TLS 1.2
> raw [10 10 82] "\\u0016\\u0003\\u0001\\…00\\u0000\\tshop.test"
< raw [23 23 30] "\\u0015\\u0003\\u0003\\u0000\\u0002\\u0002p"
  !28 Alert unrecognized_name from the target: the target has no site of this name; see server_name in the ClientHello
`,
  },
  {
    name: "TLS after MySQL's request for it, which is not answered",
    steps: [
      target("\x4a\0\0\0\x0a8.0.30\0"),
      client(MYSQL + HELLO_12),
      target(alert(2, 40)),
      ...bothEnd,
    ],
    exchanges: `
tcp done
< raw [0 0 12] "J\\u0000\\u0000\\u0000\\n8.0.30\\u0000"
tcp done
> raw [0 0 36] " \\u0000\\u0000\\u0001…0\\u0000\\u0000\\u0000"
tls failed | shop.test | ClientHello up to TLS 1.2
> raw [36 36 108] "\\u0016\\u0003\\u0001\\…00\\u0000\\tshop.test"
< raw [12 12 19] "\\u0015\\u0003\\u0003\\u0000\\u0002\\u0002("
  !17 Alert handshake_failure from the target: there is nothing that both can do: no common cipher suite, group or signature, or a client certificate is missing
`,
  },
  {
    name: "a ClientHello of SSL 2.0",
    steps: [client(HELLO_2), target(alert(2, 70)), ...bothEnd],
    exchanges: `
tls failed | null | ClientHello up to TLS 1.0
> raw [0 0 51] "\x801\\u0001\\u0003\\u000…00\x80cccccccccccccccc"
< raw [0 0 7] "\\u0015\\u0003\\u0003\\u0000\\u0002\\u0002F"
  !5 Alert protocol_version from the target: the target does not speak a version that the client offers
`,
  },
  {
    name: "what begins like TLS and is none",
    steps: [client("\x16\x03\x01\0\x05hello there, this is no handshake"), target("ok"), ...bothEnd],
    exchanges: `
tcp done
> raw [0 0 38] "\\u0016\\u0003\\u0001\\…his is no handshake"
< raw [0 0 2] "ok"
`,
  },
  {
    name: "TLS: a heartbeat that asks for more than it sends",
    steps: [
      client(HELLO_12),
      target(SERVER_12),
      client(record(24, "\x01" + number(16384, 2) + "abc")),
      target(alert(2, 10)),
      ...bothEnd,
    ],
    exchanges: `
tls failed | shop.test | TLS 1.2
> raw [0 0 83] "\\u0016\\u0003\\u0001\\…006\\u0001@\\u0000abc"
  !77 A heartbeat request claims 16,384 B and has 3 B: this is what Heartbleed does
< raw [0 0 71] "\\u0016\\u0003\\u0003\\…u0000\\u0002\\u0002\\n"
  !69 Alert unexpected_message from the target: the client sent what does not belong here; perhaps it speaks no TLS
`,
  },
  {
    name: "a plain request to a target that wants HTTPS, which says so on a page",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target(
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 45\r\n\r\nThe plain HTTP request was sent to HTTPS port",
      ),
      ...bothEnd,
    ],
    goesOn: true,
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.1 400 Bad Request [0 48 93] length 45 "The plain HTTP request was sent to HTTPS port"
  !93 The target wants HTTPS on that port: give it as https://HOST:PORT, or ask a proxy for https://
`,
  },
  {
    name: "… also where the end of the connection is that of the page",
    steps: [
      client("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      target("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"),
      ...bothEnd,
    ],
    exchanges: `
http done
> GET / HTTP/1.1 [0 27 27] none
< HTTP/1.0 400 Bad Request [0 28 76] until-close "Client sent an HTTP request to an HTTPS server.\\n"
  !76 The target wants HTTPS on that port: give it as https://HOST:PORT, or ask a proxy for https://
`,
  },
];

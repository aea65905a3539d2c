// Addresses: what is read, what is refused, and that every refusal says what to write.

import assert from "node:assert/strict";
import {
  formatAddress,
  formatProxy,
  isLoopback,
  parseListen,
  parsePageAddress,
  parseProxy,
  parseTarget,
} from "../src/address.ts";

const LISTENS: readonly [text: string, host: string, port: number][] = [
  ["8081", "127.0.0.1", 8081],
  ["0", "127.0.0.1", 0],
  ["65535", "127.0.0.1", 65535],
  [" 8081 ", "127.0.0.1", 8081],
  ["localhost:8081", "localhost", 8081],
  ["0.0.0.0:8081", "0.0.0.0", 8081],
  ["[::1]:8081", "::1", 8081],
  ["[::]:0", "::", 0],
  ["[fe80::1%eth0]:8081", "fe80::1%eth0", 8081],
];

const TARGETS: readonly [text: string, host: string, port: number][] = [
  ["localhost:80", "localhost", 80],
  ["shop.example.org:65535", "shop.example.org", 65535],
  ["shop.example.org.:443", "shop.example.org.", 443],
  ["order_db:5432", "order_db", 5432],
  ["bücher.example:80", "bücher.example", 80],
  ["10.0.0.7:1", "10.0.0.7", 1],
  ["[2001:db8::7]:80", "2001:db8::7", 80],
  ["[::ffff:10.0.0.7]:80", "::ffff:10.0.0.7", 80],
];

Deno.test("parseListen reads [HOST:]PORT", () => {
  for (const [text, host, port] of LISTENS) assert.deepEqual(parseListen(text), { host, port }, text);
});

Deno.test("parseTarget reads HOST:PORT", () => {
  for (const [text, host, port] of TARGETS) assert.deepEqual(parseTarget(text), { host, port }, text);
});

Deno.test("formatAddress writes what the parse functions read", () => {
  assert.equal(formatAddress({ host: "::1", port: 8081 }), "[::1]:8081");
  for (const [text, host, port] of TARGETS) assert.equal(formatAddress({ host, port }), text);
});

const REFUSED: readonly [read: typeof parseListen, text: string, message: string][] = [
  [parseListen, "", 'Cannot listen on "": it is empty. Write [HOST:]PORT, such as 8081.'],
  [
    parseListen,
    "65536",
    'Cannot listen on "65536": "65536" is not a port. Write a number from 0 to 65535 (0 takes any free port).',
  ],
  [
    parseListen,
    "80a",
    'Cannot listen on "80a": "80a" is not a port. Write a number from 0 to 65535 (0 takes any free port).',
  ],
  [parseListen, "10.0.0.1", 'Cannot listen on "10.0.0.1": the port is missing. Write 10.0.0.1:8081.'],
  [parseTarget, "80a", 'Cannot forward to "80a": the port is missing. Write 80a:80.'],
  [parseListen, "localhost", 'Cannot listen on "localhost": the port is missing. Write localhost:8081.'],
  [parseListen, "localhost:", 'Cannot listen on "localhost:": the port is missing. Write localhost:8081.'],
  [parseListen, ":8081", 'Cannot listen on ":8081": the host is missing. Write 127.0.0.1:8081.'],
  [
    parseListen,
    "*:8081",
    'Cannot listen on "*:8081": "*" is not an address. Write 0.0.0.0:8081 for every address of this machine.',
  ],
  [
    parseListen,
    "::1",
    'Cannot listen on "::1": an IPv6 address stands in brackets, and its port after them. Write [::1]:8081.',
  ],
  [parseListen, "[::1]", 'Cannot listen on "[::1]": the port is missing. Write [::1]:8081.'],
  [
    parseListen,
    "[::g]:1",
    'Cannot listen on "[::g]:1": "::g" is not an IPv6 address. Write [HOST:]PORT, such as 8081.',
  ],
  [
    parseListen,
    "1.2.3.256:1",
    'Cannot listen on "1.2.3.256:1": "1.2.3.256" is not an IPv4 address. Write four numbers up to 255, as 127.0.0.1:1.',
  ],
  [parseTarget, "80", 'Cannot forward to "80": the host is missing. Write localhost:80.'],
  [parseTarget, "db", 'Cannot forward to "db": the port is missing. Write db:80.'],
  [
    parseTarget,
    "db:0",
    'Cannot forward to "db:0": "0" is not a port. Write a number from 1 to 65535.',
  ],
  [
    parseTarget,
    "db:5e3",
    'Cannot forward to "db:5e3": "5e3" is not a port. Write a number from 1 to 65535.',
  ],
  [
    parseTarget,
    "http://localhost:8000/x?y",
    'Cannot forward to "http://localhost:8000/x?y": HOST:PORT has no "http://". Write localhost:8000.',
  ],
  [
    parseTarget,
    "https://shop.example.org",
    'Cannot forward to "https://shop.example.org": HOST:PORT has no "https://". Write shop.example.org:443.',
  ],
  [
    parseTarget,
    "http://[::1]",
    'Cannot forward to "http://[::1]": HOST:PORT has no "http://". Write [::1]:80.',
  ],
  [
    parseTarget,
    "http://",
    'Cannot forward to "http://": HOST:PORT has no "http://". Write HOST:PORT, such as localhost:80.',
  ],
  [
    parseTarget,
    "localhost:80/x",
    'Cannot forward to "localhost:80/x": it is not an address. Write HOST:PORT, such as localhost:80.',
  ],
  [
    parseTarget,
    "-a-:80",
    'Cannot forward to "-a-:80": "-a-" is not a host name. Write a name or an address before the port, as localhost:80.',
  ],
  [
    parseTarget,
    "2001:db8::7",
    'Cannot forward to "2001:db8::7": an IPv6 address stands in brackets, and its port after them. ' +
    "Write [2001:db8::7]:80.",
  ],
  [
    parsePageAddress,
    "0.0.0.0:4040",
    'Cannot show the page on "0.0.0.0:4040": it shows everything that is recorded, so only this machine may reach it. ' +
    "Write 127.0.0.1:4040.",
  ],
];

Deno.test("parseListen, parseTarget and parsePageAddress refuse what is no address and say what to write", () => {
  for (const [read, text, message] of REFUSED) {
    assert.throws(() => read(text), { name: "SyntaxError", message }, text);
  }
});

Deno.test("parseTarget keeps a long wrong text out of its error", () => {
  assert.throws(() => parseTarget("x".repeat(5000)), (error: Error) => error.message.length < 250);
});

Deno.test("isLoopback knows localhost and loopback literals, and nothing else", () => {
  for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (
    const host of ["127.0.0.1.example.org", "127.1", "0.0.0.0", "::", "localhost.example.org", "10.0.0.1"]
  ) {
    assert.equal(isLoopback(host), false, host);
  }
});

Deno.test("parsePageAddress takes every loopback address", () => {
  for (const text of ["127.0.0.1:4040", "localhost:0", "[::1]:4040", "127.0.0.2:1"]) {
    assert.equal(formatAddress(parsePageAddress(text)), text);
  }
});

Deno.test("parseProxy reads an HTTP proxy with and without credentials, and formatProxy leaves the password out", () => {
  const table: [
    text: string,
    host: string,
    port: number,
    user: string | null,
    password: string,
    shown: string,
  ][] = [
    ["proxy.example.org:3128", "proxy.example.org", 3128, null, "", "http://proxy.example.org:3128"],
    ["http://proxy.example.org:3128/", "proxy.example.org", 3128, null, "", "http://proxy.example.org:3128"],
    [" HTTP://[2001:db8::7]:8080", "2001:db8::7", 8080, null, "", "http://[2001:db8::7]:8080"],
    ["http://ann:secret@10.0.0.1:80", "10.0.0.1", 80, "ann", "secret", "http://ann@10.0.0.1:80"],
    ["ann:secret@10.0.0.1:80", "10.0.0.1", 80, "ann", "secret", "http://ann@10.0.0.1:80"],
    ["http://ann@10.0.0.1:80", "10.0.0.1", 80, "ann", "", "http://ann@10.0.0.1:80"],
    ["http://a%40b:p%3A%C3%A9:@@10.0.0.1:80", "10.0.0.1", 80, "a@b", "p:é:@", "http://a%40b@10.0.0.1:80"],
  ];
  for (const [text, host, port, user, password, shown] of table) {
    const proxy = parseProxy(text);
    const credentials = user === null ? null : { user, password };
    assert.deepEqual(proxy, { address: { host, port }, credentials }, text);
    assert.equal(formatProxy(proxy), shown);
  }
});

Deno.test("parseProxy refuses what is no HTTP proxy, says what to write, and never repeats the password", () => {
  const table: [text: string, message: string][] = [
    ["", 'Cannot go through "": it is empty. Write HOST:PORT, such as proxy.example.org:3128.'],
    [
      "http://ann:secret@proxy",
      'Cannot go through "http://…@proxy": the port is missing. Write proxy:3128.',
    ],
    [
      "https://ann:secret@proxy:3128",
      'Cannot go through "https://…@proxy:3128": only HTTP proxies, spoken to without TLS, are understood, and this ' +
      'is "https://". Give a proxy as http://HOST:PORT.',
    ],
    [
      "socks5h://proxy:1080",
      'Cannot go through "socks5h://proxy:1080": only HTTP proxies, spoken to without TLS, are understood, and this ' +
      'is "socks5h://". Give a proxy as http://HOST:PORT.',
    ],
    [
      "http://ann:100%@proxy:3128",
      'Cannot go through "http://…@proxy:3128": a "%" in the user or the password stands for no character. ' +
      'Write "%" itself as %25.',
    ],
    [
      "http://ann:secret@proxy:99999",
      'Cannot go through "http://…@proxy:99999": "99999" is not a port. Write a number from 1 to 65535.',
    ],
  ];
  for (const [text, message] of table) {
    assert.throws(() => parseProxy(text), { name: "SyntaxError", message });
  }
});

import assert from "node:assert/strict";
import { type Body, redactBody, redactMessage, whole } from "./redacting.ts";

/** rules; Content-Type (null: a turn); body; what becomes of it; what is listed. */
type Case = [rules: string, type: string | null, body: string, redacted: string, list: string[]];

const JSON_TYPE = "application/json";
const XML_TYPE = "text/xml; charset=utf-8";
const FORM_TYPE = "application/x-www-form-urlencoded";

const CASES: readonly Case[] = [
  // JSON: the value alone changes, in a value of its kind; names in any writing, at any depth, given twice.
  [
    "json:password",
    JSON_TYPE,
    '{ "a":1, "password" : "x1", "b":[{"Pass_Word":12.5e3}]}',
    '{ "a":1, "password" : "REDACTED", "b":[{"Pass_Word":0}]}',
    ["JSON password 1", "JSON Pass_Word 1"],
  ],
  [
    "json:password",
    JSON_TYPE,
    '{"password":"a","password":true,"password":null,"password":""}',
    '{"password":"REDACTED","password":false,"password":null,"password":""}',
    ["JSON password 2"],
  ],
  [
    "xml:password,query:password",
    "text/html",
    "<p password=hunter22 id=1><input value=hunter22 name=password type=text><a href=x>y</a></p>",
    "<p password=REDACTED id=1><input value=REDACTED name=password type=text><a href=x>y</a></p>",
    ["XML password 2"],
  ],
  [
    "json:card",
    JSON_TYPE,
    '{"card":{"no":[1,"}"],"x":{}},"card":[[1],"]"],"z":1}',
    '{"card":{"REDACTED":"REDACTED"},"card":["REDACTED"],"z":1}',
    ["JSON card 2"],
  ],
  [
    "json:password",
    JSON_TYPE,
    '{"pass\\u0077ord":"a\\"b\\\\","k":"\\""}',
    '{"pass\\u0077ord":"REDACTED","k":"\\""}',
    ["JSON password 1"],
  ],
  [
    "json:user.password",
    JSON_TYPE,
    '{"password":"keep","user":{"password":"go"},"list":[{"user":[{"password":"go"}]}]}',
    '{"password":"keep","user":{"password":"REDACTED"},"list":[{"user":[{"password":"REDACTED"}]}]}',
    ["JSON password 2"],
  ],
  [
    "json:$.user.password",
    JSON_TYPE,
    '{"user":{"password":"go"},"a":{"user":{"password":"keep"}}}',
    '{"user":{"password":"REDACTED"},"a":{"user":{"password":"keep"}}}',
    ["JSON password 1"],
  ],
  [
    "json:users[0].pin",
    JSON_TYPE,
    '{"users":[{"pin":1234}],"pin":1234}',
    '{"users":[{"pin":0}],"pin":1234}',
    ["JSON pin 1"],
  ],
  [
    "json:*token",
    JSON_TYPE,
    '{"access_token":"a","max_tokens":5,"tokenizer":"b"}',
    '{"access_token":"REDACTED","max_tokens":5,"tokenizer":"b"}',
    ["JSON access_token 1"],
  ],
  [
    "json:größe",
    JSON_TYPE,
    '{"größe":"x","Gr\\u00f6ße":"y"}',
    '{"größe":"REDACTED","Gr\\u00f6ße":"REDACTED"}',
    ["JSON größe 1", "JSON Größe 1"],
  ],
  ["omit:json:a", JSON_TYPE, '{"a":{"b":[1]}, "c":1 , "a":2,"d":[{"a":1}]}', '{"c":1 ,"d":[{}]}', [
    "-JSON a 3",
  ]],
  ["omit:json:a", JSON_TYPE, '{"c":1,\n "a":"x",\n "b":2}', '{"c":1,\n "b":2}', ["-JSON a 1"]],
  ["json:a", "application/x-ndjson", '{"a":"x"}\n{"a":"y"}\n', '{"a":"REDACTED"}\n{"a":"REDACTED"}\n', [
    "JSON a 2",
  ]],
  ["json:a", JSON_TYPE, ')]}\',\n{"a":"x"}', ')]}\',\n{"a":"REDACTED"}', ["JSON a 1"]],
  ["json:a", JSON_TYPE, '\ufeff{"a":"x"}', '\ufeff{"a":"REDACTED"}', ["JSON a 1"]],
  // JSON in a string of JSON, and JSON within other text.
  [
    "json:password",
    JSON_TYPE,
    '{"s":"{\\"password\\":\\"h\\\\\\"x\\",\\"k\\":1}"}',
    '{"s":"{\\"password\\":\\"REDACTED\\",\\"k\\":1}"}',
    ["JSON password 1"],
  ],
  [
    "json:token",
    "text/event-stream",
    'data: {"token":"x","k":1}\n\ndata: {"token":{"a":"b"},"k":[2]}\n\n',
    'data: {"token":"REDACTED","k":1}\n\ndata: {"token":"REDACTED","k":[2]}\n\n',
    ["JSON token 2"],
  ],
  [
    "json:password",
    "text/html",
    "<script>var x = {'password': 'x', \"k\": 'password'};</script>",
    "<script>var x = {'password': 'REDACTED', \"k\": 'password'};</script>",
    ["JSON password 1"],
  ],
  [
    "json:password",
    "text/javascript",
    "f({a:1, password : \"x\\\"y\", b:'z'}, {password:''})",
    "f({a:1, password : \"REDACTED\", b:'z'}, {password:''})",
    ["JSON password 1"],
  ],
  ["any:password", "application/yaml", "a: 1\n  password: x\n", "a: 1\n  password: REDACTED\n", [
    "header password 1",
  ]],
  // Malformed: nothing after the fault stays.
  ["json:password", JSON_TYPE, '{"password":,"x":"y"}', '{"password":REDACTED', [
    "doubt JSON from its first fault on 1",
  ]],
  ["json:password", JSON_TYPE, '{"password ":"x"}', '{"password ":"REDACTED"}', ["JSON password  1"]],
  [
    "json:password",
    "multipart/form-data; boundary=b",
    '--c\r\nContent-Disposition: form-data; name="x"\r\n\r\n{"password":"x"}\r\n--c--\r\n',
    "REDACTED",
    ["doubt what stands outside the parts of a multipart body 1"],
  ],
  ["json:password", JSON_TYPE, '{"a":1 oops "password":"x"}', '{"a":1 REDACTED', [
    "doubt JSON from its first fault on 1",
  ]],
  ["json:password", JSON_TYPE, "{'password':'x'}", "{REDACTED", ["doubt JSON from its first fault on 1"]],
  [
    "json:password",
    JSON_TYPE,
    '{"password":{"a":1]}, "x":"y"}',
    '{"password":{"REDACTED":"REDACTED"}REDACTED',
    ["JSON password 1", "doubt JSON from its first fault on 1"],
  ],
  // Cut off: what came is masked.
  ["json:password", JSON_TYPE, '{"k":1,"password":"hun', '{"k":1,"password":"REDACTED', ["JSON password 1"]],
  ["json:password", JSON_TYPE, '{"k":1,"password":{"a":"hun', '{"k":1,"password":{"REDACTED":"REDACTED"}', [
    "JSON password 1",
  ]],
  ["json:password", JSON_TYPE, '{"k":1,"passw', '{"k":1,"passw', []],

  // XML: by local name, elements and attributes, whatever they hold.
  [
    "xml:Password",
    XML_TYPE,
    "<s:E xmlns:s='u'><w:Password Type='http://docs.oasis-open.org/x#PasswordText'>a&lt;b</w:Password><c Password=\"x\" d='2'/></s:E>",
    "<s:E xmlns:s='u'><w:Password Type='http://docs.oasis-open.org/x#PasswordText'>REDACTED</w:Password><c Password=\"REDACTED\" d='2'/></s:E>",
    ["XML w:Password 1", "XML Password 1"],
  ],
  [
    "xml:wsse:Password",
    XML_TYPE,
    "<a><password><![CDATA[<x>]]></password><Password/><Password></Password></a>",
    "<a><password>REDACTED</password><Password/><Password></Password></a>",
    ["XML password 1"],
  ],
  [
    "xml:card",
    XML_TYPE,
    '<a><card no="4" xsi:type="c"><no y="1">4</no><!-- 5 --></card><card no="4"/>x</a>',
    '<a><card no="REDACTED" xsi:type="c">REDACTED</card><card no="REDACTED"/>x</a>',
    ["XML card 3"],
  ],
  ["omit:xml:pin", XML_TYPE, '<a><pin x="1">1<b/></pin><c pin="2" d="3"/><pin/></a>', '<a><c d="3"/></a>', [
    "-XML pin 3",
  ]],
  [
    "xml:password",
    XML_TYPE,
    '<a><p name="password" value="x" q="y"/><p key="db.Password">z</p></a>',
    '<a><p name="password" value="REDACTED" q="y"/><p key="db.Password">z</p></a>',
    ["XML password 1"],
  ],
  [
    "xml:password",
    XML_TYPE,
    "<a><![CDATA[<w:Password>x</w:Password>]]><!-- <b/><password>y</password> --></a>",
    "<a><![CDATA[<w:Password>REDACTED</w:Password>]]><!-- <b/><password>REDACTED</password> --></a>",
    ["XML w:Password 1", "XML password 1"],
  ],
  [
    "xml:password",
    XML_TYPE,
    "<a><!-- <password>x --><b>1</b><?p <password>?></a>",
    "<a><!-- <password>x --><b>1</b><?p <password>?></a>",
    [],
  ],
  [
    "xml:password",
    XML_TYPE,
    '<!DOCTYPE a [<!ENTITY p "x1">]><a><password>&p;</password></a>',
    '<!DOCTYPE a [<!ENTITY p "REDACTED">]><a><password>REDACTED</password></a>',
    ["doubt what a document type declares 1", "XML password 1"],
  ],
  [
    "xml:password",
    XML_TYPE,
    "<a><b>&lt;password&gt;x&lt;/password&gt;</b></a>",
    "<a><b>&lt;password&gt;REDACTED&lt;/password&gt;</b></a>",
    ["XML password 1"],
  ],
  ...([
    ['<password hint="1 &lt; 2">geheim</password>', '<password hint="1 &lt; 2">REDACTED</password>'],
    ['<password hint="1 < 2">geheim</password>', '<password hint="1 < 2">REDACTED</password>'],
    ['<password hint="x <- y">geheim</password>', '<password hint="x <- y">REDACTED</password>'],
    ['<password hint="x <.5">geheim</password>', '<password hint="x <.5">REDACTED</password>'],
    [
      '&lt;password hint="1 &lt; 2"&gt;geheim&lt;/password&gt;',
      '&lt;password hint="1 &lt; 2"&gt;REDACTED&lt;/password&gt;',
    ],
    [
      '\\u003cpassword hint=\\"1 \\u003c 2\\"\\u003egeheim\\u003c/password\\u003e',
      '\\u003cpassword hint=\\"1 \\u003c 2\\"\\u003eREDACTED\\u003c/password\\u003e',
    ],
    ['<x password="a &lt; geheim" c="it\'s">', '<x password="REDACTED" c="it\'s">'],
    ['<x password="it\'s geheim">', '<x password="REDACTED">'],
    ["&lt;x password=&quot;a &amp;lt; geheim&quot;&gt;", "&lt;x password=&quot;REDACTED&quot;&gt;"],
    ['<a href="/?x=1&password=geheim">', '<a href="/?x=1&password=REDACTED">'],
  ] as const).map((
    [text, masked],
  ): Case => ["xml:password", "text/plain", `log: ${text}`, `log: ${masked}`, ["XML password 1"]]),
  ["xml:password", XML_TYPE, "<a><password>h<b>x</password>more</a>", "<a><password>REDACTED", [
    "doubt XML from its first fault on 1",
    "XML password 1",
  ]],
  ["xml:password", XML_TYPE, "<a><b>1</b><c <password>x</password></a>", "<a><b>1</b>REDACTED", [
    "doubt XML from its first fault on 1",
  ]],
  ["xml:password", XML_TYPE, "<a><password>hun", "<a><password>REDACTED", ["XML password 1"]],
  ["xml:password", XML_TYPE, "<a><password x", "<a>REDACTED", ["doubt XML from its first fault on 1"]],

  // Forms, addresses in text, and what they hold.
  [
    "query:token",
    FORM_TYPE,
    "a=1&to%6Ben=x%20y&TOKEN=z&b=2&user[token]=q&c",
    "a=1&to%6Ben=REDACTED&TOKEN=REDACTED&b=2&user[token]=REDACTED&c",
    ["query or form field token 1", "query or form field TOKEN 1", "query or form field user[token] 1"],
  ],
  ["omit:query:token", FORM_TYPE, "token=1&b=2&token=3&c=4", "b=2&c=4", ["-query or form field token 2"]],
  [
    "query:token",
    FORM_TYPE,
    "next=https%3A%2F%2Fh%2F%3Ftoken%3Dx%26k%3D1&k=2",
    "next=https%3A%2F%2Fh%2F%3Ftoken%3DREDACTED%26k%3D1&k=2",
    ["query or form field token 1"],
  ],
  ["json:pin", FORM_TYPE, "payload=%7B%22pin%22%3A1234%7D&k=2", "payload=%7B%22pin%22%3A0%7D&k=2", [
    "JSON pin 1",
  ]],
  [
    "query:token",
    "text/html",
    '<a href="/x?a=1&amp;token=x&amp;b=2">token=y</a>',
    '<a href="/x?a=1&amp;token=REDACTED&amp;b=2">token=REDACTED</a>',
    ["query or form field token 2"],
  ],
  [
    "query:token",
    JSON_TYPE,
    '{"next":"https:\\/\\/h\\/?a=1\\u0026token=x","t":"token=y z"}',
    '{"next":"https:\\/\\/h\\/?a=1\\u0026token=REDACTED","t":"token=REDACTED z"}',
    ["query or form field token 2"],
  ],
  [
    "header:authorization",
    "text/plain",
    "see https://bob:x@h/ and\r\nAuthorization: Bearer x\r\n",
    "see https://REDACTED@h/ and\r\nAuthorization: Bearer REDACTED\r\n",
    ["header Authorization 1", "address user and password 1"],
  ],

  // Multipart: a field by its name, a part by its own type.
  [
    "any:pin",
    "multipart/form-data; boundary=xx",
    '--xx\r\nContent-Disposition: form-data; name="pin"\r\n\r\n1234\r\n\r\n--xx\r\nContent-Disposition: form-data; name="j"\r\nContent-Type: application/json\r\n\r\n{"pin":"1"}\r\n--xx\r\nContent-Disposition: form-data; name="k"\r\n\r\npin\r\n--xx--\r\n',
    '--xx\r\nContent-Disposition: form-data; name="pin"\r\n\r\nREDACTED\r\n--xx\r\nContent-Disposition: form-data; name="j"\r\nContent-Type: application/json\r\n\r\n{"pin":"REDACTED"}\r\n--xx\r\nContent-Disposition: form-data; name="k"\r\n\r\npin\r\n--xx--\r\n',
    ["query or form field pin 1", "JSON pin 1"],
  ],
  [
    "header:authorization",
    "multipart/mixed; boundary=xx",
    "--xx\r\nContent-Type: application/http\r\n\r\nGET / HTTP/1.1\r\nAuthorization: Basic eDp5\r\n\r\n\r\n--xx--",
    "--xx\r\nContent-Type: application/http\r\n\r\nGET / HTTP/1.1\r\nAuthorization: Basic REDACTED\r\n\r\n\r\n--xx--",
    ["header Authorization 1"],
  ],
  [
    "query:pin",
    "multipart/form-data; boundary=xx",
    '--xx\r\nContent-Disposition: form-data; name="k"\r\nContent-Transfer-Encoding: base64\r\n\r\ncGluPTE=\r\n--xx--',
    '--xx\r\nContent-Disposition: form-data; name="k"\r\nContent-Transfer-Encoding: base64\r\n\r\nREDACTED\r\n--xx--',
    ["doubt a part of a multipart body that cannot be read 1"],
  ],
  [
    "query:pin",
    "multipart/form-data; boundary=xx",
    '--xx\r\nContent-Disposition: form-data; name="pin"\r\n\r\n12',
    '--xx\r\nContent-Disposition: form-data; name="pin"\r\n\r\nREDACTED',
    ["query or form field pin 1"],
  ],

  // Turns: text rules keep the length; what looks like JSON is read as that.
  ["text:/[0-9]{4} ?[0-9]{4}/", null, "PAY 1234 5678 now\n", "PAY ********* now\n", ["text text rule 1 1"]],
  ["text:/pass \\S+/i", null, "USER bob\r\nPASS x1\r\n", "USER bob\r\n*******\r\n", ["text text rule 1 1"]],
  ["json:password", null, '{"password":"x"}\n', '{"password":"REDACTED"}\n', ["JSON password 1"]],
];

Deno.test("a body is masked by its kind, and nothing else of it changes", () => {
  for (const [rule, type, text, redacted, list] of CASES) {
    const outcome = redactBody({ rules: [rule], contentType: type, isTurn: type === null, text });
    assert.equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(outcome.bytes), redacted);
    assert.deepEqual(outcome.list.sort(), [...list].sort(), redacted);
  }
});

Deno.test("a body comes out the same however it is cut", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);
  let state = seed;
  const random = (below: number) => (state = (state * 1103515245 + 12345) % 2 ** 31) % below;
  for (const [rule, type, text, redacted] of CASES) {
    // Long enough to go through several blocks, and cut there, too.
    const filler = type === JSON_TYPE || type === XML_TYPE ? " ".repeat(262_144 - 20 + random(40)) : "";
    const body: Body = { rules: [rule], contentType: type, isTurn: type === null, text: filler + text };
    const bytes = new TextEncoder().encode(filler + text);
    const cuts = Array.from({ length: 12 }, () => random(bytes.length + 1)).sort((a, b) => a - b);
    const once = redactBody(body);
    assert.deepEqual(redactBody(body, cuts), once, `seed ${seed}: ${redacted}`);
    if (filler !== "" && !text.startsWith("\ufeff") && !text.startsWith(")")) {
      const text = new TextDecoder().decode(once.bytes);
      assert.equal(text.trimStart(), redacted, `seed ${seed}`);
      assert.ok(text.startsWith(filler), `seed ${seed}`);
    }
    if (filler === "") assert.deepEqual(redactBody(body, [...bytes.keys()]), once);
  }
});

Deno.test("other charsets keep every byte that is not masked", () => {
  const text = '{"é":"ü\\\\","password":"hunter2"}';
  for (const little of [true, false]) {
    const wide = (text: string) =>
      new Uint8Array(
        [...text].flatMap((character) => {
          const code = character.charCodeAt(0);
          return little ? [code & 0xff, code >> 8] : [code >> 8, code & 0xff];
        }),
      );
    const contentType = `application/json; charset=utf-16${little ? "le" : "be"}`;
    const { bytes } = redactBody({ rules: ["json:password"], contentType, text: wide(text) });
    assert.deepEqual(bytes, wide(text.replace("hunter2", "REDACTED")));
  }
  // In Shift_JIS the second byte of 表 is a backslash, in GBK that of 誠 is an opening bracket.
  for (const [charset, character] of [["shift_jis", [0x95, 0x5c]], ["gbk", [0xd5, 0x5c]]] as const) {
    const parts = (value: string) =>
      whole([
        new TextEncoder().encode('{"k":"'),
        Uint8Array.from(character),
        new TextEncoder().encode(`","password":"${value}"}`),
      ]);
    const contentType = `application/json; charset=${charset}`;
    assert.deepEqual(
      redactBody({ rules: ["json:password"], contentType, text: parts("hunter2") }).bytes,
      parts("REDACTED"),
    );
  }
});

Deno.test("a body that cannot be decoded, or of which bytes are missing, is masked whole from there on", () => {
  const coded = redactBody({
    rules: ["json:a"],
    contentType: JSON_TYPE,
    codedAs: ["zstd"],
    text: "\x28\xb5xyz",
  });
  assert.equal(new TextDecoder().decode(coded.bytes), "REDACTED");
  assert.deepEqual(coded.list, ["doubt a body in zstd that cannot be decoded 1"]);
  // Rules for headers find nothing in a body, so there is no doubt either.
  const plain = { rules: ["header:a"], contentType: JSON_TYPE, codedAs: ["zstd"], text: "xyz" };
  assert.equal(new TextDecoder().decode(redactBody(plain).bytes), "xyz");
});

Deno.test("a value that was masked is masked wherever else it stands", () => {
  const value = 'hunter2/"ü&x+';
  const utf8 = String.fromCharCode(...new TextEncoder().encode(value));
  const hex = [...utf8].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  const forms = [
    value,
    encodeURIComponent(value),
    encodeURIComponent(value).toLowerCase(),
    new URLSearchParams({ v: value }).toString().slice(2),
    hex,
    hex.toUpperCase(),
    btoa(utf8),
    btoa(`a${utf8}b`),
    btoa(`user:${utf8}`).replace(/\+/g, "-").replace(/\//g, "_"),
    JSON.stringify(value).slice(1, -1),
    "hunter2/&quot;ü&amp;x+",
  ];
  const body = JSON.stringify({ echo: 1, text: "PLACE", password: value });
  for (const form of forms) {
    const escaped = body.replace("PLACE", `before ${form} after`);
    // JSON holds the raw form only where quotes are escaped.
    if (form === value) continue;
    const message = redactMessage(
      ["json:password"],
      "HTTP/1.1 200 OK",
      ["Content-Type: application/json"],
      escaped,
    );
    const text = new TextDecoder().decode(message.body);
    const core = form.slice(4, -4);
    assert.ok(!text.includes(core), `${form} stays: ${text}`);
    assert.match(text, /before .{0,10}REDACTED.{0,10} after/, form);
  }
});

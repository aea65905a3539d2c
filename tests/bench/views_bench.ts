// How long laying out takes, on one core: `deno run tests/bench/views_bench.ts`. Prints; asserts nothing.
//
// Each source of about 10 MB is decoded and laid out in pieces of 64 KiB, as the catalog does it; the figure is the
// median over seven passes, the longest beside it. Of the snapshots, the largest is told: that is what a mark costs.

import { hexLines } from "../../src/decode/views/hex.ts";
import { formatters } from "../../src/decode/views/mod.ts";

const SIZE = 10_000_000;
const PIECE = 64 * 1024;
const PASSES = 7;

/** What is laid out: the beginning, what is repeated to SIZE (told how often so far), and the end. */
interface Source {
  readonly what: string;
  readonly kind: keyof typeof formatters;
  readonly before: string;
  readonly repeated: (count: number) => string;
  readonly after: string;
}

const QUOTE = (count: number) =>
  `<q:quote symbol="GOOG${count}" exchange="XNAS"><q:price currency="EUR">141.80</q:price><q:bid>141.78</q:bid>` +
  `<q:volume>9223372036854775807</q:volume><q:name>Alphabet &amp; Börse Zürich</q:name><q:source delayed="false"/></q:quote>`;
const ENVELOPE =
  '<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><q:quotes>';

const SOURCES: readonly Source[] = [
  {
    what: "SOAP on one line",
    kind: "xml",
    before: ENVELOPE,
    repeated: QUOTE,
    after: "</q:quotes></e:Body></e:Envelope>",
  },
  {
    what: "SOAP, indented by four",
    kind: "xml",
    before: ENVELOPE,
    repeated: (count) => QUOTE(count).replaceAll("><q:", ">\r\n            <q:"),
    after: "</q:quotes></e:Body></e:Envelope>",
  },
  {
    what: "XML, one text",
    kind: "xml",
    before: "<a><b>",
    repeated: () => "SGVsbG8gV29ybGQhIFRoaXMg",
    after: "</b></a>",
  },
  {
    what: "XML, one attribute",
    kind: "xml",
    before: '<a><b c="',
    repeated: () => "value &lt; ",
    after: '"/></a>',
  },
  {
    what: "XML, mixed content",
    kind: "xml",
    before: "<a>",
    repeated: () => "<p>Some <b>bold</b> words, <i>and more</i>.</p>",
    after: "</a>",
  },
  { what: "XML, not closed", kind: "xml", before: "", repeated: () => "<abc>", after: "" },
  {
    what: "JSON, records",
    kind: "json",
    before: "[0",
    repeated: (count) =>
      `,{"id":${count},"name":"Müller \\u0026 Söhne","price":141.80,"tags":["a","b"],"more":{"x":null,"y":true}}`,
    after: "]",
  },
  { what: "JSON, numbers", kind: "json", before: "[0", repeated: (count) => `,${count}.25`, after: "]" },
  {
    what: "JSON, one string",
    kind: "json",
    before: '["',
    repeated: () => "SGVsbG8gV29ybGQh\\n",
    after: '"]',
  },
  { what: "JSON, not closed", kind: "json", before: "", repeated: () => "[", after: "" },
  {
    what: "form",
    kind: "form",
    before: "a=b",
    repeated: (count) => `&field${count}=some+words+%C3%A4%20%26+more`,
    after: "",
  },
  {
    what: "text as raw, CR LF",
    kind: "raw",
    before: "",
    repeated: () => "A line of a log, as it was sent.\r\n",
    after: "",
  },
];

for (const source of SOURCES) {
  const bytes = new TextEncoder().encode(textOf(source));
  let out = 0;
  let snapshot = 0;
  const times = Array.from({ length: PASSES }, (_, pass) => {
    const decoder = new TextDecoder();
    const formatter = formatters[source.kind].create();
    out = 0;
    const start = performance.now();
    for (let at = 0; at < bytes.length; at += PIECE) {
      const text = formatter.receive(decoder.decode(bytes.subarray(at, at + PIECE), { stream: true }));
      // What was put together is only copied into one string when it is read.
      text.charCodeAt(0);
      out += text.length;
      if (pass === 0) snapshot = Math.max(snapshot, JSON.stringify(formatter.snapshot()).length);
    }
    out += formatter.end().length;
    return performance.now() - start;
  }).slice(1);
  print(
    source.what,
    bytes.length,
    times,
    `${megabytes(out)} MB out, snapshot up to ${snapshot.toLocaleString("en")} characters`,
  );
}

const bytes = crypto.getRandomValues(new Uint8Array(64 * 1024));
const times = Array.from({ length: PASSES }, () => {
  const start = performance.now();
  for (let at = 0; at < SIZE; at += bytes.length) hexLines(bytes, at);
  return performance.now() - start;
});
print("bytes as hex", SIZE, times, "");

function textOf({ before, repeated, after }: Source): string {
  let text = before;
  for (let count = 0; text.length < SIZE; count++) text += repeated(count);
  return text + after;
}

function print(what: string, size: number, times: readonly number[], more: string): void {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const longest = sorted[sorted.length - 1];
  const figures = `${megabytes(size)} MB in ${median.toFixed(0)} ms (at most ${longest.toFixed(0)})`;
  console.log(`${what.padEnd(24)}  ${figures.padEnd(36)}  ${more}`);
}

function megabytes(size: number): string {
  return (size / 1e6).toFixed(1);
}

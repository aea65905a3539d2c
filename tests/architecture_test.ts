// The rules of the layout, read from the module graph and from the sources: which part may import which, where TCP is
// opened, where the program meets its process, what decoders must not know. A new part is a new line in MAY_IMPORT.

import assert from "node:assert/strict";

const root = new URL("..", import.meta.url);

/** Parts by where their files lie; the first that fits counts. */
const PARTS: readonly [path: RegExp, part: string][] = [
  [/^src\/model\.ts$/, "model"],
  [/^src\/(elsewhere|nearest|shell_word)\.ts$/, "words"],
  [/^src\/(address|json_members|json_places|keep|soonest|spare_files|target|upstream_proxy)\.ts$/, "address"],
  [/^src\/(route|route_json|slow_text|tls_json|tls_support|trust_lines)\.ts$/, "address"],
  [
    /^src\/(options|ca_options|open_options|listener_options|tls_words|usage_error|help|help_options)\.ts$/,
    "options",
  ],
  [/^src\/headless\/options\.ts$/, "options"],
  [/^src\/ui\/page\//, "page"],
  [/^src\/(relay|journal|decode|catalog|ui|demo|ca|headless)\//, "$1"],
  [/^src\/[a-z_]+\.ts$/, "program"],
  [/^main\.ts$/, "main"],
  [/^(deno|docs\/config\.schema)\.json$/, "configuration"],
];

/** model ← relay, journal, decode ← catalog ← ui ← main; siblings never import each other. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  words: [],
  address: ["model", "words"],
  options: ["model", "words", "address"],
  relay: ["model", "address"],
  ca: ["model", "address"],
  journal: ["model", "address"],
  decode: ["model", "words"],
  catalog: ["model", "address", "journal", "decode"],
  headless: ["model", "words", "options", "journal", "decode", "catalog"],
  ui: ["configuration", "model", "address", "decode", "catalog"],
  page: ["model", "address", "decode", "catalog", "ui"],
  program: ["model", "address", "relay", "ca", "journal", "decode", "catalog", "ui"],
  main: ["configuration", "address", "options", "journal", "catalog", "headless", "program", "ui"],
  demo: ["configuration", "model", "program", "ui"],
};

/** What must not stand in a source, the files that it concerns, and those that are free of it. */
const MUST_NOT: readonly { what: string; code: RegExp; files: RegExp; except: RegExp }[] = [
  {
    what: "opens TCP",
    code:
      /\bDeno\s*\.\s*(listen|connect|startTls|serve)|(?<![.\w])fetch\(|["']node:(net|tls|http|https|dgram)["']/,
    files: /^(src\/|main\.ts$)/,
    except: /^src\/(relay|demo|ui\/page)\/|^src\/ui\/server\.ts$/,
  },
  {
    what: "serves HTTP by other means than Deno.serve",
    code: /\bDeno\s*\.\s*(listen|connect|startTls)|(?<![.\w])fetch\(|["']node:(net|tls|http|https|dgram)["']/,
    files: /^src\/ui\/server\.ts$/,
    except: /^$/,
  },
  {
    what: "reads flags, handles signals or exits",
    code: /\bDeno\s*\.\s*(args|addSignalListener|exit|exitCode)\b|\bprocess\s*\.\s*(argv|on|exit)\b/,
    files: /^(src\/|main\.ts$)/,
    except: /^(src\/demo\/)?main\.ts$/,
  },
  {
    what: "knows the runtime, the network or a clock",
    code:
      /\bDeno\s*\.|(?<![.\w])fetch\(|\bDate\s*\.\s*now\b|\bnew Date\(\)|\bperformance\b|\bset(Timeout|Interval)\b/,
    files: /^src\/decode\//,
    except: /^$/,
  },
  {
    what: "has a word that this project does without",
    code: /(?<!node:)\b(utils?|helpers?|managers?)\b/i,
    files: /^(src|tests|\.ci)\/|^main\.ts$/,
    except: /^tests\/architecture_test\.ts$/,
  },
  {
    what: "exports a default",
    code: /^export default\b/m,
    files: /^(src|tests|\.ci)\/|^main\.ts$/,
    except: /^$/,
  },
];

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string; readonly error?: string };
      readonly type?: { readonly specifier?: string; readonly error?: string };
    }[];
  }[];
}

/** Every TypeScript file below `folder`, and main.ts, as paths from the root. */
function* sources(...folders: string[]): Generator<string> {
  for (const folder of folders) {
    for (const entry of Deno.readDirSync(new URL(folder, root))) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory) yield* sources(`${path}/`);
      else if (/\.tsx?$/.test(entry.name)) yield path;
    }
  }
}

const allSources = [...sources("src/"), ...(exists("main.ts") ? ["main.ts"] : [])].sort();

function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, root)).isFile;
  } catch {
    return false;
  }
}

/** The module graph of all sources at once, type imports included. */
async function readGraph(): Promise<Graph> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = allSources.map((path) => `import ${JSON.stringify(new URL(path, root).href)};\n`);
    await Deno.writeTextFile(entry, lines.join(""));
    const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: root });
    const { stdout, stderr } = await info.output();
    const text = new TextDecoder().decode(stdout);
    assert.ok(text.startsWith("{"), new TextDecoder().decode(stderr));
    return JSON.parse(text);
  } finally {
    await Deno.remove(entry);
  }
}

/** Imports between files of this project, as paths from the root. */
function* imports(graph: Graph): Generator<readonly [from: string, to: string]> {
  for (const { specifier, dependencies = [] } of graph.modules) {
    if (!specifier.startsWith(root.href)) continue;
    for (const { code, type } of dependencies) {
      for (const target of new Set([code?.specifier, type?.specifier])) {
        if (!target?.startsWith(root.href)) continue;
        yield [specifier.slice(root.href.length), target.slice(root.href.length)];
      }
    }
  }
}

function part(path: string): string {
  for (const [pattern, name] of PARTS) {
    const found = pattern.exec(path);
    if (found !== null) return name === "$1" ? found[1] : name;
  }
  throw new Error(`Cannot tell which part ${path} belongs to. Add it to PARTS.`);
}

function mayImport(from: string, to: string): boolean {
  const [fromPart, toPart] = [part(from), part(to)];
  return fromPart === toPart || MAY_IMPORT[fromPart].includes(toPart);
}

/** Words for which the vocabulary has another: Connection, Exchange, Message, View, or what the thing does. */
const VAGUE = /\b(flow|session|item|manager|service|helper|util)s?\b/;

/** What a source gives a name to. Members are left out: they may be those of a protocol or of JSON Schema. */
const DECLARED = /\b(?:const|let|var|function|class|interface|type|enum)\s+([A-Za-z_$][\w$]*)/g;

/** The words of a name: "foldService.ts" → "fold service ts". */
function worded(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[^A-Za-z0-9]+/g, " ").toLowerCase();
}

/** A source without its comments; text in quotes stays. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

/** What is wrong with one source, in words. */
function faults(path: string, source: string): string[] {
  const found: string[] = [];
  for (const { what, code, files, except } of MUST_NOT) {
    const hit = files.test(path) && !except.test(path) ? code.exec(withoutComments(source)) : null;
    if (hit !== null) found.push(`${path} ${what}: ${hit[0]}`);
  }
  if (/\b(TODO|FIXME)\b/.test(source) && !path.endsWith("architecture_test.ts")) {
    found.push(`${path} leaves work open`);
  }
  // A test is named for what it tests; every other file says what it is.
  if (!path.endsWith("_test.ts") && !/^(\/\/ |\/\/\/ |\/\*\*? ?)/.test(source)) {
    found.push(`${path} does not open with a comment on what it is`);
  }
  if (VAGUE.test(worded(path.slice(path.lastIndexOf("/") + 1)))) {
    found.push(`${path} does not say what it is`);
  }
  // The demo and the tests have data of their own, such as the items of an order.
  const product = path.startsWith("src/") && !path.startsWith("src/demo/");
  for (const [, name] of withoutComments(source).matchAll(DECLARED)) {
    if (product && VAGUE.test(worded(name))) found.push(`${path} has a name outside the vocabulary: ${name}`);
  }
  return found;
}

Deno.test("imports go one way", async () => {
  const graph = await readGraph();
  const known = [...imports(graph)];
  assert.ok(known.length > 10, `only ${known.length} imports were found`);
  const wrong = known.filter(([from, to]) => !mayImport(from, to)).map(([from, to]) =>
    `${from} imports ${to}`
  );
  assert.deepEqual(wrong, []);
});

/** What a module loads with it: a path from the root, or the name of a package. */
function loadedWith(graph: Graph, path: string): ReadonlySet<string> {
  const known = new Map(graph.modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const waiting = [new URL(path, root).href];
  for (let specifier = waiting.pop(); specifier !== undefined; specifier = waiting.pop()) {
    if (loaded.has(specifier)) continue;
    loaded.add(specifier);
    for (const { code, isDynamic } of known.get(specifier)?.dependencies ?? []) {
      if (code?.specifier && !isDynamic) waiting.push(code.specifier);
    }
  }
  return new Set([...loaded].map((name) => name.startsWith(root.href) ? name.slice(root.href.length) : name));
}

Deno.test("what is not needed to listen is loaded later", async () => {
  const graph = await readGraph();
  const cases: [from: string, must: readonly string[], not: RegExp][] = [
    // --help and --version need the options; whoever listens, in addition, the thread that records.
    [
      "main.ts",
      ["src/help.ts", "src/journal/thread.ts"],
      /^(npm:|src\/(relay|catalog|decode|ui|ca)\/|src\/program\.ts)/,
    ],
    [
      "src/program.ts",
      ["src/relay/listen.ts", "src/ui/server.ts"],
      /^npm:|^src\/ui\/\w*(app|routes|openapi\w*|assets)\.ts|^src\/(ca|headless)\//,
    ],
    ["src/journal/worker.ts", ["src/journal/writer.ts"], /^npm:|^src\/(relay|catalog|decode|ui|ca)\//],
    ["src/catalog/index_worker.ts", ["src/catalog/indexer.ts"], /^npm:|^src\/(relay|ui|ca)\//],
    ["src/catalog/answer_worker.ts", ["src/catalog/answering.ts"], /^npm:|^src\/(relay|ui|ca)\//],
  ];
  for (const [from, must, not] of cases) {
    const loaded = loadedWith(graph, from);
    for (const path of must) assert.ok(loaded.has(path), `${from} loads ${path}`);
    assert.deepEqual([...loaded].filter((path) => not.test(path)), [], `${from} loads them at once`);
  }
});

Deno.test("imports are files, npm packages or built in", async () => {
  const graph = await readGraph();
  const outside = graph.modules.map(({ specifier }) => specifier)
    .filter((specifier) => !/^(file|npm|node):/.test(specifier));
  assert.deepEqual(outside, []);
  const mapped: Record<string, string> =
    JSON.parse(await Deno.readTextFile(new URL("deno.json", root))).imports;
  for (const [name, target] of Object.entries(mapped)) assert.match(target, /^npm:/, `${name} in deno.json`);
});

Deno.test("workers have names by which the binary's maker finds them", async () => {
  const named: string[] = [];
  for (const path of allSources) {
    const source = await Deno.readTextFile(new URL(path, root));
    for (const [, file] of source.matchAll(/new URL\("(\.\/[^"]+\.ts)", import\.meta\.url\)/g)) {
      named.push(file);
    }
  }
  assert.ok(named.length >= 3, `only ${named.length} workers were found`);
  for (const file of named) assert.match(file, /worker\.ts$/);
});

Deno.test("sources keep the rules of their part", async () => {
  const wrong: string[] = [];
  for (const path of [...allSources, ...sources("tests/", ".ci/")]) {
    wrong.push(...faults(path, await Deno.readTextFile(new URL(path, root))));
  }
  assert.deepEqual(wrong, []);
});

Deno.test("rules find what breaks them", () => {
  const cases: [path: string, source: string, found: RegExp][] = [
    ["src/catalog/x.ts", "// x\nDeno.connect({ port: 1 });", /opens TCP: Deno\.connect/],
    ["src/journal/x.ts", '// x\nimport net from "node:net";', /opens TCP: "node:net"/],
    ["src/ui/api.ts", '// x\nawait fetch("http://x");', /opens TCP: fetch/],
    ["src/ui/server.ts", "// x\nDeno.listen({ port: 1 });", /other means/],
    ["src/relay/x.ts", "// x\nDeno.exit(1);", /exits: Deno\.exit/],
    ["src/decode/x.ts", "// x\nconst at = Date.now();", /a clock: Date\.now/],
    ["src/decode/views/x.ts", "// x\nperformance.now();", /a clock: performance/],
    ["src/relay/x.ts", "const a = 1;", /does not open with a comment/],
    ["src/relay/helper.ts", "// x", /does not say what it is/],
    ["src/relay/dial_service.ts", "// x", /does not say what it is/],
    ["src/relay/x.ts", "// x\nexport class FlowTable {}", /outside the vocabulary: FlowTable/],
    ["src/ui/x.ts", "// x\nconst openSessions = 1;", /outside the vocabulary: openSessions/],
    ["src/ui/x.ts", "// x\nfunction item_of() {}", /outside the vocabulary: item_of/],
    ["src/relay/x.ts", "// x\nclass PumpManager {}\nconst manager = 1;", /does without: manager/],
    ["src/relay/x.ts", "// x\n// TODO: later", /leaves work open/],
    ["main.ts", "// x\nexport default 1;", /exports a default/],
  ];
  for (const [path, source, found] of cases) assert.match(faults(path, source).join("\n"), found);
  const fine: [path: string, source: string][] = [
    ["src/relay/x.ts", "// x\nDeno.connect({ port: 1 }); // not Deno.exit"],
    ["src/ui/server.ts", "// x\nDeno.serve(app.fetch);"],
    ["src/ui/page/x.ts", '// x\nawait fetch("/api");'],
    ["src/ui/page/x.ts", '// x\nconst overflow = { items: localStorage.getItem("session") };'],
    ["main.ts", "// x\nDeno.args; Deno.exit(0);"],
  ];
  for (const [path, source] of fine) assert.deepEqual(faults(path, source), []);
});

Deno.test("mayImport knows the direction", () => {
  const cases: [from: string, to: string, allowed: boolean][] = [
    ["src/relay/a.ts", "src/model.ts", true],
    ["src/relay/a.ts", "src/relay/b.ts", true],
    ["src/relay/a.ts", "src/journal/b.ts", false],
    ["src/journal/a.ts", "src/decode/b.ts", false],
    ["src/decode/views/a.ts", "src/decode/b.ts", true],
    ["src/decode/a.ts", "src/catalog/b.ts", false],
    ["src/catalog/a.ts", "src/journal/b.ts", true],
    ["src/catalog/a.ts", "src/ui/b.ts", false],
    ["src/ui/a.ts", "src/catalog/b.ts", true],
    ["src/ui/a.ts", "src/relay/b.ts", false],
    ["src/ui/a.ts", "src/ui/page/b.ts", false],
    ["src/ui/page/a.tsx", "src/ui/types.ts", true],
    ["main.ts", "src/ui/a.ts", true],
    ["src/program.ts", "src/relay/a.ts", true],
    ["src/ui/a.ts", "src/program.ts", false],
    ["src/program.ts", "main.ts", false],
    ["main.ts", "src/demo/a.ts", false],
  ];
  for (const [from, to, allowed] of cases) assert.equal(mayImport(from, to), allowed, `${from} → ${to}`);
});

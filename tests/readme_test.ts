// README.md against the code: what it names must be there, and what is there must be named.

import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../docs/config.schema.json" with { type: "json" };
import { parseCaCommand } from "../src/ca_options.ts";
import { readConfig } from "../src/config.ts";
import { HELP } from "../src/help.ts";
import { FILE_VERBS, parseFileCommand } from "../src/headless/options.ts";
import { parseOpenOptions } from "../src/open_options.ts";
import { isTailOfListeners, parseOptions } from "../src/options.ts";
import { MOST_LINES } from "../src/ui/questions.ts";

const root = new URL("..", import.meta.url);
const readme = Deno.readTextFileSync(new URL("README.md", root));

/** The cells of the rows of the table below a heading row that begins with this cell. */
function table(first: string): readonly (readonly string[])[] {
  const lines = readme.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`| ${first} `));
  assert.ok(head >= 0, `there is no table of ${first}`);
  const end = lines.findIndex((line, at) => at > head && !line.startsWith("|"));
  return lines.slice(head + 2, end).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** What stands between backticks. */
function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, inner]) => inner);
}

/** The names of options in a text. */
function optionsIn(text: string): readonly string[] {
  return [...new Set(text.match(/(?<![\w-])--?[a-z][a-z-]*/g) ?? [])].sort();
}

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, root));
    return true;
  } catch {
    return false;
  }
}

/** Command lines that use each option as the table shows it. */
const USED: Readonly<Record<string, readonly string[]>> = {
  "-l": ["-l", "[::1]:8081", "-t", "localhost:80"],
  "--listen": ["--listen", "0", "--target", "localhost:80"],
  "-t": ["-l", "8081", "-t", "localhost:80"],
  "--target": ["-l", "8081", "--target", "localhost:80"],
  "--name": ["-l", "8081", "--name", "shop"],
  "--host-header": ["-l", "8081", "-t", "localhost:80", "--host-header", "rewrite"],
  "--via": ["-l", "8081", "--via", "environment"],
  "--slow": ["-l", "8081", "--slow", "64kB/s"],
  "--slow-up": ["-l", "8081", "--slow-up", "rate=1Mbit/s,latency=80ms"],
  "--slow-down": ["-l", "8081", "--slow-down", "bytes=100,pause=50ms"],
  "--target-ca": ["-l", "8081", "-t", "https://api.example.org", "--target-ca", "ca.pem"],
  "--insecure": ["-l", "8081", "-t", "tls://db:5432", "--insecure"],
  "--target-cert": ["-l", "8081", "-t", "https://a", "--target-cert", "c.pem", "--target-key", "k.pem"],
  "--target-key": ["-l", "8081", "-t", "https://a", "--target-cert", "c.pem", "--target-key", "k.pem"],
  "--listen-tls": ["-l", "8443", "--listen-tls"],
  "--cert": ["-l", "8443", "--listen-tls", "--cert", "c.pem", "--key", "k.pem"],
  "--key": ["-l", "8443", "--listen-tls", "--cert", "c.pem", "--key", "k.pem"],
  "--ask-client-cert": ["-l", "8443", "--listen-tls", "--ask-client-cert"],
  "--passthrough": ["-l", "8443", "--listen-tls", "--passthrough", "*.example.org"],
  "--config": ["--config", "tcpmon.json"],
  "--config-schema": ["--config-schema"],
  "--ui": ["--ui", "127.0.0.1:4041"],
  "--no-open": ["--no-open"],
  "--json": ["--json"],
  "--json-bodies": ["--json-bodies"],
  "--capture": ["--capture", "kept.pcapng"],
  "--capture-limit": ["--capture-limit", "64kB"],
  "--keep": ["--keep", "500MB"],
  "--keylog": ["--keylog", "keys.log"],
  "--version": ["--version"],
  "-h": ["-h"],
  "--help": ["--help"],
};

Deno.test("README's table of options has those of --help, and each is understood", () => {
  const rows = table("option");
  const named = [...new Set(rows.flatMap(([option]) => quoted(option)).flatMap(optionsIn))].sort();
  const helped = HELP.split("\n").filter((line) => /^ {2}(?:-| {4}--)/.test(line)).map((line) =>
    line.trim().split(/ {2,}/)[0]
  );
  assert.deepEqual(named, [...new Set(helped.flatMap(optionsIn))].sort());
  assert.deepEqual(named, Object.keys(USED).sort());
  for (const [option, args] of Object.entries(USED)) {
    assert.doesNotThrow(() => parseOptions([...args]), option);
    assert.ok(args.includes(option));
  }
  for (const [option] of rows) {
    const placed = quoted(option).filter((name) => /[A-Z]/.test(name)).map((name) => name.split(" ")[1]);
    for (const value of placed) assert.ok(HELP.includes(value), value);
  }
});

Deno.test("README's table of dependencies has those of deno.json", () => {
  const named = table("role").flatMap(([, packages]) => quoted(packages));
  const imported = Object.keys(config.imports).map((name) => name.replace(/\/$/, ""));
  const covers = (pattern: string, name: string) =>
    pattern === name || (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)));
  for (const name of imported) {
    assert.ok(named.some((pattern) => covers(pattern, name)), `${name} is not named`);
  }
  for (const pattern of named) {
    assert.ok(imported.some((name) => covers(pattern, name)), `${pattern} is not imported`);
  }
  for (const target of Object.values(config.imports)) {
    assert.match(target, /@\d+\.\d+\.\d+\/?$/, "exact version");
  }
});

Deno.test("README names files, folders and pictures that are there", () => {
  const linked = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path).filter((path) =>
    !path.includes(":")
  );
  const paths = quoted(readme).filter((name) => /^(?:src|docs|tests|static)\//.test(name));
  assert.ok(
    linked.length >= 5 && paths.length >= 10,
    `${linked.length} links and ${paths.length} paths were found`,
  );
  assert.deepEqual([...linked, ...paths].filter((path) => !exists(path)), []);
  for (const picture of linked.filter((path) => path.endsWith(".png"))) {
    const bytes = Deno.readFileSync(new URL(picture, root));
    assert.deepEqual([...bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47], picture);
  }
});

Deno.test("README's tasks are those of deno.json", () => {
  const named = [...readme.matchAll(/\bdeno(?:@[\d.]+)? task ([a-z]+)/g)].map(([, name]) => name);
  assert.ok(named.length >= 5, `${named.length} tasks were found`);
  assert.deepEqual(named.filter((name) => !Object.hasOwn(config.tasks, name)), []);
});

Deno.test("README's configurations are some, and their schema has them", () => {
  const blocks = [...readme.matchAll(/\n {4}\{\n[^]*?\n {4}\}\n/g)].map(([block]) => block);
  const routes = blocks.map((block) => readConfig(block, "README.md").routes.length);
  assert.ok(routes.length >= 2 && routes[0] >= 3, routes.join());
  const isValid = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  for (const block of blocks) assert.ok(isValid(JSON.parse(block)), block);
});

Deno.test("README's command lines of tcpmon are understood", () => {
  const lines = [...readme.matchAll(/^ {4}(?:tcpmon|(?:npx -y )?deno(?:@[\d.]+)? task start)\b(.*)$/gm)]
    .map(([, args]) => args.replace(/ {2,}.*$/, "").replaceAll(/[[\]…]/g, "").trim());
  assert.ok(lines.length >= 5, `${lines.length} command lines were found`);
  for (const line of lines) {
    const [first, ...rest] = line.split(/ +/).filter((word) => word !== "");
    const verb = FILE_VERBS.find((verb) => verb === first);
    if (first === "open") assert.doesNotThrow(() => parseOpenOptions(rest), line);
    else if (first === "ca") assert.doesNotThrow(() => parseCaCommand(rest), line);
    else if (verb === "tail" && isTailOfListeners(rest)) {
      assert.doesNotThrow(() => parseOptions(rest, true), line);
    } else if (verb) assert.doesNotThrow(() => parseFileCommand(verb, rest), line);
    else assert.doesNotThrow(() => parseOptions(first === undefined ? [] : [first, ...rest]), line);
  }
});

Deno.test("what the build does: README's command for the tests, after installing what they need", () => {
  const run = Deno.readTextFileSync(new URL(".ci/run", root));
  const [, command] = /^ {4}npx -y (deno@[\d.]+) task test\b/m.exec(readme) ?? [];
  assert.ok(command !== undefined, "README says how to run the tests");
  assert.ok(run.includes(`deno=(npx -y ${command})`) && run.includes('"${deno[@]}" task test'));
  const needs = Deno.readTextFileSync(new URL("tests/needs.ts", root));
  const packages = [...needs.matchAll(/\{ path: \w+, name: "([^"]+)"/g)].map(([, name]) => name);
  assert.ok(packages.length >= 4, `${packages.length} packages were found`);
  for (const name of packages) assert.match(run, new RegExp(`[ (]${name}[;) ]`), `.ci/run installs ${name}`);
});

Deno.test("a release holds a binary for each system that README names, and their checksums", () => {
  const release = Deno.readTextFileSync(new URL(".github/workflows/release.yml", root));
  const names = [...release.matchAll(/name: (tcpmon-[\w.-]+)/g)].map(([, name]) => name);
  assert.deepEqual(names.sort(), [
    "tcpmon-linux-arm64",
    "tcpmon-linux-x64",
    "tcpmon-macos-arm64",
    "tcpmon-macos-x64",
    "tcpmon-windows-x64.exe",
  ]);
  assert.match(release, /sha256sum/);
  for (const system of ["Linux", "macOS", "Windows"]) assert.ok(readme.includes(system), system);
});

Deno.test("README says how many lines of a view an answer has at most", () => {
  assert.ok(readme.replace(/\s+/g, " ").includes(`and ${MOST_LINES.toLocaleString("en")} at most`));
});

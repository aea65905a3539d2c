// Which proxy the environment names for which target, by tables.

import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { formatProxy, parseTarget } from "../../src/address.ts";
import { KEY_PASSWORD } from "../../src/ca/certificate_files.ts";
import { FOLDER_VARIABLES } from "../../src/ca/folder.ts";
import { USER_VARIABLES } from "../../src/own_authority.ts";
import { DialError } from "../../src/relay/dial.ts";
import { proxyFor, VARIABLES } from "../../src/relay/environment.ts";

function named(target: string, variables: Readonly<Record<string, string>>): string | null {
  const proxy = proxyFor(parseTarget(target), (name) => {
    assert.ok(VARIABLES.includes(name), name);
    return variables[name];
  });
  return proxy && formatProxy(proxy);
}

const ALL_SET = {
  http_proxy: "http://http:1",
  HTTP_PROXY: "http://cgi:2",
  https_proxy: "http://https:3",
  HTTPS_PROXY: "http://HTTPS:4",
  all_proxy: "http://all:5",
  ALL_PROXY: "http://ALL:6",
};

Deno.test("proxyFor takes https_proxy first, http_proxy for port 80, and HTTP_PROXY in capitals never", () => {
  const order = (target: string) => {
    const left: Record<string, string> = { ...ALL_SET };
    const found: string[] = [];
    for (let proxy = named(target, left); proxy !== null; proxy = named(target, left)) {
      const [name] = Object.entries(left).find(([, value]) => value === proxy)!;
      found.push(name);
      // An empty variable counts as not set.
      left[name] = "";
    }
    return found;
  };
  for (const target of ["db:5432", "shop:443", "shop:8080"]) {
    assert.deepEqual(order(target), ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"]);
  }
  assert.deepEqual(order("shop:80"), ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
});

Deno.test("proxyFor takes no proxy to this machine, nor where no_proxy has the target", () => {
  for (const target of ["localhost:80", "127.0.0.1:80", "127.1.2.3:443", "[::1]:80"]) {
    assert.equal(named(target, ALL_SET), null, target);
  }
  const table: [noProxy: string, target: string, listed: boolean][] = [
    ["*", "shop.example.org:80", true],
    ["example.org", "shop.example.org:80", true],
    ["example.org", "example.org:80", true],
    ["example.org", "badexample.org:80", false],
    [".example.org", "shop.example.org:80", true],
    ["*.example.org", "shop.example.org:80", true],
    ["EXAMPLE.org", "shop.Example.ORG:80", true],
    ["a.org, example.org b.org", "shop.example.org:80", true],
    ["shop", "shop:80", true],
    ["shop:80", "shop:80", true],
    ["shop:80", "shop:81", false],
    ["", "shop:80", false],
    [".", "shop:80", false],
    ["10.0.0.7", "10.0.0.7:80", true],
    ["10.0.0.7", "10.0.0.70:80", false],
    ["10.0.0.0/8", "10.200.3.4:80", true],
    ["10.0.0.0/8", "11.0.0.1:80", false],
    ["192.168.1.128/25", "192.168.1.127:80", false],
    ["0.0.0.0/0", "8.8.8.8:80", true],
    ["10.0.0.0/8", "[2001:db8::1]:80", false],
    ["2001:db8::/32", "[2001:db8:1::1]:80", true],
    ["2001:db8::/32", "[2001:db9::1]:80", false],
    ["[2001:db8::1]", "[2001:db8:0::1]:80", true],
    ["10.0.0.0/99", "10.0.0.1:80", false],
  ];
  for (const [no_proxy, target, listed] of table) {
    assert.equal(named(target, { ...ALL_SET, no_proxy }) === null, listed, `${no_proxy} ${target}`);
    assert.equal(named(target, { ...ALL_SET, NO_PROXY: no_proxy }) === null, listed);
  }
});

Deno.test("proxyFor says which variable is wrong, without the password", () => {
  assert.throws(
    () => named("shop:443", { https_proxy: "socks5://ann:secret@proxy:1080" }),
    (error: Error) => {
      assert.ok(error instanceof DialError);
      assert.match(error.message, /only HTTP proxies.*environment variable https_proxy/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});

Deno.test("deno.json lets the program read these variables, those of the authority, passwords, and no others", () => {
  const known = [...VARIABLES, ...FOLDER_VARIABLES, ...USER_VARIABLES, "TCPMON_PROXY_PASSWORD", KEY_PASSWORD]
    // node:tls asks for it when it speaks to a target.
    .concat("NODE_USE_SYSTEM_CA");
  for (const task of [config.tasks.start, config.tasks.demo]) {
    const flags = task.command.split(" ").filter((word) => word.startsWith("--allow-env"));
    assert.equal(flags.length, 1);
    const names = flags[0].slice("--allow-env=".length).split(",");
    // The demo has no proxy with a password.
    const needed = known.filter((name) => names.includes(name) || name !== "TCPMON_PROXY_PASSWORD");
    assert.deepEqual(names.toSorted(), needed.toSorted());
  }
});

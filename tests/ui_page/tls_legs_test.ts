// What the page says of a listener's legs: which are TLS, and what is trusted there.

import assert from "node:assert/strict";
import {
  clientLeg,
  isInsecure,
  isOfTunnel,
  type Legs,
  showsOwnCertificates,
  statementsOf,
  targetLeg,
} from "../../src/ui/page/tls/legs.ts";
import { exchange } from "./made.ts";

const FILES = { ca: null, insecure: false, cert: null, key: null };
const OWN = { cert: null, key: null, asksClients: false, passthrough: [] };

function legs(changes: Partial<Legs> = {}): Legs {
  return { target: "shop.example.org:80", targetScheme: null, targetTls: null, listenTls: null, ...changes };
}

const CASES: readonly [what: string, changes: Partial<Legs>, told: readonly string[]][] = [
  ["a listener that says nothing of TLS", {}, ["passed as it comes", "passed as it comes"]],
  ["one to a port of TLS", { target: "[::1]:443" }, ["passed as it comes", "passed as it comes"]],
  ["a forward proxy", { target: null }, ["passed as it comes", "passed as it comes"]],
  ["an https target", { target: "a:443", targetScheme: "https" }, [
    "plain plain",
    "tls TLS",
    "trusts the system's authorities",
  ]],
  ["a tls target with an authority and a certificate of ours", {
    targetScheme: "tls",
    targetTls: { ...FILES, ca: "/etc/ssl/corp.pem", cert: "C:\\keys\\me.pem", key: "C:\\keys\\me.key" },
  }, ["plain plain", "tls TLS", "trusts the system and corp.pem", "shows me.pem"]],
  ["any certificate", { targetScheme: "https", targetTls: { ...FILES, insecure: true } }, [
    "plain plain",
    "tls TLS",
    "! any certificate accepted",
  ]],
  ["TLS from clients", { listenTls: OWN }, ["either TLS or plain", "plain plain"]],
  ["TLS from clients with a certificate of the user", {
    listenTls: { cert: "/x/shop.pem", key: "/x/shop.key", asksClients: true, passthrough: ["a.example"] },
  }, [
    "either TLS or plain",
    "plain plain",
    "clients are shown shop.pem",
    "asks clients for a certificate",
    "leaves a.example alone",
  ]],
  ["interception", { target: null, listenTls: { ...OWN, passthrough: ["a", "b"] } }, [
    "either TLS or plain",
    "either as the client",
    "trusts the system's authorities",
    "leaves 2 names alone",
  ]],
  ["STARTTLS with any certificate", { listenTls: OWN, targetTls: { ...FILES, insecure: true } }, [
    "either TLS or plain",
    "plain plain",
    "! any certificate accepted",
  ]],
];

for (const [what, changes, told] of CASES) {
  Deno.test(`clientLeg, targetLeg and statementsOf tell of ${what}`, () => {
    const listener = legs(changes);
    const [client, target] = [clientLeg(listener), targetLeg(listener)];
    const said = statementsOf(listener).map(({ text, isLoud }) => (isLoud ? "! " : "") + text);
    assert.deepEqual([`${client.kind} ${client.word}`, `${target.kind} ${target.word}`, ...said], told);
    assert.ok(client.detail.length > 20 && target.detail.length > 20);
  });
}

Deno.test("statementsOf gives paths in full on demand", () => {
  const listener = legs({ targetScheme: "https", targetTls: { ...FILES, ca: "/etc/ssl/corp.pem" } });
  assert.match(statementsOf(listener)[0].detail, /\/etc\/ssl\/corp\.pem/);
});

Deno.test("targetLeg tells what is trusted after STARTTLS where nothing was said of it", () => {
  assert.match(
    targetLeg(legs({ listenTls: OWN })).detail,
    /STARTTLS\. .* authorities that the system trusts\.$/,
  );
  assert.match(targetLeg(legs({ listenTls: OWN, targetTls: FILES })).detail, /STARTTLS\.$/);
});

Deno.test("showsOwnCertificates and isInsecure", () => {
  assert.equal(showsOwnCertificates(legs()), false);
  assert.equal(showsOwnCertificates(legs({ listenTls: OWN })), true);
  assert.equal(showsOwnCertificates(legs({ listenTls: { ...OWN, cert: "a", key: "b" } })), false);
  assert.equal(isInsecure(legs({ targetTls: FILES })), false);
  assert.equal(isInsecure(legs({ targetTls: { ...FILES, insecure: true } })), true);
});

Deno.test("isOfTunnel tells what came inside TLS through a tunnel of a proxy", () => {
  const row = { ...exchange(1), tls: "both", method: "GET", url: "https://a.example/" } as const;
  assert.equal(isOfTunnel(row, { target: null }), true);
  assert.equal(isOfTunnel({ ...row, tls: "client" }, { target: null }), true);
  assert.equal(isOfTunnel({ ...row, method: null, url: "EHLO me" }, { target: null }), true);
  assert.equal(isOfTunnel(row, { target: "a.example:443" }), false);
  for (const tls of [null, "target", "decrypted"] as const) {
    assert.equal(isOfTunnel({ ...row, tls }, { target: null }), false);
  }
  // TLS with the proxy itself.
  assert.equal(isOfTunnel({ ...row, url: "http://a.example/" }, { target: null }), false);
  assert.equal(isOfTunnel({ ...row, method: "CONNECT", url: "a.example:443" }, { target: null }), false);
});

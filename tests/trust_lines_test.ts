import assert from "node:assert/strict";
import { type System, TRUST_IDS, trustWays } from "../src/trust_lines.ts";

const authority = {
  name: "tcpmon CA ann@laptop 2026-11-27 14.03",
  sha1: "AB:CD:EF",
  file: "/home/ann/it's here/tcpmon-ca.crt",
};

function way(id: string, system: System = "linux", file = authority.file) {
  const found = trustWays({ ...authority, file }, system).find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}

Deno.test("trustWays has every way once, those of the system first", () => {
  for (const system of ["linux", "darwin", "windows"] as const) {
    const ids = trustWays(authority, system).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    // Only on Linux do browsers built on Chromium have a store of their own.
    const expected = TRUST_IDS.filter((id) => id !== "chromium" || system === "linux");
    assert.deepEqual(ids.toSorted(), expected.toSorted());
    assert.equal(ids[0], { linux: "debian", darwin: "macos", windows: "windows" }[system]);
  }
});

Deno.test("trustWays says for each how to stop, or why there is nothing to do", () => {
  for (const system of ["linux", "darwin", "windows"] as const) {
    for (const { id, note, trust, stop } of trustWays(authority, system)) {
      assert.equal(trust.length > 0, stop.length > 0, id);
      if (trust.length === 0) assert.match(note ?? "", /system/, id);
      if (stop.some((line) => /^unset |^Remove-Item Env:/.test(line))) {
        assert.match(note ?? "", /was set before/, id);
      }
    }
  }
});

Deno.test("trustWays quotes what a shell would take apart", () => {
  assert.deepEqual(way("node").trust, [`export NODE_EXTRA_CA_CERTS='/home/ann/it'\\''s here/tcpmon-ca.crt'`]);
  assert.deepEqual(way("node", "linux", "/a/b.crt").trust, ["export NODE_EXTRA_CA_CERTS=/a/b.crt"]);
  const windows = String.raw`C:\Users\Ann O'Neill\tcpmon-ca.crt`;
  assert.deepEqual(way("node", "windows", windows).trust, [
    String.raw`$env:NODE_EXTRA_CA_CERTS = 'C:\Users\Ann O''Neill\tcpmon-ca.crt'`,
  ]);
  assert.deepEqual(way("windows", "windows", windows).trust, [
    String.raw`certutil -user -addstore Root "C:\Users\Ann O'Neill\tcpmon-ca.crt"`,
  ]);
});

Deno.test("trustWays tells of another system's file only where it was copied to", () => {
  for (const id of ["debian", "arch", "macos", "windows"]) {
    const { note, trust } = way(id, id === "debian" || id === "arch" ? "darwin" : "linux");
    assert.match(note ?? "", /tcpmon ca export tcpmon-ca\.crt/);
    assert.doesNotMatch(trust.join("\n"), /home/);
  }
  assert.deepEqual(way("windows").stop, ["certutil -user -delstore Root ABCDEF"]);
});

import assert from "node:assert/strict";
import { authorityFolder } from "../../src/ca/folder.ts";

Deno.test("authorityFolder is where the system keeps a user's data, or where TCPMON_CA says", () => {
  const cases: [system: string, variables: Record<string, string>, folder: string][] = [
    ["linux", { HOME: "/home/ann" }, "/home/ann/.local/share/tcpmon/ca"],
    ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "/data" }, "/data/tcpmon/ca"],
    ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "relative" }, "/home/ann/.local/share/tcpmon/ca"],
    ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "" }, "/home/ann/.local/share/tcpmon/ca"],
    ["linux", { HOME: "/home/ann", TCPMON_CA: "/srv/ca" }, "/srv/ca"],
    [
      "darwin",
      { HOME: "/Users/ann", XDG_DATA_HOME: "/data" },
      "/Users/ann/Library/Application Support/tcpmon/ca",
    ],
    [
      "windows",
      { LOCALAPPDATA: String.raw`C:\Users\ann\AppData\Local` },
      String.raw`C:\Users\ann\AppData\Local\tcpmon\ca`,
    ],
    ["windows", { TCPMON_CA: String.raw`D:\ca` }, String.raw`D:\ca`],
  ];
  for (const [system, variables, folder] of cases) {
    assert.equal(authorityFolder(system, (name) => variables[name]), folder);
  }
});

Deno.test("authorityFolder says which variable is missing, or must be absolute", () => {
  assert.throws(
    () => authorityFolder("linux", () => undefined),
    /the variable HOME is not set\. Name a folder in TCPMON_CA\./,
  );
  assert.throws(() => authorityFolder("windows", () => ""), /the variable LOCALAPPDATA is not set/);
  assert.throws(
    () => authorityFolder("linux", () => "ca"),
    /Cannot keep the authority in "ca": TCPMON_CA must be an absolute path/,
  );
});

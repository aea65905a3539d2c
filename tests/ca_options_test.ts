import assert from "node:assert/strict";
import { type CaCommand, parseCaCommand } from "../src/ca_options.ts";
import { CA_HELP, HELP } from "../src/help.ts";
import { TRUST_IDS } from "../src/trust_lines.ts";
import { UsageError } from "../src/usage_error.ts";

Deno.test("parseCaCommand reads every verb", () => {
  const cases: [line: string, command: CaCommand][] = [
    ["", { verb: "show" }],
    ["show", { verb: "show" }],
    ["remove", { verb: "remove" }],
    ["trust", { verb: "trust", ways: [] }],
    ["trust java CURL", { verb: "trust", ways: ["java", "curl"] }],
    ["export", { verb: "export", file: null }],
    ["export a.der", { verb: "export", file: "a.der" }],
    ["create", { verb: "create", only: [] }],
    ["create --only a.test --only=10.0.0.0/8", { verb: "create", only: ["a.test", "10.0.0.0/8"] }],
    ["--help", { verb: "help" }],
    ["create -h", { verb: "help" }],
  ];
  for (const [line, command] of cases) {
    assert.deepEqual(parseCaCommand(line.split(" ").filter((word) => word !== "")), command, line);
  }
});

Deno.test("parseCaCommand refuses in words what cannot be meant", () => {
  const cases: [args: string[], reason: RegExp][] = [
    [["exprot"], /^Cannot do tcpmon ca exprot: there is no such thing\. Write tcpmon ca export,/],
    [["zzz"], /Known are show, trust, export, create, remove\./],
    [["trust", "jave"], /^Cannot do tcpmon ca trust jave: .*Write tcpmon ca trust java,/],
    [
      ["trust", "--all"],
      /^Cannot use --all with tcpmon ca trust: there is no such option\. See tcpmon ca --help\.$/,
    ],
    [["--hlep"], /^Cannot use --hlep with tcpmon ca: there is no such option\. Write --help,/],
    [["remove", "--hlep"], /^Cannot use --hlep with tcpmon ca remove: .* Write --help,/],
    [["create", "--onyl=a.test"], /^Cannot use --onyl with tcpmon ca create: .* Write --only,/],
    [["export", "a", "b"], /^Cannot use "b" with tcpmon ca export: that is one word too many\./],
    [["remove", "it"], /^Cannot use "it" with tcpmon ca remove/],
    [
      ["create", "example.org"],
      /^Cannot use "example\.org" with tcpmon ca create: it knows --only NAME alone\./,
    ],
    [["create", "--only"], /^Cannot use --only: its value is missing\. Write --only example\.org\.$/],
    [["create", "--only="], /its value is missing/],
  ];
  for (const [args, reason] of cases) {
    assert.throws(() => parseCaCommand(args), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, reason);
      return true;
    });
  }
});

Deno.test("the help of tcpmon ca names every verb and every way to trust, and the help leads to it", () => {
  for (const verb of ["trust", "export", "create", "remove"]) {
    assert.match(CA_HELP, new RegExp(`tcpmon ca ${verb}`));
  }
  for (const id of TRUST_IDS) assert.match(CA_HELP, new RegExp(`\\b${id}\\b`));
  assert.match(HELP, /tcpmon ca /);
  for (const line of CA_HELP.split("\n")) assert.ok(line.length <= 115, line);
});

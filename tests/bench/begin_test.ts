import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };

const program = new URL("./begin_program.ts", import.meta.url).pathname;

Deno.test("every benchmark that is a task begins as they all do", async () => {
  const commands = Object.values(config.tasks).map((task) => typeof task === "string" ? task : task.command);
  const files = commands.flatMap((command) => /tests\/bench\/\S+/.exec(command)?.[0] ?? []);
  assert.ok(files.length > 10, `only ${files.length} were found`);
  for (const file of files) {
    const source = await Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
    assert.match(source, /^\/\/ [^]*?\n\nimport (\{[^}]*\} from )?"\.\/begin\.ts";\n/, file);
  }
});

Deno.test("a benchmark prints on --help what its file opens with, and measures nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", program, "--help"],
    env: { TMPDIR: folder },
  }).output();
  assert.equal(code, 0);
  assert.equal(
    new TextDecoder().decode(stdout),
    "A program that begins as a benchmark does, for the test of that.\n\n  --nothing       there is no such option\n",
  );
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `a benchmark that ${signal} ends leaves no folder and no program behind`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "-A", "--no-check", program],
        env: { TMPDIR: folder },
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      assert.equal((await reader.read()).value, "begun\n");
      assert.equal([...Deno.readDirSync(folder)].length, 1);
      child.kill(signal);
      assert.equal((await child.status).code, status);
      // The one that it has started holds the same output, which ends with it.
      while (!(await reader.read()).done);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
      await Deno.remove(folder);
    },
  });
}

Deno.test("a benchmark tells in a line what is wrong with its command line, and measures nothing", async () => {
  const program = new URL("./relay_bench.ts", import.meta.url).pathname;
  for (
    const [args, expected] of [
      [["--secnds", "1"], "Unknown option '--secnds'. --help tells what there is.\n"],
      [["--load"], "Option '--load <value>' argument missing. --help tells what there is.\n"],
      [["--rounds", "0"], "--rounds takes a whole number from 1 on, not 0. --help tells what there is.\n"],
      [
        ["--load", "nosuch"],
        /^No load has nosuch in its name: bulk, upstream; .* --help tells what there is\.\n$/,
      ],
    ] as const
  ) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "--no-check", program, ...args],
    }).output();
    const said = new TextDecoder().decode(stderr);
    if (typeof expected === "string") assert.equal(said, expected);
    else assert.match(said, expected);
    assert.deepEqual([code, new TextDecoder().decode(stdout)], [2, ""]);
  }
});

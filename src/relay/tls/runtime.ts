// Which Deno can speak TLS here: on either side of an accepted socket it needs 2.9.

/** The first version whose node:tls runs over any stream, on both sides. */
const NEEDED = [2, 9] as const;

/** TLS was asked for that this Deno cannot speak; `member` is what of the Route asks for it. */
export class UnsupportedTls extends Error {
  constructor(readonly member: "target" | "listenTls", version: string) {
    const what = member === "target" ? "speak TLS to a target" : "end TLS of clients";
    super(
      `Cannot ${what}: that needs tcpmon on Deno ${NEEDED.join(".")} or later; this is ${version}. ` +
        "Run tcpmon with a newer Deno.",
    );
    this.name = "UnsupportedTls";
  }
}

/** Throws UnsupportedTls where this Deno cannot speak TLS. */
export function needsNewerDeno(member: "target" | "listenTls", version: string = Deno.version.deno): void {
  const [major, minor] = version.split(".").map(Number);
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
    throw new UnsupportedTls(member, version);
  }
}

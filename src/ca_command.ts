// What `tcpmon ca` does: shows the authority, says how it is trusted, exports its certificate, makes and removes it.
// It gives text, and never exits; its key is in none of it.

import { Authority } from "./ca/authority.ts";
import { authorityFolder, type ReadVariable } from "./ca/folder.ts";
import { AuthorityKeeping } from "./ca/keeping.ts";
import { authorityFacts } from "./ca/own_certificates.ts";
import type { AuthorityFacts } from "./model.ts";
import { madeFor, thisSystem } from "./own_authority.ts";
import { type Trusted, type TrustWay, trustWays } from "./trust_lines.ts";

/** What may be asked for, as `parseCaCommand` reads it. */
export type Asked =
  | { readonly verb: "show" | "remove" }
  | { readonly verb: "trust"; readonly ways: readonly string[] }
  | { readonly verb: "export"; readonly file: string | null }
  | { readonly verb: "create"; readonly only: readonly string[] };

/** Texts with their line ends: `out` is what was asked for, `said` is for people alone. */
export interface Answer {
  readonly out: string;
  readonly said: string;
}

/** Does what was asked. `read` gives variables of the environment. Rejects with an Error in words for the user. */
export async function runCaCommand(asked: Asked, read: ReadVariable): Promise<Answer> {
  const keeping = new AuthorityKeeping(authorityFolder(thisSystem(), read));
  const create = (only: readonly string[] = []) =>
    keeping.readOrCreate(() => Authority.create(madeFor(read), Date.now(), only));
  switch (asked.verb) {
    case "show": {
      const authority = await keeping.read();
      if (authority === null) return { out: notThere(keeping), said: "" };
      const facts = authorityFacts(authority, keeping);
      return { out: `${shown(facts)}\n${trusting(facts, [])}`, said: "" };
    }
    case "trust": {
      const { authority, made } = await create();
      const facts = authorityFacts(authority, keeping);
      return { out: trusting(facts, asked.ways), said: made ? `Made "${facts.name}".\n` : "" };
    }
    case "export": {
      const { authority: { parts } } = await create();
      if (asked.file === null) return { out: parts.certificate, said: "" };
      const isDer = /\.(der|cer)$/i.test(asked.file);
      await exportTo(asked.file, isDer ? parts.der : new TextEncoder().encode(parts.certificate));
      return {
        out: "",
        said: `Wrote the certificate of "${parts.name}" to ${asked.file}, without its key.\n`,
      };
    }
    case "create": {
      const { authority, made } = await create(asked.only);
      const facts = authorityFacts(authority, keeping);
      if (!made) {
        throw new Error(
          `Cannot make an authority: there is one, "${facts.name}". Keep it, or first remove it: tcpmon ca remove.`,
        );
      }
      return { out: shown(facts), said: "To trust it: tcpmon ca trust\n" };
    }
    case "remove":
      return await remove(keeping);
  }
}

async function remove(keeping: AuthorityKeeping): Promise<Answer> {
  // One that cannot be used is removed as well, and there is then nothing to say of it.
  const authority = await keeping.read().catch(() => null);
  if (!await keeping.remove()) return { out: "", said: notThere(keeping) };
  const gone = `Removed tcpmon's authority and its key from ${keeping.folder}.`;
  const kept = "What was made to trust it still does, until it is told to stop";
  if (authority === null) return { out: "", said: `${gone} ${kept}.\n` };
  const facts = authorityFacts(authority, keeping);
  const ways = trustWays(facts, thisSystem()).filter(({ stop }) => stop.length > 0);
  return {
    out: ways.map(({ title, stop }) => `\n${title}\n${indented(stop)}`).join(""),
    said: `${gone} ${kept}; it is called "${facts.name}" there, SHA-1 ${facts.sha1}:\n`,
  };
}

function notThere({ folder }: AuthorityKeeping): string {
  return `tcpmon has no authority of its own yet, in ${folder}. It is made when a listener with --listen-tls first ` +
    "needs it, or with: tcpmon ca create\n";
}

function shown(facts: AuthorityFacts): string {
  const day = (time: string) => time.slice(0, 10);
  const issues = facts.only === null
    ? "any name (tcpmon ca create --only NAME makes one that is limited)"
    : `${facts.only.join(", ")} and this machine's own names only`;
  return [
    facts.name,
    `  certificate  ${facts.file}`,
    "  key          beside it, for you alone; who has it can pose as any server to whoever trusts this",
    `  SHA-256      ${facts.fingerprint}`,
    `  SHA-1        ${facts.sha1}`,
    `  valid        ${day(facts.notBefore)} to ${day(facts.notAfter)}`,
    `  issues for   ${issues}`,
    "",
  ].join("\n");
}

/** The lines for the ways with these ids, or for all. Throws Error where this system has no such way. */
function trusting(authority: Trusted, ids: readonly string[]): string {
  const ways = trustWays(authority, thisSystem());
  const chosen = ids.length === 0 ? ways : ids.map((id) => {
    const found = ways.find((way) => way.id === id);
    if (found) return found;
    throw new Error(
      `Cannot say how ${id} is made to trust it: here it trusts what the system trusts. Do that.`,
    );
  });
  return chosen.map(wayText).join("\n");
}

function wayText({ title, note, trust, stop }: TrustWay): string {
  const lines = trust.length === 0 ? "" : `${indented(trust)}  and to stop:\n${indented(stop)}`;
  return `${title}\n${note === null ? "" : wrapped(note)}${lines}`;
}

/** Sentences in lines of at most 100 characters. Commands are never broken. */
function wrapped(sentences: string): string {
  return sentences.replaceAll(/(.{1,96})(?:\s+|$)/g, "  $1\n");
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join("");
}

/** Writes a file that is not there yet, or has the same already. Rejects with an Error in words. */
async function exportTo(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(file, bytes, { createNew: true });
  } catch (error) {
    const there = error instanceof Deno.errors.AlreadyExists;
    if (there) {
      const held = await Deno.readFile(file).catch(() => new Uint8Array());
      if (held.byteLength === bytes.byteLength && held.every((byte, at) => byte === bytes[at])) return;
    }
    const reason = there
      ? "it is there already, and is something else"
      : error instanceof Error
      ? error.message.replace(/ \(os error.*$/, "")
      : String(error);
    throw new Error(`Cannot write ${file}: ${reason}. Name another file.`);
  }
}

// Members of JSON objects, read so that everything that is wrong is told at once, each with the path of its member
// ("slow.upstream.latencyMs"). Pure.

import { nearest } from "./nearest.ts";

/** What is wrong: the path of the member, and a sentence that says why and one that says what to write. */
export interface Fault {
  readonly path: string;
  readonly text: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads values, and notes what is wrong with them. What could not be read is undefined. */
export class MemberReader {
  readonly faults: Fault[] = [];

  /** The members of an object that has none but `known` ones; `what` is it in words. */
  object(json: unknown, path: string, known: readonly string[], what: string): Json {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      this.wrong(path, `Cannot use it as a ${what}: it is not an object. Give one with ${known.join(", ")}.`);
      return {};
    }
    for (const name of Object.keys(json)) {
      if (known.includes(name)) continue;
      const meant = nearest(name, known);
      const mend = meant === null ? `Give ${known.join(", ")}.` : `Write ${JSON.stringify(meant)}.`;
      this.wrong(at(path, name), `Cannot use ${quote(name)}: a ${what} has no such member. ${mend}`);
    }
    return json as Json;
  }

  /** What `read` makes of a text; its SyntaxError is noted. */
  parsed<T>(read: (text: string) => T, text: string, path: string): T | undefined {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.wrong(path, error.message);
    }
  }

  /** true or false; false where it is left out. */
  flag(value: unknown, path: string): boolean {
    if (value === undefined || value === null) return false;
    if (typeof value === "boolean") return value;
    this.wrong(path, `Cannot use ${quote(value)}: it is neither true nor false. Give one of them.`);
    return false;
  }

  /** Notes what is wrong. */
  wrong(path: string, text: string): undefined {
    this.faults.push({ path, text });
  }
}

/** The path of a member of what is at `path`. */
export function at(path: string, member: string): string {
  const named = /^[A-Za-z_$][\w$-]*$/.test(member) ? member : JSON.stringify(member);
  return path === "" ? named : `${path}.${named}`;
}

/** A value as errors show it. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

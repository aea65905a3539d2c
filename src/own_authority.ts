// The monitor's own authority, for the relay, which shows clients what it issues, and for the page, which tells how it is
// trusted. It is loaded, read and made only when somebody needs it. The environment is read through a function.

import type { AuthorityKeeping } from "./ca/keeping.ts";
import type { IssuedCertificate, OwnCertificates } from "./ca/own_certificates.ts";
import type { ReadVariable } from "./ca/folder.ts";
import { type System, trustWays } from "./trust_lines.ts";
import type { Authority } from "./ui/authority.ts";
import type { OwnAuthority } from "./ui/types.ts";

/** Who this user is, by the first of these that has a value. */
export const USER_VARIABLES = ["USER", "LOGNAME", "USERNAME"];

/** The authority of this user on this machine. */
export class LocalAuthority implements Authority {
  readonly #read: ReadVariable;
  readonly #notice: (text: string) => void;
  #loaded: Promise<{ readonly keeping: AuthorityKeeping; readonly certificates: OwnCertificates }> | null =
    null;

  /** `read` gives variables of the environment, `notice` takes a sentence for the user. */
  constructor(read: ReadVariable, notice: (text: string) => void) {
    this.#read = read;
    this.#notice = notice;
  }

  /** A certificate for clients that ask for `name`, and for `also`. Rejects with an Error in words. */
  async forName(name: string, also?: readonly string[]): Promise<IssuedCertificate> {
    const { certificates } = await this.#load();
    return await certificates.forName(name, also);
  }

  /** What is known of it, unless it is not made yet. Rejects with an Error in words. */
  async facts(): Promise<OwnAuthority> {
    const { keeping } = await this.#load();
    const { authorityFacts } = await import("./ca/own_certificates.ts");
    const authority = await keeping.read();
    if (authority === null) return { authority: null, ways: [] };
    const facts = authorityFacts(authority, keeping);
    return { authority: facts, ways: trustWays(facts, thisSystem()) };
  }

  /** Its certificate in PEM; it is made unless it is there. Rejects with an Error in words. */
  async certificate(): Promise<string> {
    const { certificates } = await this.#load();
    return await certificates.certificate();
  }

  async #load() {
    this.#loaded ??= this.#open();
    try {
      return await this.#loaded;
    } catch (error) {
      this.#loaded = null;
      throw error;
    }
  }

  async #open() {
    const [{ authorityFolder }, { AuthorityKeeping }, { OwnCertificates }] = await Promise.all([
      import("./ca/folder.ts"),
      import("./ca/keeping.ts"),
      import("./ca/own_certificates.ts"),
    ]);
    const keeping = new AuthorityKeeping(authorityFolder(thisSystem(), this.#read));
    const certificates = new OwnCertificates(keeping, {
      madeFor: madeFor(this.#read),
      onMade: ({ name, file }) =>
        this.#notice(`Made an authority of this machine's own, "${name}": ${file}. To trust it: tcpmon ca`),
    });
    return { keeping, certificates };
  }
}

/** Whom and where an authority is recognised by: "ann@laptop". */
export function madeFor(read: ReadVariable): string {
  const user = USER_VARIABLES.map((name) => read(name)).find((value) => value !== undefined && value !== "");
  let machine = "this-machine";
  try {
    machine = Deno.hostname();
  } catch {
    // It is only for people to recognise it by, and not worth a permission to those who start it with fewer.
  }
  return user === undefined ? machine : `${user}@${machine}`;
}

/** The system that this runs on; others are much like Linux. */
export function thisSystem(): System {
  const { os } = Deno.build;
  return os === "darwin" || os === "windows" ? os : "linux";
}

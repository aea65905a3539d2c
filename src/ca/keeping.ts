// The authority on disk: one folder that is this user's alone, with the key and its certificate in one file that only
// this user can read (0600), and the certificate by itself, for programs that are told its path.
// Key and certificate come into being together, by a link that cannot replace another: of two programs that start at
// once, one makes the authority and both use it. No text that leaves here has anything of the key.

import { Authority } from "./authority.ts";

/** The files of the folder. */
const KEY_FILE = "tcpmon-ca.key";
const CERTIFICATE_FILE = "tcpmon-ca.crt";

/** What may be done by others with a folder or a file (POSIX mode bits). */
const OTHERS_WRITE = 0o022;
const OTHERS_ANYTHING = 0o077;

/** Where an authority is kept. */
export class AuthorityKeeping {
  readonly folder: string;
  /** The certificate, in PEM. */
  readonly certificateFile: string;
  readonly #keyFile: string;
  readonly #separator: string;

  /** `folder` is an absolute path; it need not be there yet. */
  constructor(folder: string) {
    this.#separator = folder.includes("\\") ? "\\" : "/";
    this.folder = folder;
    this.certificateFile = `${folder}${this.#separator}${CERTIFICATE_FILE}`;
    this.#keyFile = `${folder}${this.#separator}${KEY_FILE}`;
  }

  /** The authority that is kept here; null where there is none. Rejects with an Error in words. */
  async read(): Promise<Authority | null> {
    let text: string;
    try {
      const info = await Deno.stat(this.#keyFile);
      this.#refuseShared(this.#keyFile, info, OTHERS_ANYTHING, "others can read it", "600");
      this.#refuseShared(
        this.folder,
        await Deno.stat(this.folder),
        OTHERS_WRITE,
        "others can write to it",
        "700",
      );
      text = await Deno.readTextFile(this.#keyFile);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw cannot("read", this.#keyFile, error);
    }
    let authority: Authority;
    try {
      authority = Authority.fromPem(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Error(
        `Cannot use ${this.#keyFile}: ${error.message}. Bring back a copy of it, or make a new authority: ` +
          "tcpmon ca remove, then tcpmon ca create.",
      );
    }
    await this.#showCertificate(authority);
    return authority;
  }

  /**
   * Keeps what `make` gives, unless an authority is kept here already: then that one. `made` says which. Rejects with
   * an Error in words.
   */
  async readOrCreate(
    make: () => Authority,
  ): Promise<{ readonly authority: Authority; readonly made: boolean }> {
    const kept = await this.read();
    if (kept !== null) return { authority: kept, made: false };
    const text = make().toPem();
    const draft = `${this.#keyFile}.${crypto.randomUUID()}`;
    let made = true;
    try {
      await Deno.mkdir(this.folder, { recursive: true, mode: 0o700 });
      try {
        await Deno.writeTextFile(draft, text, { createNew: true, mode: 0o600 });
        await Deno.link(draft, this.#keyFile);
      } finally {
        await Deno.remove(draft).catch(ignoreMissing);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) {
        throw cannot("keep the authority in", this.folder, error);
      }
      // Another program was quicker: what it made counts.
      made = false;
    }
    const authority = await this.read();
    if (authority === null) {
      throw new Error(`Cannot keep the authority in ${this.folder}: it was removed at once.`);
    }
    return { authority, made };
  }

  /** Differs whenever another authority is kept, or none any more. */
  async stamp(): Promise<string> {
    try {
      const { ino, size, mtime } = await Deno.stat(this.#keyFile);
      return [ino, size, mtime?.getTime()].join();
    } catch {
      // Why it cannot be read is said where it is read.
      return "";
    }
  }

  /**
   * Removes both files, what a program that was killed may have left of them, and the folder if nothing else is in it.
   * True where there was a key. Rejects with an Error in words.
   */
  async remove(): Promise<boolean> {
    try {
      const had = await Deno.remove(this.#keyFile).then(() => true, ignoreMissing);
      for await (const { name } of Deno.readDir(this.folder)) {
        const isOwn = [KEY_FILE, CERTIFICATE_FILE].some((own) => name === own || name.startsWith(`${own}.`));
        if (isOwn) await Deno.remove(`${this.folder}${this.#separator}${name}`).catch(ignoreMissing);
      }
      if (had) await Deno.remove(this.folder).catch(() => undefined);
      return had;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw cannot("remove the authority in", this.folder, error);
    }
  }

  /** Writes the certificate's own file where it is missing or another's. Whole, for it may be read at that moment. */
  async #showCertificate({ parts }: Authority): Promise<void> {
    const there = await Deno.readTextFile(this.certificateFile).catch(() => null);
    if (there === parts.certificate) return;
    const draft = `${this.certificateFile}.${crypto.randomUUID()}`;
    try {
      await Deno.writeTextFile(draft, parts.certificate, { createNew: true, mode: 0o644 });
      await Deno.rename(draft, this.certificateFile);
    } catch (error) {
      await Deno.remove(draft).catch(() => undefined);
      throw cannot("write", this.certificateFile, error);
    }
  }

  #refuseShared(path: string, info: Deno.FileInfo, bits: number, reason: string, mode: string): void {
    // Windows has no such bits; there the folder is below one that is this user's alone.
    if (info.mode === null || Deno.build.os === "windows" || (info.mode & bits) === 0) return;
    throw new KeepingError(
      `Cannot use tcpmon's authority: ${reason}: ${path}. If nobody else has had it: chmod ${mode} ${
        path.includes(" ") ? `'${path}'` : path
      }. Otherwise: tcpmon ca remove, and stop trusting it.`,
    );
  }
}

/** An Error whose text is for the user already. */
class KeepingError extends Error {}

function cannot(what: string, path: string, error: unknown): Error {
  if (error instanceof KeepingError) return error;
  const [reason, mend] = error instanceof Deno.errors.PermissionDenied
    ? ["no permission", "Give it, or name another folder in TCPMON_CA."]
    : error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.NotFound
    ? ["its path leads nowhere", "Name another folder in TCPMON_CA."]
    : [
      error instanceof Error ? error.message.replace(/ \(os error.*$/, "") : String(error),
      "Name another folder in TCPMON_CA.",
    ];
  return new Error(`Cannot ${what} ${path}: ${reason}. ${mend}`);
}

function ignoreMissing(error: unknown): false {
  if (error instanceof Deno.errors.NotFound) return false;
  throw error;
}

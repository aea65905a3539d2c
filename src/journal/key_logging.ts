// Everything about key logs in the journal's worker: follows the file, watches what is recorded for TLS connections, and
// has the secrets of these appended (secrets.ts decides which and where).

import { resolve } from "node:path";
import { type BatchRecord, Kind } from "./batch.ts";
import { ClientRandoms } from "./client_randoms.ts";
import { KeyLogFile } from "./key_log_file.ts";
import { Secrets, type SecretsSink } from "./secrets.ts";

/** Follows one key log for one Journal. */
export class KeyLogging {
  readonly #file: KeyLogFile;
  readonly #randoms = new ClientRandoms();
  /** Those that the Journal already held, until it is begun. */
  readonly #held = new Set<string>();
  #secrets: Secrets | null = null;
  #toldDamaged = false;

  /** `notice` takes a sentence for the user. Throws Error, in words for the user, where the file cannot be followed. */
  constructor(path: string, private readonly notice: (text: string) => void) {
    this.#file = new KeyLogFile(path);
    if (this.#file.check()) return;
    notice(
      `There is no key log ${path} yet. It is written by the client: start that with SSLKEYLOGFILE=${
        resolve(path)
      }.`,
    );
  }

  /** What a client sent that the Journal already held. */
  held(connection: number, bytes: Uint8Array): void {
    const random = this.#randoms.take(connection, bytes);
    if (random !== null) this.#held.add(random);
  }

  /** The section has begun: leaves room for secrets, and gives those that the Journal lacked so far. */
  begin(sink: SecretsSink): void {
    this.#secrets = new Secrets(sink);
    this.#secrets.begin();
    for (const random of this.#held) this.#secrets.held(random);
    this.#held.clear();
    this.look();
  }

  /** A new segment has begun: leaves room for secrets in it. */
  room(): void {
    this.#secrets?.begin();
  }

  /** Looks whether the file is there and is the same, and reads what has come. From time to time. */
  look(): void {
    this.#file.look();
    this.read();
  }

  /** Reads what has come. Before each batch, so that a secret comes before what it decrypts wherever it can. */
  read(): void {
    for (const line of this.#file.read()) this.#secrets?.line(line);
    const { damaged, path } = this.#file;
    if (damaged === 0 || this.#toldDamaged) return;
    this.#toldDamaged = true;
    this.notice(`The key log ${path} has lines that are none of a TLS key log. They are passed over.`);
  }

  /** This is recorded next. */
  before({ kind, connection, body }: BatchRecord): void {
    if (kind === Kind.upstream) {
      const random = this.#randoms.take(connection, body);
      if (random !== null) this.#secrets?.seen(random);
    } else if (kind === Kind.closed || kind === Kind.failed) this.#randoms.forget(connection);
  }

  close(): void {
    this.#file.close();
  }
}

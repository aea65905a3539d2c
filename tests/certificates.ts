// Certificates for tests, made with openssl in a folder that goes when the test ends: two authorities, an
// intermediate, servers good and bad, clients. All servers but `wrongName` are for NAMES. Each is made when it is first
// asked for, with what it is issued by: most tests need two or three, and openssl is a process for each.
// A test that uses them says `ignore: openssl === null`, and `await using made = await makeCertificates();`.

import { openssl } from "./needs.ts";

/** The names and addresses that the servers' certificates are for. */
export const NAMES = ["localhost", "shop.test", "*.example.test", "127.0.0.1", "::1"] as const;

/** What `encryptedKey` and `p12` are locked with. */
export const PASSWORD = "a password for tests";

/** A certificate, what leads from it to its root, and its key: as text, and as files that programs can be given. */
export interface Made {
  /** PEM: its own certificate first, then the intermediate if it has one and shows it. Never the root. */
  readonly cert: string;
  /** PEM (PKCS#8), not encrypted. */
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** All of them. `root` is what a peer trusts, and `otherRoot` what it does not know. */
export interface Certificates {
  /** Where the files lie; more may be put there. */
  readonly folder: string;
  readonly root: Made;
  readonly otherRoot: Made;
  /** An authority below `root` (pathlen 0), which issued `ecdsa`, `rsa` and `incomplete`. */
  readonly intermediate: Made;
  /** Good servers: leaf and intermediate, P-256 and RSA 2048. */
  readonly ecdsa: Made;
  readonly rsa: Made;
  /** Below `root`, for NAMES, but over since 2020, or not yet begun (2040). */
  readonly expired: Made;
  readonly notYetValid: Made;
  /** Below `root`, for other.test alone. */
  readonly wrongName: Made;
  /** Signed by itself: an authority (CA:TRUE, as openssl makes them unless told otherwise), and CA:FALSE. */
  readonly selfSigned: Made;
  readonly selfSignedLeaf: Made;
  /** Below `otherRoot`. */
  readonly untrusted: Made;
  /** Issued by `intermediate`, which it does not show. */
  readonly incomplete: Made;
  /** Clients, "CN=Ann Example" below `root` and "CN=Mallory" below `otherRoot`; for clients alone (EKU). */
  readonly client: Made;
  readonly otherClient: Made;
  /** The key of `client`, encrypted with PASSWORD (PKCS#8), and all of `client` as PKCS#12 with PASSWORD. */
  readonly encryptedKey: string;
  readonly p12: string;
  /** One more server below `root`, for these names alone. */
  server(...names: string[]): Promise<Made>;
  [Symbol.asyncDispose](): Promise<void>;
}

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
const RSA = ["-newkey", "rsa:2048"];
const AUTHORITY = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
const SERVER = [
  "basicConstraints=critical,CA:FALSE",
  "keyUsage=critical,digitalSignature",
  "extendedKeyUsage=serverAuth",
];
const CLIENT = [
  "basicConstraints=critical,CA:FALSE",
  "keyUsage=critical,digitalSignature",
  "extendedKeyUsage=clientAuth",
];
const LEAF = [...SERVER, alternativeNames(NAMES)];

/** A folder for them; each is made in it when it is first asked for. */
export async function makeCertificates(): Promise<Certificates> {
  return new Kept(await Deno.makeTempDir({ prefix: "tcpmon-certificates-" }));
}

/** Those that have been made, by name. */
class Kept implements Certificates {
  readonly #make: Maker;
  readonly #made = new Map<string, Made>();
  #servers = 0;

  constructor(readonly folder: string) {
    this.#make = new Maker(folder);
  }

  get root(): Made {
    return this.#once("root", "Test Root", AUTHORITY);
  }

  get otherRoot(): Made {
    return this.#once("other-root", "Other Test Root", AUTHORITY);
  }

  get intermediate(): Made {
    const extensions = ["basicConstraints=critical,CA:TRUE,pathlen:0", AUTHORITY[1]];
    return this.#once("intermediate", "Test Intermediate", extensions, () => ({ by: this.root }));
  }

  get ecdsa(): Made {
    const { intermediate } = this;
    return this.#once("ecdsa", "localhost", LEAF, () => ({ by: intermediate, shows: intermediate }));
  }

  get rsa(): Made {
    const { intermediate } = this;
    return this.#once("rsa", "localhost", LEAF, () => ({ by: intermediate, shows: intermediate, key: RSA }));
  }

  get incomplete(): Made {
    return this.#once("incomplete", "localhost", LEAF, () => ({ by: this.intermediate }));
  }

  get expired(): Made {
    return this.#dated("expired", "20200101000000Z", "20200201000000Z");
  }

  get notYetValid(): Made {
    return this.#dated("not-yet-valid", "20400101000000Z", "20400201000000Z");
  }

  get wrongName(): Made {
    const extensions = [...SERVER, "subjectAltName=DNS:other.test"];
    return this.#once("wrong-name", "other.test", extensions, () => ({ by: this.root }));
  }

  get selfSigned(): Made {
    return this.#once("self-signed", "localhost", [alternativeNames(NAMES)]);
  }

  get selfSignedLeaf(): Made {
    return this.#once("self-signed-leaf", "localhost", LEAF);
  }

  get untrusted(): Made {
    return this.#once("untrusted", "localhost", LEAF, () => ({ by: this.otherRoot }));
  }

  get client(): Made {
    return this.#once("client", "Ann Example", CLIENT, () => ({ by: this.root }));
  }

  get otherClient(): Made {
    return this.#once("other-client", "Mallory", CLIENT, () => ({ by: this.otherRoot }));
  }

  get encryptedKey(): string {
    return this.#locked("client-encrypted.key", "pkcs8", "-topk8", "-in", this.client.keyFile);
  }

  get p12(): string {
    const { certFile, keyFile } = this.client;
    return this.#locked("client.p12", "pkcs12", "-export", "-in", certFile, "-inkey", keyFile);
  }

  // deno-lint-ignore require-await -- what a test asks for by name fails as a promise does
  async server(...names: string[]): Promise<Made> {
    return this.#make.certificate(
      `server-${++this.#servers}`,
      "A test server",
      [...SERVER, alternativeNames(names)],
      { by: this.root },
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.folder, { recursive: true });
  }

  #once(name: string, commonName: string, extensions: readonly string[], how: () => How = () => ({})): Made {
    const made = this.#made.get(name) ?? this.#make.certificate(name, commonName, extensions, how());
    this.#made.set(name, made);
    return made;
  }

  #dated(name: string, begins: string, ends: string): Made {
    const made = this.#made.get(name) ?? this.#make.dated(name, LEAF, this.root, begins, ends);
    this.#made.set(name, made);
    return made;
  }

  /** A file of `client` that is locked with PASSWORD; made anew each time. */
  #locked(name: string, ...args: readonly string[]): string {
    const path = `${this.folder}/${name}`;
    run(...args, "-out", path, "-passout", `pass:${PASSWORD}`);
    return path;
  }
}

/** How one is made that is not signed by itself, or has another key than P-256. */
interface How {
  readonly by?: Made;
  readonly shows?: Made;
  readonly key?: readonly string[];
}

/** Makes certificates in one folder. */
class Maker {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A certificate with these extensions; signed by itself unless `by` is given. */
  certificate(name: string, commonName: string, extensions: readonly string[], how: How = {}): Made {
    const { certFile, keyFile } = this.#files(name);
    const signer = how.by === undefined ? [] : ["-CA", how.by.certFile, "-CAkey", how.by.keyFile];
    run(
      ...["req", "-x509", "-nodes", "-days", "30", "-subj", `/CN=${commonName}`, ...signer],
      ...extensions.flatMap((extension) => ["-addext", extension]),
      ...[...(how.key ?? EC), "-keyout", keyFile, "-out", certFile],
    );
    return this.#read(name, how.shows);
  }

  /** One with dates of its own, which `openssl req` cannot give. */
  dated(name: string, extensions: readonly string[], by: Made, begins: string, ends: string): Made {
    const { certFile, keyFile } = this.#files(name);
    const books = `${this.#folder}/${name}.books`;
    Deno.mkdirSync(books);
    Deno.writeTextFileSync(`${books}/index.txt`, "");
    Deno.writeTextFileSync(`${books}/extensions`, `${extensions.join("\n")}\n`);
    Deno.writeTextFileSync(
      `${books}/settings`,
      `[ca]\ndefault_ca=books\n[books]\ndatabase=${books}/index.txt\nnew_certs_dir=${books}\n` +
        `rand_serial=yes\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n`,
    );
    run("req", "-nodes", "-subj", "/CN=localhost", ...EC, "-keyout", keyFile, "-out", `${books}/asked`);
    run(
      ...["ca", "-batch", "-notext", "-config", `${books}/settings`, "-extfile", `${books}/extensions`],
      ...["-cert", by.certFile, "-keyfile", by.keyFile, "-startdate", begins, "-enddate", ends],
      ...["-in", `${books}/asked`, "-out", certFile],
    );
    return this.#read(name);
  }

  #read(name: string, shows?: Made): Made {
    const { certFile, keyFile } = this.#files(name);
    const cert = Deno.readTextFileSync(certFile) + (shows?.cert ?? "");
    if (shows !== undefined) Deno.writeTextFileSync(certFile, cert);
    return { cert, key: Deno.readTextFileSync(keyFile), certFile, keyFile };
  }

  #files(name: string): { readonly certFile: string; readonly keyFile: string } {
    return { certFile: `${this.#folder}/${name}.crt`, keyFile: `${this.#folder}/${name}.key` };
  }
}

function alternativeNames(names: readonly string[]): string {
  const each = names.map((name) => `${/^[\d.]+$|:/.test(name) ? "IP" : "DNS"}:${name}`);
  return `subjectAltName=${each.join(",")}`;
}

/** Waits for it, as nothing goes on in a test while its certificates are made. */
function run(...args: string[]): void {
  const { success, stderr } = new Deno.Command(openssl!, { args, stdin: "null" }).outputSync();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}

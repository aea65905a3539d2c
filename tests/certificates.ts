// Certificates for tests, made with openssl in a folder that goes when the test ends: two authorities, an
// intermediate, servers good and bad, clients. All servers but `wrongName` are for NAMES.
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

/** Makes all of them, in less than a second. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-certificates-" });
  try {
    return await makeIn(folder);
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function makeIn(folder: string): Promise<Certificates> {
  const make = new Maker(folder);
  const [root, otherRoot] = await Promise.all([
    make.certificate("root", "Test Root", AUTHORITY),
    make.certificate("other-root", "Other Test Root", AUTHORITY),
  ]);
  const intermediate = await make.certificate("intermediate", "Test Intermediate", [
    "basicConstraints=critical,CA:TRUE,pathlen:0",
    AUTHORITY[1],
  ], { by: root });
  const leaf = [...SERVER, alternativeNames(NAMES)];
  const [ecdsa, rsa, incomplete, expired, notYetValid, wrongName, selfSigned, selfSignedLeaf, untrusted] =
    await Promise.all([
      make.certificate("ecdsa", "localhost", leaf, { by: intermediate, shows: intermediate }),
      make.certificate("rsa", "localhost", leaf, { by: intermediate, shows: intermediate, key: RSA }),
      make.certificate("incomplete", "localhost", leaf, { by: intermediate }),
      make.dated("expired", leaf, root, "20200101000000Z", "20200201000000Z"),
      make.dated("not-yet-valid", leaf, root, "20400101000000Z", "20400201000000Z"),
      make.certificate("wrong-name", "other.test", [...SERVER, "subjectAltName=DNS:other.test"], {
        by: root,
      }),
      make.certificate("self-signed", "localhost", [alternativeNames(NAMES)]),
      make.certificate("self-signed-leaf", "localhost", leaf),
      make.certificate("untrusted", "localhost", leaf, { by: otherRoot }),
    ]);
  const [client, otherClient] = await Promise.all([
    make.certificate("client", "Ann Example", CLIENT, { by: root }),
    make.certificate("other-client", "Mallory", CLIENT, { by: otherRoot }),
  ]);
  const [encryptedKey, p12] = [`${folder}/client-encrypted.key`, `${folder}/client.p12`];
  const locked = ["-passout", `pass:${PASSWORD}`];
  await run("pkcs8", "-topk8", "-in", client.keyFile, "-out", encryptedKey, ...locked);
  await run("pkcs12", "-export", "-in", client.certFile, "-inkey", client.keyFile, "-out", p12, ...locked);
  let more = 0;
  return {
    ...{ folder, root, otherRoot, intermediate, ecdsa, rsa, incomplete, expired, notYetValid, wrongName },
    ...{ selfSigned, selfSignedLeaf, untrusted, client, otherClient, encryptedKey, p12 },
    server: (...names) =>
      make.certificate(`server-${++more}`, "A test server", [...SERVER, alternativeNames(names)], {
        by: root,
      }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Makes certificates in one folder. */
class Maker {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A certificate with these extensions; signed by itself unless `by` is given. */
  async certificate(
    name: string,
    commonName: string,
    extensions: readonly string[],
    how: { by?: Made; shows?: Made; key?: readonly string[] } = {},
  ): Promise<Made> {
    const { certFile, keyFile } = this.#files(name);
    const signer = how.by === undefined ? [] : ["-CA", how.by.certFile, "-CAkey", how.by.keyFile];
    await run(
      ...["req", "-x509", "-nodes", "-days", "30", "-subj", `/CN=${commonName}`, ...signer],
      ...extensions.flatMap((extension) => ["-addext", extension]),
      ...[...(how.key ?? EC), "-keyout", keyFile, "-out", certFile],
    );
    return await this.#read(name, how.shows);
  }

  /** One with dates of its own, which `openssl req` cannot give. */
  async dated(
    name: string,
    extensions: readonly string[],
    by: Made,
    begins: string,
    ends: string,
  ): Promise<Made> {
    const { certFile, keyFile } = this.#files(name);
    const books = `${this.#folder}/${name}.books`;
    await Deno.mkdir(books);
    await Deno.writeTextFile(`${books}/index.txt`, "");
    await Deno.writeTextFile(`${books}/extensions`, `${extensions.join("\n")}\n`);
    await Deno.writeTextFile(
      `${books}/settings`,
      `[ca]\ndefault_ca=books\n[books]\ndatabase=${books}/index.txt\nnew_certs_dir=${books}\n` +
        `rand_serial=yes\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n`,
    );
    await run("req", "-nodes", "-subj", "/CN=localhost", ...EC, "-keyout", keyFile, "-out", `${books}/asked`);
    await run(
      ...["ca", "-batch", "-notext", "-config", `${books}/settings`, "-extfile", `${books}/extensions`],
      ...["-cert", by.certFile, "-keyfile", by.keyFile, "-startdate", begins, "-enddate", ends],
      ...["-in", `${books}/asked`, "-out", certFile],
    );
    return await this.#read(name);
  }

  async #read(name: string, shows?: Made): Promise<Made> {
    const { certFile, keyFile } = this.#files(name);
    const cert = await Deno.readTextFile(certFile) + (shows?.cert ?? "");
    if (shows !== undefined) await Deno.writeTextFile(certFile, cert);
    return { cert, key: await Deno.readTextFile(keyFile), certFile, keyFile };
  }

  #files(name: string): { readonly certFile: string; readonly keyFile: string } {
    return { certFile: `${this.#folder}/${name}.crt`, keyFile: `${this.#folder}/${name}.key` };
  }
}

function alternativeNames(names: readonly string[]): string {
  const each = names.map((name) => `${/^[\d.]+$|:/.test(name) ? "IP" : "DNS"}:${name}`);
  return `subjectAltName=${each.join(",")}`;
}

async function run(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(openssl!, { args, stdin: "null" }).output();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}

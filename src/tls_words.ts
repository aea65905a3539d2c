// What a command line says of a listener's TLS: its options, and what they come to together. Pure; what does not go
// together is refused with a UsageError.

import type { CertificateFiles, ListenTls, TargetScheme, TargetTls } from "./model.ts";
import { parseFile, parsePassthrough } from "./tls_json.ts";
import { UsageError } from "./usage_error.ts";

/** The options, with an example each; those whose example is the option alone take no value. */
export const TLS_OPTIONS = {
  "target-ca": "--target-ca authority.pem",
  insecure: "--insecure",
  "target-cert": "--target-cert client.pem",
  "target-key": "--target-key client.key",
  "listen-tls": "--listen-tls",
  cert: "--cert server.pem",
  key: "--key server.key",
  "ask-client-cert": "--ask-client-cert",
  passthrough: "--passthrough api.example.org",
} as const;

export type TlsOption = keyof typeof TLS_OPTIONS;

/** What was given, by option; "" where an option takes no value. */
export type TlsWords = { readonly [option in Exclude<TlsOption, "passthrough">]?: string } & {
  /** May be given several times, and with commas. */
  readonly passthrough?: readonly string[];
};

/** Those that say something of TLS that clients begin. */
const OF_CLIENTS = ["cert", "key", "ask-client-cert", "passthrough"] as const;
/** Those that say something of TLS to the target. */
const OF_TARGET = ["target-ca", "insecure", "target-cert", "target-key"] as const;

/** What is given of a listener once `text` follows `--name`. Throws SyntaxError. */
export function withTlsWord(words: TlsWords, name: TlsOption, text: string): TlsWords {
  if (name === "passthrough") {
    const names = text.split(",").map((one) => parsePassthrough(one));
    return { ...words, passthrough: [...words.passthrough ?? [], ...names] };
  }
  return { ...words, [name]: text === "" ? "" : parseFile(text) };
}

/** What the options of one listener come to. Throws UsageError. */
export function tlsOf(
  words: TlsWords,
  targetScheme: TargetScheme | undefined,
): { targetTls?: TargetTls; listenTls?: ListenTls } {
  const endsTls = words["listen-tls"] !== undefined;
  const [ofClients] = OF_CLIENTS.filter((name) => words[name] !== undefined);
  if (ofClients !== undefined && !endsTls) {
    throw new UsageError(
      `Cannot use --${ofClients}: TLS from clients is passed through as it is. Write --listen-tls as well, to end it.`,
    );
  }
  const [ofTarget] = OF_TARGET.filter((name) => words[name] !== undefined);
  if (ofTarget !== undefined && !endsTls && targetScheme === undefined) {
    throw new UsageError(
      `Cannot use --${ofTarget}: no TLS is spoken to that target. ` +
        "Write the target as https://HOST or tls://HOST:PORT, or add --listen-tls.",
    );
  }
  if (words.insecure !== undefined && words["target-ca"] !== undefined) {
    throw new UsageError(
      "Cannot use --target-ca: with --insecure any certificate is accepted. Leave one of them out.",
    );
  }
  const ofUs = certificate(words, "target-cert", "target-key");
  const targetTls: TargetTls = {
    ...(words["target-ca"] === undefined ? {} : { ca: words["target-ca"] }),
    ...(words.insecure === undefined ? {} : { insecure: true }),
    ...(ofUs === undefined ? {} : { certificate: ofUs }),
  };
  const shown = certificate(words, "cert", "key");
  const listenTls: ListenTls = {
    ...(shown === undefined ? {} : { certificate: shown }),
    ...(words["ask-client-cert"] === undefined ? {} : { asksClients: true }),
    ...(words.passthrough === undefined ? {} : { passthrough: words.passthrough }),
  };
  return { ...(ofTarget === undefined ? {} : { targetTls }), ...(endsTls ? { listenTls } : {}) };
}

/** A certificate alone is a file that has its key as well. */
function certificate(
  words: TlsWords,
  certName: "cert" | "target-cert",
  keyName: "key" | "target-key",
): CertificateFiles | undefined {
  const [cert, key] = [words[certName], words[keyName]];
  if (cert !== undefined) return { cert, key: key ?? cert };
  if (key === undefined) return undefined;
  throw new UsageError(`Cannot use --${keyName}: its certificate is missing. Write --${certName} FILE too.`);
}

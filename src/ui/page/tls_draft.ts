// What is typed into a form for a listener about TLS, what is wrong with it, and what it comes to. Pure. Whether files
// are there only the program knows.

import { parsePassthrough } from "../../tls_json.ts";
import type { Listener, NewListener, ShownListenTls, ShownTargetTls } from "../types.ts";

/** The inputs, as typed. */
export interface TlsDraft {
  /** Whether TLS is spoken to the target from the first byte, and what for. */
  readonly targetScheme: "none" | "https" | "tls";
  /** Which certificates of targets are accepted: those that the system trusts, those of a file too, or any. */
  readonly trust: "system" | "file" | "any";
  readonly targetCa: string;
  readonly targetCert: string;
  readonly targetKey: string;
  /** What becomes of TLS that clients begin. */
  readonly clientTls: "passed" | "ended";
  /** What clients are shown: certificates of the monitor's own authority, or one from files. */
  readonly shows: "own" | "files";
  readonly cert: string;
  readonly key: string;
  readonly asksClients: boolean;
  /** Names with white space or commas between them. */
  readonly passthrough: string;
}

/** Inputs that something can be wrong with. */
export type TlsField =
  | "targetScheme"
  | "targetCa"
  | "targetCert"
  | "targetKey"
  | "listenTls"
  | "cert"
  | "key"
  | "passthrough";

/** The inputs at first: no TLS. */
export const NO_TLS: TlsDraft = {
  targetScheme: "none",
  trust: "system",
  targetCa: "",
  targetCert: "",
  targetKey: "",
  clientTls: "passed",
  shows: "own",
  cert: "",
  key: "",
  asksClients: false,
  passthrough: "",
};

/** The inputs for a listener that is there. */
export function tlsDraftOf(
  { targetScheme, targetTls, listenTls }: Pick<Listener, "targetScheme" | "targetTls" | "listenTls">,
): TlsDraft {
  return {
    targetScheme: targetScheme ?? "none",
    trust: targetTls?.insecure ? "any" : targetTls?.ca ? "file" : "system",
    targetCa: targetTls?.ca ?? "",
    targetCert: targetTls?.cert ?? "",
    targetKey: keyOf(targetTls),
    clientTls: listenTls === null ? "passed" : "ended",
    shows: listenTls?.cert ? "files" : "own",
    cert: listenTls?.cert ?? "",
    key: keyOf(listenTls),
    asksClients: listenTls?.asksClients ?? false,
    passthrough: listenTls?.passthrough.join(" ") ?? "",
  };
}

/** A key in the file of its certificate is left out. */
function keyOf(files: { readonly cert: string | null; readonly key: string | null } | null): string {
  return files === null || files.key === null || files.key === files.cert ? "" : files.key;
}

/** Whether TLS is, or may be, spoken to targets. */
export function speaksTls({ targetScheme, clientTls }: TlsDraft): boolean {
  return targetScheme !== "none" || clientTls === "ended";
}

/** What is wrong, in the order of the form. */
export function tlsErrors(draft: TlsDraft): { readonly field: TlsField; readonly text: string }[] {
  const errors: { field: TlsField; text: string }[] = [];
  const missing = (field: TlsField, text: string) => errors.push({ field, text });
  if (speaksTls(draft)) {
    if (draft.trust === "file" && !isGiven(draft.targetCa)) {
      missing("targetCa", "The file is missing. Write its path.");
    }
    if (!isGiven(draft.targetCert) && isGiven(draft.targetKey)) {
      missing("targetCert", "The certificate of that key is missing. Write the path of its file.");
    }
  }
  if (draft.clientTls === "passed") return errors;
  if (draft.shows === "files" && !isGiven(draft.cert)) {
    missing("cert", "The certificate is missing. Write the path of its file.");
  }
  for (const name of namesIn(draft.passthrough)) {
    try {
      parsePassthrough(name);
    } catch {
      missing("passthrough", `“${name}” is not a name. Write names as api.example.org or *.example.org.`);
      break;
    }
  }
  return errors;
}

/** What it comes to; the draft must be without errors. */
export function tlsMembers(
  draft: TlsDraft,
): Required<Pick<NewListener, "targetScheme" | "targetTls" | "listenTls">> {
  return {
    targetScheme: draft.targetScheme === "none" ? null : draft.targetScheme,
    targetTls: speaksTls(draft) ? targetTls(draft) : null,
    listenTls: draft.clientTls === "passed" ? null : listenTls(draft),
  };
}

function targetTls({ trust, targetCa, targetCert, targetKey }: TlsDraft): ShownTargetTls | null {
  const tls = {
    ca: trust === "file" ? targetCa.trim() : null,
    insecure: trust === "any",
    ...files(targetCert, targetKey),
  };
  return tls.ca === null && !tls.insecure && tls.cert === null ? null : tls;
}

function listenTls({ shows, cert, key, asksClients, passthrough }: TlsDraft): ShownListenTls {
  return {
    ...(shows === "files" ? files(cert, key) : { cert: null, key: null }),
    asksClients,
    passthrough: namesIn(passthrough),
  };
}

function files(cert: string, key: string): { readonly cert: string | null; readonly key: string | null } {
  if (!isGiven(cert)) return { cert: null, key: null };
  return { cert: cert.trim(), key: key.trim() || cert.trim() };
}

function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== "");
}

function isGiven(text: string): boolean {
  return text.trim() !== "";
}

/** What is chosen of TLS to the target, in few words. */
export function targetWords(draft: TlsDraft): string {
  if (!speaksTls(draft)) return "none";
  const when = { none: "where a client begins it", https: "HTTPS", tls: "TLS" }[draft.targetScheme];
  const trust = { system: "", file: ", trusting a file too", any: ", any certificate accepted" }[draft.trust];
  return `${when}${trust}${isGiven(draft.targetCert) ? ", with a certificate" : ""}`;
}

/** What is chosen of TLS from clients, in few words. */
export function clientWords({ clientTls, shows, asksClients, passthrough }: TlsDraft): string {
  if (clientTls === "passed") return "passed through as it is";
  const count = namesIn(passthrough).length;
  return [
    shows === "own" ? "ended here" : "ended here, with a certificate from files",
    ...(asksClients ? ["clients are asked for one"] : []),
    ...(count === 0 ? [] : [`${count} left alone`]),
  ].join(", ");
}

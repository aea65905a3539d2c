// What a listener does about TLS on each of its legs, and what is trusted there, in words. Pure: it knows what was
// configured, not what clients and targets then speak.

import type { Exchange, Listener } from "../../types.ts";
import { counted } from "../pane/words.ts";

/** A leg always is TLS, never by the monitor's doing, is it where the client begins it, or may pass as TLS unseen. */
export type LegKind = "tls" | "plain" | "either" | "passed";

/** A leg: what it is in a word, and in a sentence. */
export interface Leg {
  readonly kind: LegKind;
  readonly word: string;
  readonly detail: string;
}

/** A statement on what is trusted or shown. Loud is what makes TLS worth little. */
export interface Statement {
  readonly text: string;
  readonly detail: string;
  readonly isLoud: boolean;
}

/** What a listener's legs are told from. */
export type Legs = Pick<Listener, "target" | "targetScheme" | "targetTls" | "listenTls">;

/** The leg from clients to the monitor. */
export function clientLeg(listener: Legs): Leg {
  if (listener.listenTls !== null) {
    return {
      kind: "either",
      word: "TLS or plain",
      detail:
        "TLS that a client begins is ended here, and what is in it is recorded. Plain clients are served too.",
    };
  }
  return withoutTls(listener);
}

/** The leg from the monitor to the target. */
export function targetLeg(listener: Legs): Leg {
  const { target, targetScheme, targetTls, listenTls } = listener;
  if (targetScheme !== null) {
    return { kind: "tls", word: "TLS", detail: "TLS from the first byte, whatever the client speaks." };
  }
  if (listenTls === null) return withoutTls(listener);
  if (target === null) {
    return {
      kind: "either",
      word: "as the client",
      detail: "TLS where the client begins it, otherwise plain.",
    };
  }
  // Where more was said than that of whom to trust, a statement tells of it.
  const trusted = targetTls === null
    ? " The target's certificate is then checked against the authorities that the system trusts."
    : "";
  return {
    kind: "plain",
    word: "plain",
    detail: `Plain; TLS from where a client begins it with STARTTLS.${trusted}`,
  };
}

/** What is trusted and shown on the legs that can be TLS, the target's first. */
export function statementsOf(listener: Legs): Statement[] {
  return [...ofTarget(listener), ...ofClients(listener)];
}

/** Whether clients are shown certificates that they must be made to trust. */
export function showsOwnCertificates({ listenTls }: Legs): boolean {
  return listenTls !== null && listenTls.cert === null;
}

/** Whether any certificate of a target is accepted. */
export function isInsecure({ targetTls }: Legs): boolean {
  return targetTls?.insecure ?? false;
}

/** Whether the target of an Exchange was spoken to inside TLS, by the monitor or by the client itself. */
export function speaksTls({ tls }: Exchange): boolean {
  return tls === "target" || tls === "both" || tls === "decrypted";
}

/** Whether it came inside TLS through a proxy's tunnel, which tcpmon does not open to itself. */
export function isOfTunnel({ tls, method, url }: Exchange, { target }: Pick<Listener, "target">): boolean {
  if (target !== null || (tls !== "client" && tls !== "both")) return false;
  // A client may speak TLS with the proxy itself, and ask it in that.
  return method !== "CONNECT" && !(url ?? "").startsWith("http://");
}

/** The name of a file, without its folder. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function withoutTls({ target, targetScheme }: Legs): Leg {
  if (target === null) {
    return {
      kind: "passed",
      word: "as it comes",
      detail: "What goes through CONNECT passes as it comes: TLS in it is decrypted only with a key log.",
    };
  }
  if (targetScheme === null) {
    return {
      kind: "passed",
      word: "as it comes",
      detail:
        "tcpmon begins and ends no TLS here. What a client encrypts passes as it comes, and is decrypted only with a key log.",
    };
  }
  return {
    kind: "plain",
    word: "plain",
    detail: "tcpmon begins and ends no TLS here. What a client encrypts passes as it comes.",
  };
}

function ofTarget({ target, targetScheme, targetTls, listenTls }: Legs): Statement[] {
  const isAlways = targetScheme !== null;
  const isSometimes = listenTls !== null && (target === null || targetTls !== null);
  if (!isAlways && !isSometimes) return [];
  const { ca = null, insecure = false, cert = null } = targetTls ?? {};
  const trusted = insecure
    ? {
      text: "any certificate accepted",
      detail:
        "The target's certificate is not checked: who answers may be anybody. It is said of each connection " +
        "what is wrong with it.",
      isLoud: true,
    }
    : ca !== null
    ? {
      text: `trusts the system and ${fileName(ca)}`,
      detail: `The target's certificate is checked against the system's authorities and those in ${ca}.`,
      isLoud: false,
    }
    : {
      text: "trusts the system's authorities",
      detail: "The target's certificate is checked against the authorities that the system trusts.",
      isLoud: false,
    };
  if (cert === null) return [trusted];
  const shown = {
    text: `shows ${fileName(cert)}`,
    detail: `A target that asks for a certificate is shown ${cert}.`,
    isLoud: false,
  };
  return [trusted, shown];
}

function ofClients({ listenTls }: Legs): Statement[] {
  if (listenTls === null) return [];
  const { cert, asksClients, passthrough } = listenTls;
  const statements: Statement[] = [];
  if (cert !== null) {
    const detail = `Clients are shown ${cert}.`;
    statements.push({ text: `clients are shown ${fileName(cert)}`, detail, isLoud: false });
  }
  if (asksClients) {
    statements.push({
      text: "asks clients for a certificate",
      detail: "What a client shows is recorded, not checked.",
      isLoud: false,
    });
  }
  if (passthrough.length > 0) {
    statements.push({
      text: passthrough.length === 1
        ? `leaves ${passthrough[0]} alone`
        : `leaves ${counted(passthrough.length, "name")} alone`,
      detail: `Their TLS passes as it is: ${passthrough.join(", ")}`,
      isLoud: false,
    });
  }
  return statements;
}

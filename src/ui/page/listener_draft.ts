// What is typed into the form for a listener, and what is wrong with it before the program is asked. Pure.

import { formatAddress, parseProxy } from "../../address.ts";
import type { HostHeader, Listener, NewListener } from "../types.ts";
import { splitAddress } from "./addresses.ts";
import {
  draftOf as slowDraftOf,
  NOT_SLOW,
  slowErrors,
  slowLink,
  type SlowLinkDraft,
} from "./slow_link_draft.ts";
import { NO_TLS, type TlsDraft, tlsDraftOf, tlsErrors, type TlsField, tlsMembers } from "./tls_draft.ts";

/** The inputs, as typed. */
export interface ListenerDraft extends TlsDraft {
  readonly port: string;
  readonly host: string;
  /** What it acts as: a listener with a target, or a forward HTTP proxy. */
  readonly acts: "listener" | "proxy";
  readonly targetHost: string;
  readonly targetPort: string;
  /** What followed the address in a URL that was given as the target. */
  readonly leftOut: string;
  readonly name: string;
  readonly hostHeader: HostHeader | "auto";
  /** What the target is reached through. */
  readonly through: "nothing" | "environment" | "proxy";
  readonly proxyHost: string;
  readonly proxyPort: string;
  readonly proxyUser: string;
  readonly proxyPassword: string;
  readonly slow: SlowLinkDraft;
}

/** An input of the form that something can be wrong with. */
export type Field =
  | "port"
  | "host"
  | "targetHost"
  | "targetPort"
  | "name"
  | "hostHeader"
  | "proxyHost"
  | "proxyPort"
  | TlsField;

/** What is wrong with an input. */
export interface FieldError {
  readonly field: Field;
  readonly text: string;
  /** A port to take instead. */
  readonly suggestion: string | null;
}

/** The form at first. */
export const EMPTY: ListenerDraft = {
  port: "",
  host: "127.0.0.1",
  acts: "listener",
  targetHost: "",
  targetPort: "",
  leftOut: "",
  name: "",
  hostHeader: "auto",
  through: "nothing",
  proxyHost: "",
  proxyPort: "",
  proxyUser: "",
  proxyPassword: "",
  slow: NOT_SLOW,
  ...NO_TLS,
};

/** The form for a listener that is there. Its proxy's password is not known here; left empty, it stays. */
export function draftOf(listener: Listener): ListenerDraft {
  const { listen, target, name, hostHeader, via, slow } = listener;
  const { host, port } = splitAddress(listen);
  const to = target === null ? { host: "", port: "" } : splitAddress(target);
  const proxy = via === null || via === "environment" ? null : parseProxy(via);
  return {
    ...EMPTY,
    host,
    port,
    acts: target === null ? "proxy" : "listener",
    targetHost: to.host,
    targetPort: to.port,
    name: name ?? "",
    hostHeader: hostHeader ?? "auto",
    through: via === null ? "nothing" : via === "environment" ? via : "proxy",
    proxyHost: proxy?.address.host ?? "",
    proxyPort: proxy === null ? "" : String(proxy.address.port),
    proxyUser: proxy?.credentials?.user ?? "",
    slow: slowDraftOf(slow),
    ...tlsDraftOf(listener),
  };
}

/** What can be told to be wrong without asking the program, in the order of the form. */
export function errorsOf(typed: ListenerDraft): FieldError[] {
  const draft = divided(typed);
  const errors: FieldError[] = [];
  if (!isPort(draft.port, 0)) {
    errors.push(wrong("port", "A port is a number from 0 to 65535; 0 takes any free one."));
  }
  if (draft.acts === "listener") errors.push(...targetErrors(draft));
  errors.push(...tlsErrors(ofKind(draft)).map(({ field, text }) => wrong(field, text)));
  if (draft.through === "proxy") {
    if (draft.proxyHost.trim() === "") {
      errors.push(wrong("proxyHost", "The proxy is missing. Write its name or address."));
    }
    if (!isPort(draft.proxyPort, 1)) errors.push(wrong("proxyPort", "A port is a number from 1 to 65535."));
  }
  return errors;
}

/** A proxy has no target that TLS could be spoken to from the first byte. */
function ofKind(draft: ListenerDraft): ListenerDraft {
  return draft.acts === "proxy" ? { ...draft, targetScheme: "none" } : draft;
}

function targetErrors(draft: ListenerDraft): FieldError[] {
  const errors: FieldError[] = [];
  const host = draft.targetHost.trim();
  if (host === "") {
    errors.push(wrong("targetHost", "The target is missing. Write its name or address, such as localhost."));
  } else if (ADDRESS.test(host)) {
    errors.push(wrong("targetHost", "The field below says another port. Write the port only there."));
  }
  if (!isPort(draft.targetPort, 1)) {
    errors.push(wrong("targetPort", "A port is a number from 1 to 65535."));
  }
  return errors;
}

/** Whether it can be asked for. */
export function isWhole(draft: ListenerDraft): boolean {
  return errorsOf(draft).length === 0 && slowErrors(draft.slow).length === 0;
}

/** All members of the listener that is wanted; the draft must be without errors. */
export function newListener(typed: ListenerDraft): Required<NewListener> {
  const draft = divided(typed);
  const host = bare(draft.host) || EMPTY.host;
  const target = formatAddress({ host: bare(draft.targetHost), port: Number(draft.targetPort) });
  return {
    listen: formatAddress({ host, port: Number(draft.port) }),
    target: draft.acts === "proxy" ? null : target,
    name: draft.name.trim() || null,
    hostHeader: draft.hostHeader === "auto" || draft.acts === "proxy" ? null : draft.hostHeader,
    via: viaOf(draft),
    slow: slowLink(draft.slow),
    ...tlsMembers(ofKind(draft)),
  };
}

function viaOf({ through, proxyHost, proxyPort, proxyUser, proxyPassword }: ListenerDraft): string | null {
  if (through !== "proxy") return through === "nothing" ? null : through;
  const password = proxyPassword === "" ? "" : `:${encodeURIComponent(proxyPassword)}`;
  const user = proxyUser === "" ? "" : `${encodeURIComponent(proxyUser)}${password}@`;
  return `http://${user}${formatAddress({ host: bare(proxyHost), port: Number(proxyPort) })}`;
}

const FIELDS: Readonly<Record<string, Field>> = {
  target: "targetHost",
  targetScheme: "targetScheme",
  targetTls: "targetScheme",
  "targetTls.ca": "targetCa",
  "targetTls.cert": "targetCert",
  "targetTls.key": "targetKey",
  listenTls: "listenTls",
  "listenTls.cert": "cert",
  "listenTls.key": "key",
  "listenTls.passthrough": "passthrough",
  name: "name",
  hostHeader: "hostHeader",
  via: "proxyHost",
};

/** The error that the program told about a member, at the input it is about. */
export function toldError(member: string | null, text: string, suggestion: string | null): FieldError {
  const port = suggestion === null ? null : /\d+$/.exec(suggestion)?.[0] ?? null;
  const path = member?.replace(/\[\d+\]/g, "") ?? "";
  return { field: FIELDS[path] ?? FIELDS[path.split(".")[0]] ?? "port", text, suggestion: port };
}

/** `host:port`; not a bare IPv6 address. */
const ADDRESS = /^(\[[^\]]+\]|[^:\s]+):(\d{1,5})$/;

const URL_WITH_HOST = /^(https?|wss?|tls):\/\/(\[[^\]]+\]|[^/:?#@\s]+)(?::(\d+))?(?:\/?$|([/?#].*)$)/i;

/** What URLs say of TLS, and the port where they name none. */
const URL_SCHEMES: Readonly<Record<string, readonly [scheme: TlsDraft["targetScheme"], port: string]>> = {
  http: ["none", "80"],
  ws: ["none", "80"],
  https: ["https", "443"],
  wss: ["https", "443"],
  tls: ["tls", ""],
};

/**
 * With a whole address or URL in the target's host divided into its parts. A port that was typed remains where a URL
 * names none; where an address names another, nothing is divided.
 */
export function divided(draft: ListenerDraft): ListenerDraft {
  const text = draft.targetHost.trim();
  const typed = draft.targetPort.trim();
  const url = URL_WITH_HOST.exec(text);
  if (url) {
    const [targetScheme, usual] = URL_SCHEMES[url[1].toLowerCase()];
    const port = url[3] ?? (typed || usual);
    return { ...draft, targetHost: bare(url[2]), targetPort: port, targetScheme, leftOut: url[4] ?? "" };
  }
  const address = ADDRESS.exec(text);
  if (!address || (typed !== "" && Number(typed) !== Number(address[2]))) return draft;
  return { ...draft, targetHost: bare(address[1]), targetPort: address[2] };
}

/** Whether the target's port is the one of https, and TLS to it is not chosen. */
export function lacksTls(typed: ListenerDraft): boolean {
  const { acts, targetScheme, targetPort } = divided(typed);
  return acts === "listener" && targetScheme === "none" && targetPort.trim() === "443";
}

/** A host as it stands in an Address: without brackets. */
export function bare(host: string): string {
  return host.trim().replace(/^\[(.*)\]$/, "$1");
}

function isPort(text: string, lowest: 0 | 1): boolean {
  return /^\d{1,5}$/.test(text.trim()) && Number(text) >= lowest && Number(text) <= 65535;
}

function wrong(field: Field, text: string): FieldError {
  return { field, text, suggestion: null };
}

// What is typed into the form for a listener, and what is wrong with it before the program is asked. Pure.

import { formatAddress } from "../../address.ts";
import type { NewListener } from "../types.ts";

/** The inputs, as typed. */
export interface ListenerDraft {
  readonly port: string;
  readonly host: string;
  readonly targetHost: string;
  readonly targetPort: string;
}

/** An input of the form. */
export type Field = keyof ListenerDraft;

/** What is wrong with an input. */
export interface FieldError {
  readonly field: Field;
  readonly text: string;
  /** A port to take instead. */
  readonly suggestion: string | null;
}

/** The form at first. */
export const EMPTY: ListenerDraft = { port: "", host: "127.0.0.1", targetHost: "", targetPort: "" };

/** What can be told to be wrong without asking the program; null when nothing. */
export function errorOf(draft: ListenerDraft): FieldError | null {
  if (!isPort(draft.port, 0)) {
    return wrong("port", "A port is a number from 0 to 65535; 0 takes any free one.");
  }
  if (draft.targetHost.trim() === "") {
    return wrong("targetHost", "The target is missing. Write its name or address, such as localhost.");
  }
  if (!isPort(draft.targetPort, 1)) return wrong("targetPort", "A port is a number from 1 to 65535.");
  return null;
}

/** What the program is asked to add; the draft must be without errors. */
export function newListener(draft: ListenerDraft): NewListener {
  const host = bare(draft.host) || EMPTY.host;
  return {
    listen: formatAddress({ host, port: Number(draft.port) }),
    target: formatAddress({ host: bare(draft.targetHost), port: Number(draft.targetPort) }),
  };
}

/** The error that the program told, at the input it is about. */
export function toldError(field: string | null, text: string, suggestion: string | null): FieldError {
  const port = suggestion === null ? null : /\d+$/.exec(suggestion)?.[0] ?? null;
  return { field: field === "target" ? "targetHost" : "port", text, suggestion: port };
}

/** With what was typed or pasted in place of `field`; a whole address or URL as target is divided into its parts. */
export function withInput(draft: ListenerDraft, field: Field, text: string): ListenerDraft {
  if (field !== "targetHost") return { ...draft, [field]: text };
  const url = /^(https?):\/\/(\[[^\]]+\]|[^/:?#@]+)(?::(\d+))?(?:[/?#].*)?$/i.exec(text.trim());
  if (url) {
    const port = url[3] ?? (url[1].toLowerCase() === "https" ? "443" : "80");
    return { ...draft, targetHost: bare(url[2]), targetPort: port };
  }
  const address = /^(\[[^\]]+\]|[^:\s]+):(\d{1,5})$/.exec(text.trim());
  if (address && draft.targetPort === "") {
    return { ...draft, targetHost: bare(address[1]), targetPort: address[2] };
  }
  return { ...draft, targetHost: text };
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

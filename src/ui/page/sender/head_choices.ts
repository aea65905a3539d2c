// What the Sender's controls say of the head, and change in it: method, Host, content type and charset, SOAP. They keep
// nothing: the head is the truth, whoever edits it. Pure.

import { headerValue, startOf, withHeader, withoutHeader } from "../../../decode/draft/head_lines.ts";
import type { BodyMode } from "../draft/body_input.ts";
import { type Editing, withBody, withMode } from "../draft/editing.ts";
import { type Composed, inHead, withHost } from "./composed.ts";
import { contentTypeOf, formatContentType, parameter, withParameter } from "./content_type.ts";
import { destinationOf } from "./destination.ts";
import { envelopeOf, type Soap, soapOf, type SoapVersion, withSoap } from "./soap.ts";
import { withMethod } from "./start_line.ts";

/** The method as typed. */
export function methodOf({ request }: Composed): string {
  return startOf(request.head).method;
}

/** With another method. */
export function withOtherMethod(composed: Composed, method: string): Composed {
  return inHead(composed, (head) => withMethod(head, method));
}

/** What becomes of Host. */
export interface HostChoice {
  /** Made from the endpoint; null while that says none. */
  readonly right: string | null;
  /** As the head has it; null where it has none. */
  readonly typed: string | null;
  /** Whether it is the endpoint's. */
  readonly isSet: boolean;
}

/** What the head has for Host, and what the endpoint makes of it. */
export function hostOf({ endpoint, request }: Composed): HostChoice {
  const to = destinationOf(endpoint);
  const right = "error" in to ? null : to.authority;
  const typed = headerValue(request.head, "Host");
  return { right, typed, isSet: typed === right };
}

/** Host as the endpoint has it; from then on it goes along with it again. */
export function withRightHost(composed: Composed): Composed {
  const { right } = hostOf(composed);
  if (right === null) return composed;
  return { ...inHead(composed, (head) => withHost(head, right)), authority: right };
}

/** Media type and charset in lower case; "" for none. */
export function typeOf({ request }: Composed): { readonly media: string; readonly charset: string } {
  const type = contentTypeOf(headerValue(request.head, "Content-Type") ?? "");
  return { media: type.media.toLowerCase(), charset: (parameter(type, "charset") ?? "").toLowerCase() };
}

/**
 * With another media type; "" for none. XML and plain text say their charset; JSON (RFC 8259, 8.1) and forms say one only
 * where it is not UTF-8.
 */
export function withMedia(composed: Composed, media: string): Composed {
  if (media === "") {
    return inHead(composed, (head) => withoutHeader(withoutHeader(head, "Content-Type"), "SOAPAction"));
  }
  const { charset } = typeOf(composed);
  const says = isXml(media) || media.startsWith("text/")
    ? charset || "utf-8"
    : charset === "utf-8"
    ? ""
    : charset;
  const value = formatContentType(withParameter({ media, parameters: [] }, "charset", says || null));
  const next = inHead(composed, (head) => {
    const { version, action } = soapOf(head);
    const typed = withHeader(isXml(media) ? head : withoutHeader(head, "SOAPAction"), "Content-Type", value);
    if (media === "application/soap+xml") return withSoap(typed, { version: "1.2", action });
    return version === "1.2" && isXml(media) ? withSoap(typed, { version: "1.1", action }) : typed;
  });
  return { ...next, request: inEditorFor(next.request, media) };
}

/** With another charset, in which the body is then written; "" for none. */
export function withCharset(composed: Composed, charset: string): Composed {
  return inHead(composed, (head) => {
    const type = contentTypeOf(headerValue(head, "Content-Type") ?? "");
    const changed = withParameter(type, "charset", charset === "" ? null : charset);
    return withHeader(head, "Content-Type", formatContentType(changed));
  });
}

/** What the head says of SOAP. */
export function soapIn({ request }: Composed): Soap {
  return soapOf(request.head);
}

/** With another version of SOAP. */
export function withVersion(composed: Composed, version: SoapVersion): Composed {
  const { action } = soapIn(composed);
  const next = inHead(composed, (head) => withSoap(head, { version, action }));
  return version === "none" ? next : { ...next, request: inEditorFor(next.request, "text/xml") };
}

/** With another action. */
export function withAction(composed: Composed, action: string): Composed {
  return inHead(composed, (head) => withSoap(head, { version: soapOf(head).version, action }));
}

/** Whether there is room for a sample: it replaces nothing. */
export function canTakeSample({ request: { body } }: Composed): boolean {
  return body.mode !== "kept" && body.text === "";
}

/** With an envelope to begin with. */
export function withSample(composed: Composed): Composed {
  if (!canTakeSample(composed)) return composed;
  const text = envelopeOf(soapIn(composed), typeOf(composed).charset || "utf-8");
  return { ...composed, request: withBody(inEditorFor(composed.request, "text/xml"), text) };
}

function isXml(media: string): boolean {
  return /[/+]xml$/i.test(media);
}

function inEditorFor(request: Editing, media: string): Editing {
  const isEmpty = request.body.mode === "hex" && request.body.text === "";
  if (request.body.mode === "kept" || (request.body.mode === "hex" && !isEmpty)) return request;
  const mode: BodyMode = isXml(media) ? "xml" : /[/+]json$/i.test(media) ? "json" : "text";
  return withMode(request, mode);
}

// SOAP as a head has it. 1.1: text/xml and a SOAPAction in quotation marks (SOAP 1.1, 6.1.1). 1.2: application/soap+xml
// with the action as a parameter (RFC 3902). Changes only these two headers and the method. Pure.

import { headerValue, startOf, withHeader, withoutHeader } from "../../../decode/draft/head_lines.ts";
import { contentTypeOf, formatContentType, parameter, withParameter } from "./content_type.ts";
import { withMethod } from "./start_line.ts";

/** Which SOAP a request is; "none" where it is none. */
export type SoapVersion = "none" | "1.1" | "1.2";

/** What a head says of SOAP. */
export interface Soap {
  readonly version: SoapVersion;
  /** Without quotation marks. */
  readonly action: string;
}

const NAMESPACES = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
} as const;

/** Reads a head. */
export function soapOf(head: string): Soap {
  const type = contentTypeOf(headerValue(head, "Content-Type") ?? "");
  if (/^application\/soap\+xml$/i.test(type.media)) {
    return { version: "1.2", action: parameter(type, "action") ?? "" };
  }
  const action = headerValue(head, "SOAPAction");
  if (action === null) return { version: "none", action: "" };
  return { version: "1.1", action: action.replace(/^"(.*)"$/, "$1") };
}

/** The head for this version and action. A request with a body is no GET, so that becomes POST. */
export function withSoap(head: string, { version, action }: Soap): string {
  const before = contentTypeOf(headerValue(head, "Content-Type") ?? "");
  const charset = parameter(before, "charset");
  const typed = (media: string, action: string) => {
    const whole = withParameter({ media, parameters: [] }, "charset", charset ?? "utf-8");
    return formatContentType(action === "" ? whole : withParameter(whole, "action", action));
  };
  if (version === "none") {
    const without = withoutHeader(head, "SOAPAction");
    return soapOf(head).version === "1.2"
      ? withHeader(without, "Content-Type", typed("text/xml", ""))
      : without;
  }
  const posted = startOf(head).method === "GET" ? withMethod(head, "POST") : head;
  if (version === "1.2") {
    const type = typed("application/soap+xml", action);
    return withHeader(withoutHeader(posted, "SOAPAction"), "Content-Type", type);
  }
  // Of the media types only SOAP 1.2's own is wrong for 1.1.
  const isXml = /[/+]xml$/i.test(before.media) && soapOf(head).version !== "1.2";
  const xml = isXml ? posted : withHeader(posted, "Content-Type", typed("text/xml", ""));
  // A quotation mark is not a character of a URI.
  return withHeader(xml, "SOAPAction", `"${action.replaceAll('"', "%22")}"`);
}

/** An envelope to begin with. The operation is named by the end of the action. */
export function envelopeOf({ version, action }: Soap, charset: string): string {
  const namespace = NAMESPACES[version === "1.2" ? "1.2" : "1.1"];
  const name = /([A-Za-z_][\w.-]*)\/?$/.exec(action)?.[1] ?? "operation";
  const own = action.slice(0, action.lastIndexOf(name)).replace(/[#/]$/, "");
  const target = /^[a-z][a-z0-9+.-]*:/i.test(own) ? own : "http://example.org/";
  return [
    `<?xml version="1.0" encoding="${charset}"?>`,
    `<soap:Envelope xmlns:soap="${namespace}">`,
    "  <soap:Body>",
    `    <m:${name} xmlns:m="${escaped(target)}">`,
    `    </m:${name}>`,
    "  </soap:Body>",
    "</soap:Envelope>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

// What a SOAP message is about: its operation and its fault, from the first characters of it (SOAP 1.1, 4.4; SOAP 1.2
// Part 1, 5.4). Namespaces are not resolved; the places of the elements say enough. XML-RPC calls are read as well.

/** A message, as far as its beginning tells. */
export interface SoapMessage {
  /** Local name of the first element in the Body; null for a fault, or where the beginning does not reach it. */
  readonly operation: string | null;
  readonly fault: SoapFault | null;
}

/** `code` is without its prefix: "Server", "Sender". Both are "" where they are missing. */
export interface SoapFault {
  readonly code: string;
  readonly reason: string;
}

/** Reads the beginning of a message. Null for anything that is neither SOAP nor XML-RPC. */
export function readSoap(text: string): SoapMessage | null {
  const path: string[] = [];
  let known = false;
  let fault: Map<string, string> | null = null;
  for (const token of text.matchAll(TOKEN)) {
    const [, cdata, slash, name, attributes, plain] = token;
    if (slash === "/") {
      if (path.pop() === "Fault" && path.length === 2) break;
    } else if (name !== undefined) {
      path.push(name.slice(name.indexOf(":") + 1));
      known = path[0] === "Envelope" || path[0] === "methodCall";
      if (!known) return null;
      if (path.length === 3 && path[1] === "Body" && fault === null) {
        if (path[2] !== "Fault") return { operation: path[2], fault: null };
        fault = new Map();
      }
      if (attributes.endsWith("/")) path.pop();
    } else {
      const words = cdata ?? unescape(plain ?? "").trim();
      const place = path.slice(fault ? 3 : 0).join("/");
      if (place === "methodCall/methodName" && words !== "") return { operation: words, fault: null };
      if (fault && words !== "" && !fault.has(place)) fault.set(place, words);
    }
  }
  if (!fault) return known ? { operation: null, fault: null } : null;
  const code = fault.get("faultcode") ?? fault.get("Code/Value") ?? "";
  const reason = fault.get("faultstring") ?? fault.get("Reason/Text") ?? "";
  return { operation: null, fault: { code: code.slice(code.indexOf(":") + 1), reason } };
}

// In this order: comment, CDATA section, instruction or declaration, tag, text. What is not closed goes to the end.
const TOKEN =
  /<!--[^]*?(?:-->|$)|<!\[CDATA\[([^]*?)(?:\]\]>|$)|<[?!][^>]*>|<(\/?)([^\s/<>="']+)((?:"[^"]*"|'[^']*'|[^"'<>])*)>|([^<]+)/g;

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (reference, hex, decimal, name) => {
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return ENTITIES[name] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : reference);
  });
}

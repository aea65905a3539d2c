// A multipart body (RFC 2046, 5.1): each part goes as a body of its own kind, or is masked whole where its field's name
// says so. Bytes in, bytes out; lines of boundaries stay as they came.

import { Gathered, joined, latin1, NO_BYTES } from "../octets.ts";
import { type Embedded, unescaped } from "./address.ts";
import { type Found, MASK } from "./found.ts";
import { maskField, type Plain } from "./head.ts";
import type { HeadField } from "./types.ts";
import { octets } from "./units.ts";
import type { Verdict } from "./rule_set.ts";

/** A part's head may be so long. */
const LONGEST_HEAD = 64 * 1024;
const REMEMBERED = 16 * 1024;

/** Masks the body of a part. */
export interface PartMasker {
  receive(piece: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

/** What `MultipartMasker` needs besides. */
export interface PartWays {
  /** For a part with this Content-Type. */
  readonly part: (contentType: string | null, isField: boolean) => PartMasker;
  readonly embedded: Embedded;
  readonly plain: Plain;
}

/** The boundary that a Content-Type declares; null where there is none. */
export function boundaryOf(contentType: string): string | null {
  const found = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/** See above. */
export class MultipartMasker implements PartMasker {
  readonly #delimiter: Uint8Array;
  #carry: Uint8Array = NO_BYTES;
  #state: "preamble" | "head" | "body" | "omitted" | "masked" = "preamble";
  /** True until the first byte, where a delimiter needs no line end before it. */
  #atStart = true;
  readonly #value = new Gathered();
  #field = "";
  #verdict: Verdict = null;
  #part: PartMasker | null = null;
  readonly #out: Uint8Array[] = [];
  /** True once something outside the parts was masked. */
  #hidden = false;
  /** No more comes. */
  #final = false;

  constructor(boundary: string, private readonly found: Found, private readonly ways: PartWays) {
    this.#delimiter = octets(`\n--${boundary}`);
  }

  receive(piece: Uint8Array): Uint8Array {
    this.#carry = joined(this.#carry.length === 0 ? [piece] : [this.#carry, piece]);
    while (this.#read());
    return this.#give();
  }

  end(): Uint8Array {
    this.#final = true;
    while (this.#read());
    if (this.#state === "head") {
      // Neither what it names nor what it holds can be told.
      if (this.#carry.length > 0) this.#doubt();
    } else this.#body(this.#carry);
    this.#endPart();
    this.#carry = NO_BYTES;
    return this.#give();
  }

  #give(): Uint8Array {
    return joined(this.#out.splice(0));
  }

  /** False where more must come first. */
  #read(): boolean {
    return this.#state === "head" ? this.#readHead() : this.#readBody();
  }

  /** Up to the next delimiter: the line end before it belongs to it. */
  #readBody(): boolean {
    const bytes = this.#carry;
    if (this.#atStart) {
      const first = this.#delimiter.subarray(1);
      if (bytes.length < first.length) return false;
      this.#atStart = false;
      if (indexOf(bytes.subarray(0, first.length), first, 0) === 0) return this.#endAt(0, first.length);
    }
    const found = indexOf(bytes, this.#delimiter, 0);
    if (found >= 0) {
      // What follows the boundary on its line, up to the line end, tells whether it was the last.
      const lineEnd = bytes.indexOf(LF, found + this.#delimiter.length);
      if (lineEnd < 0 && !this.#final && bytes.length - found < LONGEST_HEAD) return false;
      const from = found > 0 && bytes[found - 1] === CR ? found - 1 : found;
      return this.#endAt(from, found + this.#delimiter.length);
    }
    const safe = Math.max(0, bytes.length - this.#delimiter.length - 1);
    this.#body(bytes.subarray(0, safe));
    this.#carry = bytes.slice(safe);
    return false;
  }

  #endAt(bodyEnd: number, boundaryEnd: number): boolean {
    const bytes = this.#carry;
    this.#body(bytes.subarray(0, bodyEnd));
    this.#endPart();
    const lf = bytes.indexOf(LF, boundaryEnd);
    const lineEnd = lf < 0 ? bytes.length : lf + 1;
    this.#out.push(bytes.slice(bodyEnd, lineEnd));
    const isLast = bytes[boundaryEnd] === DASH && bytes[boundaryEnd + 1] === DASH;
    this.#state = isLast ? "preamble" : "head";
    // The line end of the head is also the one before it, where it is empty.
    this.#carry = bytes.slice(lineEnd);
    return this.#carry.length > 0;
  }

  #readHead(): boolean {
    const bytes = this.#carry;
    const end = headEnd(bytes);
    if (end < 0) {
      if (bytes.length > LONGEST_HEAD) {
        this.#doubt();
        this.#state = "omitted";
        return true;
      }
      return false;
    }
    this.#head(latin1(bytes, 0, end));
    this.#carry = bytes.slice(end);
    return true;
  }

  #head(head: string): void {
    const fields = head.split(/\r?\n(?![ \t])/).filter((line) => line !== "").map(fieldOf);
    const value = (wanted: string) => fields.find(({ name }) => name.toLowerCase() === wanted)?.value ?? null;
    const disposition = value("content-disposition") ?? "";
    const name = /;\s*name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition);
    const masked = fields.map((field) => maskField(field, this.found, this.ways.embedded, this.ways.plain))
      .filter((field) => field !== null);
    const same = masked.length === fields.length &&
      masked.every((field, at) => field.value === fields[at].value);
    const eol = head.includes("\r\n") ? "\r\n" : "\n";
    this.#out.push(
      octets(same ? head : `${masked.map(({ name, value }) => `${name}: ${value}${eol}`).join("")}${eol}`),
    );
    this.#field = unescaped(utf8Of(name?.[1] ?? name?.[2] ?? ""));
    this.#verdict = name === null ? null : this.found.rules.query(this.#field);
    const coded = /base64|quoted-printable/i.test(value("content-transfer-encoding") ?? "");
    if (this.#verdict === null && coded && this.found.rules.reachesBodies) {
      this.#doubt();
      this.#state = "omitted";
    } else if (this.#verdict !== null) {
      this.#state = this.#verdict === "omit" ? "omitted" : "masked";
      this.#value.clear();
    } else {
      this.#state = "body";
      this.#part = this.ways.part(value("content-type"), name !== null);
    }
  }

  #body(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#atStart = false;
    if (this.#state === "preamble") this.#outside(bytes);
    else if (this.#part !== null) this.#out.push(this.#part.receive(bytes));
    else if (this.#verdict !== null && this.#value.length < REMEMBERED) {
      this.#value.append(bytes, 0, bytes.length);
    }
  }

  /** What is in no part has no name; where the boundary is another one than declared, that is everything. */
  #outside(bytes: Uint8Array): void {
    if (!this.found.rules.reachesBodies || bytes.every((byte) => byte <= SPACE)) this.#out.push(bytes);
    else if (!this.#hidden) {
      this.#hidden = true;
      this.found.doubt("what stands outside the parts of a multipart body");
      this.#out.push(octets(MASK));
    }
  }

  #endPart(): void {
    if (this.#part !== null) this.#out.push(this.#part.end());
    this.#part = null;
    if (this.#verdict !== null && this.#value.length > 0) {
      const value = utf8Of(latin1(this.#value.bytes, 0, this.#value.length));
      this.found.field("query or form field", this.#field, this.#verdict, value);
      // The part stays, empty, where it is left out: what it was called is no secret, and the parts stay parts.
      if (this.#verdict === "mask") this.#out.push(octets(MASK));
    }
    this.#value.clear();
    this.#verdict = null;
  }

  #doubt(): void {
    this.found.doubt("a part of a multipart body that cannot be read");
    this.#out.push(octets(MASK));
  }
}

const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

function fieldOf(line: string): HeadField {
  const colon = line.indexOf(":");
  if (colon < 0) return { name: line, value: "" };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
}

/** After the empty line that ends a head, which may be all of it; -1 where it has not come. */
function headEnd(bytes: Uint8Array): number {
  let lineStart = 0;
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lineStart)) {
    if (lf === lineStart || (lf === lineStart + 1 && bytes[lineStart] === CR)) return lf + 1;
    lineStart = lf + 1;
  }
  return -1;
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}

/** Names and values of forms are UTF-8 in practice (HTML Standard, 4.10.21.8); a character a byte where they are not. */
function utf8Of(text: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets(text));
  } catch {
    return text;
  }
}

// Chooses how a body is read, by what is declared and what it looks like, and leads its bytes through: structure,
// looks and text rules, then values that are known. In blocks of one size, so that the outcome is the same however the
// bytes came.

import { findCharset } from "../charset.ts";
import { joined, latin1, NO_BYTES } from "../octets.ts";
import { chooseView } from "../views/choose.ts";
import { embeddedIn } from "./embedded.ts";
import { FormMasker } from "./form.ts";
import { type Found, MASK } from "./found.ts";
import { JsonMasker } from "./json.ts";
import type { MaskedList } from "./masked_list.ts";
import { boundaryOf, MultipartMasker, type PartMasker } from "./multipart.ts";
import type { TextMasker } from "./text_masker.ts";
import type { BodyFacts, BodyRedaction } from "./types.ts";
import { octets, type Units, unitsOf } from "./units.ts";
import { type MaskedValues, ValueMasker } from "./values.ts";
import { maskPatterns, WindowMasker } from "./windows.ts";
import { XmlMasker } from "./xml.ts";

const BLOCK = 256 * 1024;
/** So many first bytes tell what a body is. */
const PREFIX = 4096;
/** Multipart bodies within multipart bodies; deeper ones are masked. */
const DEEPEST = 4;

/** What these hold is no text: only known values are looked for. */
const BINARY = /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:zip|gzip|pdf|wasm|font))/;
/** A line before JSON against its being run as a script. */
const GUARD = /^(?:\)\]\}'?,?\s*|while\s*\(1\);\s*|for\s*\(;;\);\s*)(?=[{["])/;
const JSON_BEGIN = /^(?:\{\s*["}]|\[\s*["{\[\]\d-])/;
const DECLARED_JSON = /^application\/(?:json|[\w.-]+\+json)$/;
/** So many bytes tell whether JSON begins. */
const BEGIN = 64;
const BYTE_ORDER_MARK = /^(?:\xef\xbb\xbf|\ufeff)/;

/** Masks one body; see BodyRedaction. */
export class BodyMasker implements BodyRedaction {
  changed = false;
  #gathered: Uint8Array[] = [];
  #length = 0;
  #stage: PartMasker | null = null;
  #values: ValueMasker | null = null;
  #isLost = false;

  constructor(
    private readonly facts: BodyFacts,
    private readonly found: Found,
    /** Null where nothing is to be given, only learnt. */
    private readonly values: MaskedValues | null,
    private readonly list: MaskedList,
  ) {}

  receive(piece: Uint8Array): Uint8Array {
    if (this.#isLost || piece.length === 0) return NO_BYTES;
    this.#gathered.push(piece);
    this.#length += piece.length;
    if (this.#length < BLOCK) return NO_BYTES;
    const bytes = joined(this.#gathered);
    const out: Uint8Array[] = [];
    let at = 0;
    for (; bytes.length - at >= BLOCK; at += BLOCK) out.push(this.#block(bytes.subarray(at, at + BLOCK)));
    this.#gathered = [bytes.slice(at)];
    this.#length = bytes.length - at;
    return joined(out);
  }

  lost(): Uint8Array {
    if (this.#isLost) return NO_BYTES;
    const out = this.#finish(MASK);
    this.#isLost = true;
    this.found.doubt("a body from bytes on that are missing");
    this.changed = true;
    return out;
  }

  end(): Uint8Array {
    return this.#isLost ? NO_BYTES : this.#finish("");
  }

  #finish(rest: string): Uint8Array {
    const bytes = joined(this.#gathered);
    this.#gathered = [];
    const out = [this.#block(bytes)];
    if (this.#stage !== null) out.push(this.#through(this.#stage, (stage) => stage.end()));
    if (this.#values !== null) out.push(this.#values.end());
    this.changed ||= this.#values?.changed ?? false;
    out.push(octets(rest));
    return joined(out);
  }

  #block(bytes: Uint8Array): Uint8Array {
    if (this.#stage === null) {
      if (bytes.length === 0) return NO_BYTES;
      this.#stage = stageFor(this.facts, bytes.subarray(0, PREFIX), this.found, 0);
      if (this.values !== null) {
        const { encoding } = findCharset(this.facts.contentType, bytes.subarray(0, PREFIX));
        this.#values = new ValueMasker(this.values, unitsOf(encoding).write(MASK), this.list);
      }
    }
    return this.#through(this.#stage, (stage) => stage.receive(bytes));
  }

  #through(stage: PartMasker, give: (stage: PartMasker) => Uint8Array): Uint8Array {
    const before = this.found.count;
    const masked = give(stage);
    this.changed ||= this.found.count > before;
    if (this.#values === null) return NO_BYTES;
    const out = this.#values.receive(masked);
    this.changed ||= this.#values.changed;
    return out;
  }
}

function stageFor(facts: BodyFacts, prefix: Uint8Array, found: Found, depth: number): PartMasker {
  const { contentType, isTurn = false, codedAs = [] } = facts;
  const type = contentType?.split(";")[0].trim().toLowerCase() ?? "";
  if (codedAs.length > 0) {
    return new Unreadable(found, `a body in ${codedAs.join(", ")} that cannot be decoded`);
  }
  const boundary = type.startsWith("multipart/") ? boundaryOf(contentType ?? "") : null;
  if (boundary !== null) {
    if (depth >= DEEPEST) return new Unreadable(found, "a multipart body that is too deep");
    return new MultipartMasker(boundary, found, {
      part: (contentType, isField) =>
        new LatePart({ contentType: contentType ?? (isField ? "text/plain" : null) }, found, depth + 1),
      embedded: embeddedIn(found),
      plain: (text) => maskPatterns(text, found),
    });
  }
  if (BINARY.test(type)) return AS_IT_CAME;
  const { encoding } = findCharset(contentType, prefix);
  const units = unitsOf(encoding);
  const declared = isTurn ? null : declaredJson(type, prefix);
  const kind = declared ??
    kindOf(chooseView({ mediaType: contentType, bodyPrefix: prefix, isTurn }), type, prefix, encoding);
  return new TextStage(units, kind, found);
}

type Kind = "json" | "xml" | "form" | "text";

/** JSON that is declared and begins like it in ASCII, for which it need not be read to be told: most of what there is. */
function declaredJson(type: string, prefix: Uint8Array): "json" | null {
  return DECLARED_JSON.test(type) && JSON_BEGIN.test(latin1(prefix, 0, Math.min(BEGIN, prefix.length)))
    ? "json"
    : null;
}

/** As it is shown, but that what begins like JSON is read as JSON even where it is malformed. */
function kindOf(view: string, type: string, prefix: Uint8Array, encoding: string): Kind {
  if (view === "json" || view === "xml" || view === "form") return view;
  if (/html|css|javascript|event-stream/.test(type)) return "text";
  const text = new TextDecoder(encoding).decode(prefix, { stream: true }).trimStart();
  if (text === "" && /json|xml/.test(type)) return type.includes("json") ? "json" : "xml";
  if (GUARD.test(text) || JSON_BEGIN.test(text)) return "json";
  if (/^<\?xml\s/.test(text) || (/xml/.test(type) && text.startsWith("<"))) return "xml";
  return "text";
}

/** Text of one kind. */
class TextStage implements PartMasker {
  readonly #structure: TextMasker | null;
  readonly #window: WindowMasker;
  #begun = false;

  constructor(private readonly units: Units, private readonly kind: Kind, found: Found) {
    const characters = (text: string) => units.characters(text);
    const { has } = found.rules;
    this.#structure = kind === "json" && has.json
      ? new JsonMasker(found, characters)
      : kind === "xml" && has.xml
      ? new XmlMasker(found, characters)
      : kind === "form"
      ? new FormMasker(found, embeddedIn(found))
      : null;
    const structured = this.#structure !== null && kind !== "form" && kind !== "text" ? kind : null;
    this.#window = new WindowMasker(found, { structured });
  }

  receive(bytes: Uint8Array): Uint8Array {
    const text = this.units.read(bytes);
    let lead = "";
    if (!this.#begun && this.#structure !== null) {
      // What stands before the first brace is no JSON, and no fault either.
      lead = BYTE_ORDER_MARK.exec(text)?.[0] ?? "";
      if (this.kind === "json") lead += GUARD.exec(text.slice(lead.length))?.[0] ?? "";
    }
    this.#begun = true;
    const rest = text.slice(lead.length);
    return this.units.write(this.#window.receive(lead + (this.#structure?.receive(rest) ?? rest)));
  }

  end(): Uint8Array {
    const last = this.units.end();
    const rest = (this.#structure?.receive(last) ?? last) + (this.#structure?.end() ?? "");
    return this.units.write(this.#window.receive(rest) + this.#window.end());
  }
}

/** A part of a multipart body, which is chosen for when its first bytes are there. */
class LatePart implements PartMasker {
  #gathered: Uint8Array[] = [];
  #length = 0;
  #stage: PartMasker | null = null;

  constructor(
    private readonly facts: BodyFacts,
    private readonly found: Found,
    private readonly depth: number,
  ) {}

  receive(piece: Uint8Array): Uint8Array {
    if (this.#stage !== null) return this.#stage.receive(piece);
    this.#gathered.push(piece);
    this.#length += piece.length;
    return this.#length < PREFIX ? NO_BYTES : this.#choose();
  }

  end(): Uint8Array {
    const first = this.#stage === null ? this.#choose() : NO_BYTES;
    return joined([first, this.#stage?.end() ?? NO_BYTES]);
  }

  #choose(): Uint8Array {
    const bytes = joined(this.#gathered);
    this.#gathered = [];
    this.#stage = stageFor(this.facts, bytes.subarray(0, PREFIX), this.found, this.depth);
    return this.#stage.receive(bytes);
  }
}

/** Nothing can be found in it, so nothing of it stays. */
class Unreadable implements PartMasker {
  #said = false;

  constructor(private readonly found: Found, private readonly what: string) {}

  receive(piece: Uint8Array): Uint8Array {
    if (!this.found.rules.reachesBodies) return piece;
    if (this.#said || piece.length === 0) return NO_BYTES;
    this.#said = true;
    this.found.doubt(this.what);
    return octets(MASK);
  }

  end(): Uint8Array {
    return NO_BYTES;
  }
}

const AS_IT_CAME: PartMasker = { receive: (piece) => piece, end: () => NO_BYTES };

// The body of `curl -F` (RFC 7578): fields with texts. Files cannot be had here. Pure; texts have one character a byte.

/** A field of -F, or of --form-string where `literal`. */
export interface FormField {
  readonly name: string;
  readonly value: string;
  readonly literal: boolean;
}

/** The body, and the boundary between its parts, which occurs in none of them. */
export function multipart(
  fields: readonly FormField[],
): { readonly boundary: string; readonly bytes: string } {
  let number = 0;
  let boundary: string;
  do boundary = `------------------------${(number++).toString(16).padStart(16, "0")}`; while (
    fields.some(({ value }) => value.includes(boundary))
  );
  const parts = fields.map((field) => `--${boundary}\r\n${partOf(field)}\r\n`);
  return { boundary, bytes: `${parts.join("")}--${boundary}--\r\n` };
}

function partOf({ name, value, literal }: FormField): string {
  const { content, type, filename } = literal ? { content: value } as Content : contentOf(value);
  const disposition = [
    "Content-Disposition: form-data",
    `name="${escaped(name)}"`,
    ...(filename === undefined ? [] : [`filename="${escaped(filename)}"`]),
  ].join("; ");
  const mediaType = type ?? TYPES[/\.(\w+)$/.exec(filename ?? "")?.[1].toLowerCase() ?? ""];
  const headers = mediaType === undefined ? [disposition] : [disposition, `Content-Type: ${mediaType}`];
  return `${headers.join("\r\n")}\r\n\r\n${content}`;
}

/** What curl takes files for by their names. */
const TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  xml: "application/xml",
};

interface Content {
  readonly content: string;
  readonly type?: string;
  readonly filename?: string;
}

/** CONTENT[;type=…][;filename=…]; the content may stand in quotation marks. */
function contentOf(value: string): Content {
  const quoted = /^"((?:[^"\\]|\\[^])*)"/.exec(value);
  const content = quoted ? quoted[1].replace(/\\(["\\])/g, "$1") : /^[^;]*/.exec(value)![0];
  const rest = value.slice(quoted ? quoted[0].length : content.length);
  const unknown = rest.split(";").slice(1).find((part) => !/^\s*(type|filename)=/.test(part));
  if (unknown !== undefined) {
    throw new SyntaxError(
      `Cannot read ";${unknown}" in a form field: only type and filename are known. Use --form-string.`,
    );
  }
  const parameter = (name: string) => new RegExp(`;\\s*${name}=([^;]*)`).exec(rest)?.[1].trim();
  return { content, type: parameter("type"), filename: parameter("filename") };
}

/** As HTML has it (4.10.21.8), and curl since 7.81. */
function escaped(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

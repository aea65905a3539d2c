// The value of Content-Type in parts (RFC 9110, 8.3): its media type, and its parameters in their order. Pure. What cannot
// be read as one is kept as the media type, so that nothing typed is lost.

/** See above. `media` is as typed, names of parameters are in lower case. */
export interface ContentType {
  readonly media: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const PARAMETER = /;\s*([!#$%&'*+\-.^_`|~0-9a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))\s*/giy;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;

/** Reads a value; "" for none. */
export function contentTypeOf(value: string): ContentType {
  const semicolon = value.indexOf(";");
  if (semicolon < 0) return { media: value.trim(), parameters: [] };
  const parameters: [string, string][] = [];
  PARAMETER.lastIndex = semicolon;
  let at = semicolon;
  for (let found = PARAMETER.exec(value); found !== null; found = PARAMETER.exec(value)) {
    const [whole, name, quoted, token] = found;
    parameters.push([name.toLowerCase(), quoted === undefined ? token : quoted.replace(/\\(.)/g, "$1")]);
    at += whole.length;
  }
  if (at < value.trimEnd().length) return { media: value.trim(), parameters: [] };
  return { media: value.slice(0, semicolon).trim(), parameters };
}

/** The value for a header. Parameters that are no tokens are quoted (RFC 9110, 5.6.6). */
export function formatContentType({ media, parameters }: ContentType): string {
  const parts = parameters.map(([name, value]) => {
    const isBare = TOKEN.test(value) && name !== "action";
    return `${name}=${isBare ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
  });
  return [media, ...parts].join("; ");
}

/** The value of a parameter; null where there is none. */
export function parameter({ parameters }: ContentType, name: string): string | null {
  return parameters.find(([known]) => known === name)?.[1] ?? null;
}

/** With a parameter in its place, or after the others; without it for null. */
export function withParameter(type: ContentType, name: string, value: string | null): ContentType {
  const has = parameter(type, name) !== null;
  const others = type.parameters.filter(([known]) => known !== name || value !== null);
  const parameters = others.map(([known, old]) =>
    [known, known === name && value !== null ? value : old] as const
  );
  if (!has && value !== null) parameters.push([name, value]);
  return { ...type, parameters };
}

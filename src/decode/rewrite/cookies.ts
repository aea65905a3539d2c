// Set-Cookie (RFC 6265, 4.1, and its revision, draft-ietf-httpbis-rfc6265bis) for a browser that reaches the target under
// another name, and most often over plain HTTP: what would make it refuse the cookie is left out. The cookie itself is not
// touched.

/** What stands at the beginning of names that promise what plain HTTP cannot keep (rfc6265bis, 4.1.3). */
const PREFIXES = /^__(?:Secure|Host|Http|Host-Http)-/i;

/**
 * The value of a Set-Cookie field as the client is to get it. Left out are Domain, where that covers `target` (the
 * cookie then is for the host that the client asked), and Secure with what cannot stand without it: SameSite=None and
 * Partitioned. A name that begins with __Host- or __Secure- needs Secure, so that stays; all of it does for a client
 * that speaks TLS.
 */
export function cookieForClient(value: string, target: string, isInTls: boolean): string {
  const [pair, ...attributes] = value.split(";");
  const keepsSecure = isInTls || needsSecure(value);
  const isSecure = attributes.some((attribute) => nameOf(attribute) === "secure");
  const kept = attributes.filter((attribute) => {
    const name = nameOf(attribute);
    if (name === "domain") return !covers(valueOf(attribute), target);
    if (keepsSecure || !isSecure) return true;
    return name !== "secure" && name !== "partitioned" &&
      !(name === "samesite" && valueOf(attribute).toLowerCase() === "none");
  });
  return kept.length === attributes.length ? value : [pair, ...kept].join(";");
}

/** Whether a cookie's name says that it is only to be kept over https, which browsers then do. */
export function needsSecure(value: string): boolean {
  return PREFIXES.test(value.trimStart());
}

/** The name of the cookie that a Set-Cookie field sets. */
export function cookieName(value: string): string {
  return value.split(";", 1)[0].split("=", 1)[0].trim();
}

// Domain matching: RFC 6265, 5.1.3; a dot at the beginning does not count (5.2.3).
function covers(domain: string, target: string): boolean {
  const name = domain.replace(/^\./, "").toLowerCase();
  return name === target || (name !== "" && target.endsWith(`.${name}`) && !/^[\d.]+$|:/.test(target));
}

function nameOf(attribute: string): string {
  return attribute.split("=", 1)[0].trim().toLowerCase();
}

function valueOf(attribute: string): string {
  const equals = attribute.indexOf("=");
  return equals === -1 ? "" : attribute.slice(equals + 1).trim();
}

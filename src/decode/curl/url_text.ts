// Parts of URLs as curl writes and reads them. Pure; texts have one character a byte.

/** As --data-urlencode has it: all but unreserved characters (RFC 3986, 2.3) as %XX, a space as "+". */
export function encodeUrl(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9._~-]/g, (char) => {
    if (char === " ") return "+";
    return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

/** %XX as the byte it stands for. */
export function unescapeUrl(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** A path without "." and ".." (RFC 3986, 5.2.4). */
export function withoutDots(path: string): string {
  const output: string[] = [];
  const segments = path.split("/");
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    if (segment === "..") {
      if (output.length > 1) output.pop();
      if (isLast) output.push("");
    } else if (segment !== ".") output.push(segment);
    else if (isLast) output.push("");
  }
  return output.join("/");
}

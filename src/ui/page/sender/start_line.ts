// The first line of a head with another method or target; its other words, and all lines after it, stay as they are. Pure.

/** A method of any name; white space in it would end it. */
export function withMethod(head: string, method: string): string {
  const word = method.replaceAll(/\s/g, "");
  return withStartLine(head, (line) => line.replace(/^\S*/, () => word));
}

/** Another request target. */
export function withTarget(head: string, target: string): string {
  return withStartLine(head, (line) => {
    const parts = /^(\S*)([ \t]+)(.*?)([ \t]+\S+)?$/.exec(line);
    if (parts === null) return `${line} ${target} HTTP/1.1`;
    const [, method, gap, , version = ""] = parts;
    return `${method}${gap}${target}${version}`;
  });
}

function withStartLine(head: string, change: (line: string) => string): string {
  const end = head.indexOf("\n");
  return end < 0 ? change(head) : change(head.slice(0, end)) + head.slice(end);
}

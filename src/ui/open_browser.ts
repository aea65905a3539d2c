// Opens an address in the user's browser, where there is one. Starts no shell: the address is one argument.

/** Starts a program and leaves it alone; throws when there is none of this name or it may not be started. */
export type Start = (program: string, args: readonly string[]) => void;

/** What opens an address, by system. Each may be started by the permissions that the program is given. */
const OPENERS: Readonly<
  Partial<Record<typeof Deno.build.os, readonly [program: string, ...args: string[]]>>
> = {
  darwin: ["open"],
  linux: ["xdg-open"],
  // Not explorer.exe: it takes "=" in an address that is not quoted for the end of its argument.
  windows: ["rundll32.exe", "url.dll,FileProtocolHandler"],
};

/** Tries to open `url`. False, without a word, where nothing can: the address is printed anyway. */
export function openBrowser(url: string, os = Deno.build.os, start: Start = startQuietly): boolean {
  const [program, ...args] = OPENERS[os] ?? ["xdg-open"];
  try {
    start(program, [...args, url]);
    return true;
  } catch (error) {
    const expected = [Deno.errors.NotFound, Deno.errors.NotCapable, Deno.errors.PermissionDenied];
    if (expected.some((kind) => error instanceof kind)) return false;
    throw error;
  }
}

function startQuietly(program: string, args: readonly string[]): void {
  new Deno.Command(program, { args: [...args], stdin: "null", stdout: "null", stderr: "null" }).spawn()
    .unref();
}

// Where the authority is kept: a folder of this user's own. Pure; the environment is read through a function.

/** A variable's value; undefined where it is not set. */
export type ReadVariable = (name: string) => string | undefined;

/** Every variable that may be read; the permissions of deno.json's tasks name the same. */
export const FOLDER_VARIABLES = ["TCPMON_CA", "XDG_DATA_HOME", "HOME", "LOCALAPPDATA"] as const;

/**
 * The folder that `TCPMON_CA` names, or else `tcpmon/ca` where the system keeps data of a user's programs. Throws Error
 * in words where the environment names neither.
 */
export function authorityFolder(system: string, read: ReadVariable): string {
  const value = (name: typeof FOLDER_VARIABLES[number]) => read(name) || undefined;
  const given = value("TCPMON_CA");
  const absolute = system === "windows" ? /^([a-z]:[\\/]|\\\\)/i : /^\//;
  if (given !== undefined && !absolute.test(given)) {
    throw new Error(
      `Cannot keep the authority in "${given}": TCPMON_CA must be an absolute path. Write all of it.`,
    );
  }
  if (given !== undefined) return given;
  if (system === "windows") return `${needed(value("LOCALAPPDATA"), "LOCALAPPDATA")}\\tcpmon\\ca`;
  // Relative paths there are invalid (XDG Base Directory Specification, 0.8).
  const xdg = value("XDG_DATA_HOME");
  if (system !== "darwin" && xdg?.startsWith("/")) return `${xdg}/tcpmon/ca`;
  const home = needed(value("HOME"), "HOME");
  return system === "darwin"
    ? `${home}/Library/Application Support/tcpmon/ca`
    : `${home}/.local/share/tcpmon/ca`;
}

function needed(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new Error(
    `Cannot tell where to keep tcpmon's authority: the variable ${name} is not set. ` +
      "Name a folder in TCPMON_CA.",
  );
}

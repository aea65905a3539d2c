// Why a file or a folder cannot be had, in words. Pure; it touches no disk.

/** What the disk said, without numbers of the system and without the path, which whoever tells it names. */
export function diskReason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "the folder is not there";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOENT") return "the folder is not there";
  if (code === "EACCES") return "permission denied";
  const told = /^(.*?) \(os error \d+\)/.exec(error.message)?.[1];
  return told === undefined ? error.message : told[0].toLowerCase() + told.slice(1);
}

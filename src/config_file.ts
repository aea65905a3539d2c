// The configuration's file: read at start, written only when that is asked for. It is replaced as a whole, so that it is
// never half written; what it held before stays beside it, as FILE~.

import { dirname, resolve } from "node:path";
import { type Config, ConfigError, configText, readConfig } from "./config.ts";
import { diskReason } from "./journal/disk_reason.ts";
import type { Route } from "./model.ts";
import { pathFrom, withWholePaths } from "./tls_files.ts";
import { ConfigSaveError } from "./ui/control.ts";

/** A file that `--config` named, as it was read or written the last time. */
export class ConfigFile {
  private constructor(readonly name: string, private text: string, private known: Config) {}

  /** Reads it. Throws ConfigError where it cannot be read or followed. */
  static async read(name: string): Promise<ConfigFile> {
    let text: string;
    try {
      text = await Deno.readTextFile(name);
    } catch (error) {
      const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : diskReason(error);
      throw new ConfigError(
        `Cannot read the configuration ${name}: ${reason}. ` +
          `Give another file, or start without --config and save one from the page.`,
      );
    }
    return new ConfigFile(name, text, readWhole(text, name));
  }

  get config(): Config {
    return this.known;
  }

  /**
   * Writes these listeners instead of those it has. Throws ConfigSaveError where it was changed since by somebody else,
   * unless `overwrite`, and where it cannot be written; it is then as it was.
   */
  async write(routes: readonly Route[], overwrite: boolean): Promise<void> {
    const text = configText(routes, this.known, (path) => pathFrom(folderOf(this.name), path));
    // A link stays one: what it leads to is replaced.
    const file = await Deno.realPath(this.name).catch(() => this.name);
    const temporary = `${file}.${Deno.pid}.new`;
    try {
      const before = await readIfThere(file);
      if (before !== null && before !== this.text && !overwrite) {
        throw new ConfigSaveError(
          `Cannot save to ${this.name}: it was changed since tcpmon read it. ` +
            `Save a copy instead, or overwrite it; what it holds now stays as ${this.name}~.`,
          "overwrite",
        );
      }
      await writeWhole(temporary, text, before === null ? null : (await Deno.stat(file)).mode);
      if (before !== null && before !== text) await Deno.copyFile(file, `${file}~`);
      await Deno.rename(temporary, file);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      if (error instanceof ConfigSaveError) throw error;
      throw new ConfigSaveError(
        `Cannot save to ${this.name}: ${diskReason(error)}. It is as it was; save a copy instead.`,
        null,
      );
    }
    this.text = text;
    this.known = readWhole(text, this.name);
  }
}

/** As `readConfig`, with whole paths: those of a configuration are from the folder it lies in. */
function readWhole(text: string, name: string): Config {
  const config = readConfig(text, name);
  return { ...config, routes: config.routes.map((route) => withWholePaths(route, folderOf(name))) };
}

function folderOf(name: string): string {
  return dirname(resolve(name));
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Writes a file that is on the disk when this returns; readable by the same people as the one it replaces. */
async function writeWhole(path: string, text: string, mode: number | null): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    create: true,
    truncate: true,
    ...(mode === null ? {} : { mode: mode & 0o777 }),
  });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}

// What the watchers of protocols made of lines have in common: client and server speak in lines, and once the client has
// asked for TLS nothing more of it passes before the server has answered.

import type { Direction } from "../types.ts";
import { LineReader } from "./line_reader.ts";
import type { ProtocolWatch, Upgrade, WatchState } from "./types.ts";

/** Watches a protocol of lines. */
export abstract class LineWatch implements ProtocolWatch {
  state: WatchState = "open";
  asked: Upgrade | null = null;
  protected readonly lines: Readonly<Record<Direction, LineReader>> = {
    upstream: new LineReader(),
    downstream: new LineReader(),
  };

  receive(direction: Direction, bytes: Uint8Array): number {
    const lines = this.lines[direction];
    let at = 0;
    while (at < bytes.length && this.state === "open") {
      if (direction === "upstream" && this.asked !== null) return at;
      const { end, line } = lines.read(bytes, at);
      at = end;
      if (line !== null) {
        if (direction === "upstream") this.command(line);
        else this.reply(line);
      } else if (lines.isTooLong) this.state = "never";
    }
    return this.state === "never" ? bytes.length : at;
  }

  /** A line that the client has sent. */
  protected abstract command(line: string): void;

  /** A line that the server has sent. */
  protected abstract reply(line: string): void;

  /** The server has answered what the client has asked for. */
  protected settle(agrees: boolean): void {
    if (agrees) this.state = "begun";
    else this.asked = null;
  }
}

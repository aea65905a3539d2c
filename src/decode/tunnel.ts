// What HTTP/1.x has become on a Connection: turns of the protocol that both switched to, or, behind CONNECT, anything
// that may pass over a Connection, which is read as one from the tunnel's first byte on.

import type { Changes, Direction } from "./types.ts";
import type { Report } from "./report.ts";

/** Reads what passes from the beginning of a tunnel on; the ends of the Connection are noted elsewhere. */
export interface TunnelReading {
  receive(direction: Direction, bytes: Uint8Array, at: number): Changes;
  skippable(direction: Direction): number;
  skip(direction: Direction, length: number, at: number): Changes;
  /** Bytes that are missing; of unknown number where `length` is 0. */
  gap(direction: Direction, length: number, at: number): Changes;
  /** The bytes of one Direction that come next begin at `offset`. To be called before they come. */
  moveTo(direction: Direction, offset: number): void;
  /** One side ended. */
  ended(direction: Direction): Changes;
  /** There is no tunnel after all, and why. */
  refuse(text: string): Changes;
}

/** Makes one: `first` is the ordinal of its first Exchange, `tunnel` what CONNECT asked for. */
export type MakeTunnelReading = (first: number, tunnel: string) => TunnelReading;

/** A tunnel whose reading tells `report`; the same face as Turns. */
export class Tunnel {
  constructor(private readonly reading: TunnelReading, private readonly report: Report) {}

  moveTo(direction: Direction, offset: number): void {
    this.reading.moveTo(direction, offset);
  }

  receive(direction: Direction, bytes: Uint8Array, at: number): void {
    this.report.pass(this.reading.receive(direction, bytes, at));
  }

  skippable(direction: Direction): number {
    return this.reading.skippable(direction);
  }

  skip(direction: Direction, length: number, at: number): void {
    this.report.pass(this.reading.skip(direction, length, at));
  }

  gap(direction: Direction, length: number, at: number): void {
    this.report.pass(this.reading.gap(direction, length, at));
  }

  end(direction: Direction): void {
    this.report.pass(this.reading.ended(direction));
  }

  refuse(text: string): void {
    this.report.pass(this.reading.refuse(text));
  }
}

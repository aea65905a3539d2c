// The decoder of one Connection. Which protocol it is, is judged by what both sides say and by nothing else, so until
// that is certain the bytes are read in both ways at once, and what is shown is the likelier of the two:
//
//   the client begins with a request line     → HTTP       until the target's first bytes are no response
//   the client begins with anything else      → turns      until the target's first bytes are a response
//   the client's first line is not yet whole  → nothing
//
// The target's first bytes decide for good, and so does its end. What was shown and is wrong is withdrawn.

import type { Changes, Decoder, Direction, SideEnd } from "./types.ts";
import { Endings } from "./endings.ts";
import { Http1 } from "./http1.ts";
import { NOTHING, Report } from "./report.ts";
import type { TunnelReading } from "./tunnel.ts";
import { Turns } from "./turns.ts";

/** A Decoder for one Connection that has just begun, or for what was encrypted in a tunnel to `tunnel`. */
export function decode(tunnel: string | null = null): Decoder {
  return new Conversation(new Endings(), 0, tunnel);
}

/** Reads a Connection, or the tunnel that it has become: that is read from its first byte as a Connection is. */
class Conversation implements Decoder, TunnelReading {
  readonly #httpReport: Report;
  readonly #turnsReport: Report;
  readonly #endings: Endings;
  /** The two readings; one of them is null once it is certain that it is wrong. */
  #http: Http1 | null;
  #turns: Turns | null;
  /** The reading whose Exchanges are shown. */
  #shown: Report | null = null;
  #targetEnded = false;

  /** `first` is the ordinal of its first Exchange, and `tunnel` what CONNECT asked for; null for no tunnel. */
  constructor(endings = new Endings(), first = 0, tunnel: string | null = null) {
    this.#endings = endings;
    this.#httpReport = new Report(first, tunnel);
    this.#turnsReport = new Report(first, tunnel);
    const within = (first: number, tunnel: string) => new Conversation(endings, first, tunnel);
    this.#http = new Http1(this.#httpReport, endings, within);
    this.#turns = new Turns(this.#turnsReport, endings);
  }

  moveTo(direction: Direction, offset: number): void {
    this.#http?.moveTo(direction, offset);
    this.#turns?.moveTo(direction, offset);
  }

  receive(direction: Direction, bytes: Uint8Array, at: number): Changes {
    if (bytes.length === 0) return NOTHING;
    this.#http?.receive(direction, bytes, at);
    this.#turns?.receive(direction, bytes, at);
    return this.#changes();
  }

  skippable(direction: Direction): number {
    const http = this.#http === null ? Infinity : this.#http.skippable(direction);
    return this.#turns === null ? http : Math.min(http, this.#turns.skippable(direction));
  }

  skip(direction: Direction, length: number, at: number): Changes {
    if (length === 0) return NOTHING;
    const most = this.skippable(direction);
    if (!(length > 0 && length <= most)) {
      throw new RangeError(`Cannot skip ${length} bytes: ${most} need not be read. Ask skippable before.`);
    }
    this.#http?.skip(direction, length, at);
    this.#turns?.skip(direction, length, at);
    return this.#changes();
  }

  gap(direction: Direction, length: number, at: number): Changes {
    this.#http?.gap(direction, length, at);
    this.#turns?.gap(direction, length, at);
    return this.#changes();
  }

  end(direction: Direction, how: SideEnd): Changes {
    this.#endings.note(direction, how);
    return this.ended(direction);
  }

  ended(direction: Direction): Changes {
    this.#http?.end(direction);
    this.#turns?.end(direction);
    if (direction === "downstream") this.#targetEnded = true;
    return this.#changes();
  }

  refuse(text: string): Changes {
    this.#http = null;
    this.#turns?.refuse(text);
    return this.#settle(this.#turnsReport);
  }

  #changes(): Changes {
    if (this.#http === null) return this.#turnsReport.take();
    if (this.#turns === null) return this.#httpReport.take();
    return this.#weigh(this.#http);
  }

  /** Both readings are possible so far. */
  #weigh(http: Http1): Changes {
    const { confirmed, refuted, plausible } = http;
    if (confirmed || (this.#targetEnded && !refuted && plausible === true)) {
      this.#turns = null;
      return this.#settle(this.#httpReport);
    }
    if (refuted || this.#targetEnded) {
      this.#http = null;
      return this.#settle(this.#turnsReport);
    }
    return plausible === null ? NOTHING : this.#show(plausible ? this.#httpReport : this.#turnsReport);
  }

  #settle(report: Report): Changes {
    const changes = this.#show(report);
    report.settle();
    return changes;
  }

  #show(report: Report): Changes {
    const before = this.#shown;
    const changes = report.take();
    if (before === report) return changes;
    this.#shown = report;
    return before === null ? changes : { changed: changes.changed, withdrawn: before.all };
  }
}

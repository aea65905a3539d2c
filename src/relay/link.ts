// The slow link of a Listener: all its Connections share it, each Direction on its own, as they would share a line. It
// can be changed, lifted and set again at any time. What is not slowed has nothing in its way: its pump writes to the
// socket, and a SlowSink is put before that only while there are limits.
// Connecting is not delayed, neither to the port nor to the target; bytes and ends are.

import type { Direction, LinkLimits, SlowLink } from "../model.ts";
import { Lane, type LinkMakings, REAL } from "./lane.ts";
import { type Member, Roster } from "./roster.ts";
import type { Outlet, Sink } from "./sink.ts";
import { SlowSink } from "./slow_sink.ts";

/** What a Listener slows its Connections down by; shared by all its ports, changed while they are open. */
export class LinkControl {
  readonly #sides: Readonly<Record<Direction, Side>>;
  #slow: SlowLink | null = null;

  constructor(slow: SlowLink | null = null, makings: LinkMakings = REAL) {
    this.#sides = { upstream: new Side(makings), downstream: new Side(makings) };
    this.set(slow);
  }

  /** As it was set. */
  get slow(): SlowLink | null {
    return this.#slow;
  }

  /** Holds at once, for open Connections too; null: nothing is slowed. */
  set(slow: SlowLink | null): void {
    this.#slow = slow;
    this.#sides.upstream.set(slow?.upstream ?? null);
    this.#sides.downstream.set(slow?.downstream ?? null);
  }

  /** Where the pump of a Direction writes to, to reach `sink`. It has to leave at the end. */
  join(direction: Direction, sink: Sink): Leg {
    return this.#sides[direction].join(sink);
  }
}

/** A Direction, with the Connections on it. */
class Side {
  readonly #lane: Lane;
  readonly #legs = new Roster<Leg>();

  constructor(makings: LinkMakings) {
    this.#lane = new Lane(makings);
  }

  set(limits: LinkLimits | null): void {
    this.#lane.limits = limits;
    for (const leg of this.#legs.all()) leg.changed();
  }

  join(sink: Sink): Leg {
    const leg = new Leg(sink, this.#lane, this.#legs);
    this.#legs.add(leg);
    this.#lane.sharers = this.#legs.size;
    leg.changed();
    return leg;
  }
}

/** The way of one Connection in one Direction. */
export class Leg implements Outlet, Member {
  /** The socket itself where nothing is slowed. */
  sink: Sink;
  place = 0;
  #slow: SlowSink | null = null;
  #hasLeft = false;

  constructor(
    private readonly plain: Sink,
    private readonly lane: Lane,
    private readonly sharers: Roster<Leg>,
  ) {
    this.sink = plain;
  }

  get isSlow(): boolean {
    return this.#slow !== null;
  }

  /** Whether bytes that were read have not arrived yet. */
  get isHolding(): boolean {
    return this.#slow?.isHolding ?? false;
  }

  /** The limits have changed. */
  changed(): void {
    if (this.#slow) this.#slow.changed();
    else if (this.lane.limits !== null) this.#putBefore();
  }

  /** The Connection is over: what is on its way is dropped. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#slow?.stop();
    this.sharers.remove(this);
    this.lane.sharers = this.sharers.size;
  }

  #putBefore(): void {
    this.#slow = new SlowSink(this.plain, this.lane, () => {
      this.#slow = null;
      this.sink = this.plain;
    });
    this.sink = this.#slow;
  }
}

// How much of the processor the index takes while it is behind. Where there are few cores, what it takes the relay
// lacks: while the journal grows fast it works a fifth of the time, and the faster it grows the less, down to a
// twentieth; when the traffic is quiet it catches up at full speed. Pure: times come from outside.

/** With more cores than this the relay, the journal and the index have one each. */
const FEW_CORES = 2;
/** The journal grows fast from so many bytes a ms on: about a thousand new connections a second. */
const FAST = 1000;
/** The growth is measured over at least so many ms; after as many without any the traffic counts as quiet. */
const SPAN_MS = 200;
/** Rest for each ms of work: the least, and the most, from FASTEST bytes a ms on: about ten thousand connections a second. */
const REST = 4;
const MOST_REST = 20;
const FASTEST = 10 * FAST;

/** Says how long to rest between two slices of work. */
export class Pace {
  #rate = 0;
  #from: { readonly at: number; readonly position: number } | null = null;
  #latest = -Infinity;

  constructor(private readonly cores: number) {}

  /** The journal has been written up to `position` at the time `now`, ms. */
  written(position: number, now: number): void {
    if (this.#from === null || now - this.#latest > SPAN_MS) {
      this.#rate = 0;
      this.#from = { at: now, position };
    } else if (now - this.#from.at >= SPAN_MS) {
      this.#rate = (position - this.#from.position) / (now - this.#from.at);
      this.#from = { at: now, position };
    }
    this.#latest = now;
  }

  /** How many ms to rest at the time `now`, after `worked` ms of work with more to do. */
  rest(worked: number, now: number): number {
    if (this.cores > FEW_CORES || this.#rate < FAST || now - this.#latest > SPAN_MS) return 0;
    return worked * Math.min(MOST_REST, Math.max(REST, MOST_REST * this.#rate / FASTEST));
  }
}

// How much of the processor the index takes while it is behind, and searches and layouts while they are under way. Where
// there are few cores, what they take the relay lacks: while the journal grows fast they work a twentieth of the time;
// where the processors have time to spare, a part of it or at full speed; when the traffic is quiet, at full speed.
// Traffic that lasts does not starve the index: the later it is, the less it rests, and from LATEST on not at all. Pure:
// times come from outside.

/** With more cores than this the relay, the journal and the index have one each. */
const FEW_CORES = 2;
/** The journal grows fast from so many bytes a ms on: about a thousand new connections a second. */
const FAST = 1000;
/** The growth is measured over at least so many ms; after as many without any the traffic counts as quiet. */
const SPAN_MS = 200;
/** Who looks by himself does not look while he rests: he has seen none only after so many ms. */
const UNSEEN_MS = 500;
/** Rest for each ms of work. */
const REST = 20;
/** It rests as above while it is late by less, ms … */
const LATE = 5_000;
/** … and not at all once it is late by more. */
const LATEST = 30_000;

/** No such rests while so much of the processors' time is spare: then nobody lacks what it takes. */
const SPARE = 0.4;

/** Says how long to rest between two slices of work. */
export class Pace {
  #rate = 0;
  #from: { readonly at: number; readonly position: number } | null = null;
  #latest = -Infinity;
  #seen = 0;

  /** `look` says how far the journal has been written, where nobody calls `written`. */
  constructor(
    private readonly cores: number,
    private readonly look: (() => number) | null = null,
    /** Says which part of the processors' time is spare at the time `now`, 0 to 1. */
    private readonly spare: (now: number) => number = () => 0,
    /**
     * Rest for each ms of work while there is time to spare: what comes while it works is answered later, though nobody
     * lacks a processor.
     */
    private readonly spareRest = 0,
  ) {}

  /** The journal has been written up to `position` at the time `now`, ms. */
  written(position: number, now: number): void {
    if (this.#from === null || now - this.#latest > (this.look ? UNSEEN_MS : SPAN_MS)) {
      this.#rate = 0;
      this.#from = { at: now, position };
    } else if (now - this.#from.at >= SPAN_MS) {
      this.#rate = (position - this.#from.position) / (now - this.#from.at);
      this.#from = { at: now, position };
    }
    this.#latest = now;
    this.#seen = position;
  }

  /** How many ms to rest at the time `now`, after `worked` ms of work with more to do, where it is late by `late` ms. */
  rest(worked: number, now: number, late = 0): number {
    const position = this.look?.() ?? 0;
    if (position > this.#seen) this.written(position, now);
    if (this.cores > FEW_CORES || this.#rate < FAST || now - this.#latest > SPAN_MS) return 0;
    if (this.spare(now) >= SPARE) return worked * this.spareRest;
    const share = Math.min(1, Math.max(0, (LATEST - late) / (LATEST - LATE)));
    return share * worked * REST;
  }
}

// That something is given up, for those who are told so by a call, and as an AbortSignal for those who need one. Most
// Connections are never given up, and making an AbortController costs more than all else that is made for a short one.

/** See above. While nobody asks for its signal it costs nothing. */
export class Stopping {
  #controller: AbortController | null = null;
  #isStopped = false;
  #reason: unknown;
  /** Called once, when it is given up. Whoever sets it is the only one, and takes it away again. */
  onStop: (() => void) | null = null;

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Why; undefined before. */
  get reason(): unknown {
    return this.#reason;
  }

  /** For those who need one. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isStopped) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Gives up; the first reason stays. */
  stop(reason: unknown = new DOMException("given up", "AbortError")): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.onStop?.();
  }
}

/** An AbortSignal for what can be given up. */
export function signalOf(stop: Stopping | AbortSignal): AbortSignal {
  return stop instanceof Stopping ? stop.signal : stop;
}

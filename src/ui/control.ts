// What the page's server may do to the rest of the program: the listeners and the state of the recording.
// The relay is behind it and is not known here.

import type { Listener, Recording, Route } from "../model.ts";

/** A listener that could not be added or started; `message` says why and what to do, `field` which input is wrong. */
export class ListenerError extends Error {
  constructor(
    message: string,
    readonly field: "listen" | "target" | null,
    readonly suggestion: string | null = null,
  ) {
    super(message);
    this.name = "ListenerError";
  }
}

/** Adds, stops, starts and closes listeners, and tells when something changed. */
export interface Control {
  listeners(): readonly Listener[];
  /** Binds a Route. Throws ListenerError. */
  add(route: Route): Promise<Listener>;
  /** Stops accepting; open Connections go on. Starting binds again. Throws ListenerError; null where there is none with this id. */
  setState(id: string, state: "listening" | "stopped"): Promise<Listener | null>;
  /** Closes a listener and its Connections. False where there is none with this id. */
  close(id: string): Promise<boolean>;
  recording(): Recording;
  /** Calls `listen` when a listener, the recording or a notice for the user is new; returns a function that ends this. */
  onChange(listen: (change: { readonly notice?: string }) => void): () => void;
}

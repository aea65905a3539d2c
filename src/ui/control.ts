// What the page's server may do to the rest of the program: the listeners and the state of the recording.
// The relay is behind it and is not known here.

import type { Listener, OpenedCapture, Recording, Route } from "../model.ts";
import type { RouteChange } from "../route_json.ts";

/** A listener that could not be added or started; `message` says why and what to do, `field` which input is wrong. */
export class ListenerError extends Error {
  constructor(
    message: string,
    readonly field: string | null,
    readonly suggestion: string | null = null,
  ) {
    super(message);
    this.name = "ListenerError";
  }
}

/** A configuration that could not be saved; `field` is "overwrite" where that would do. */
export class ConfigSaveError extends Error {
  constructor(message: string, readonly field: "overwrite" | null) {
    super(message);
    this.name = "ConfigSaveError";
  }
}

/** What is to become of a listener. */
export interface ListenerChange extends RouteChange {
  readonly state?: "listening" | "stopped";
}

/** Adds, changes, stops, starts and closes listeners, and tells when something changed. */
export interface Control {
  listeners(): readonly Listener[];
  /** Binds a Route. Throws ListenerError. */
  add(route: Route): Promise<Listener>;
  /**
   * Changes a listener, then its state: stopping lets open Connections go on, starting binds again. Only its name and
   * its slow link can change while it listens. Throws ListenerError; null where there is none with this id.
   */
  change(id: string, change: ListenerChange): Promise<Listener | null>;
  /** Closes a listener and its Connections. False where there is none with this id. */
  close(id: string): Promise<boolean>;
  /** The listeners as a configuration: JSON, without passwords. */
  configuration(): string;
  /** The file that tcpmon was started with for its listeners; null where there is none. */
  readonly configFile: string | null;
  /** Why this program can be no end of TLS, in words; null where it can. */
  readonly tlsLack: string | null;
  /** Writes the listeners to that file. Throws ConfigSaveError. */
  saveConfiguration(overwrite: boolean): Promise<void>;
  recording(): Recording;
  /** The captures that are open to be read; left out where none can be. */
  captures?(): readonly OpenedCapture[];
  /** Calls `listen` when a listener, the recording or a notice for the user is new; returns a function that ends this. */
  onChange(listen: (change: { readonly notice?: string }) => void): () => void;
}

// The listeners of the running program: adds, changes, stops, starts and closes them for the command line and the page.
// Connects the relay to whoever watches; knows nothing of HTTP, of the journal's format or of what is relayed.

import { formatAddress, parseListen, parseTarget } from "./address.ts";
import { refuseCircle } from "./circle.ts";
import type { Address, Listener, ListenerState, Route, ShownRoute, UpstreamProxy } from "./model.ts";
import { bindError } from "./relay/bind.ts";
import { LinkControl } from "./relay/link.ts";
import { ListenPort, type Shared } from "./relay/listen.ts";
import { shownRoute } from "./route.ts";
import { type RouteChange, RouteReader, withChange } from "./route_json.ts";
import { misfit } from "./tls_json.ts";
import { withPassword } from "./upstream_proxy.ts";
import { type ListenerChange, ListenerError } from "./ui/control.ts";

interface Entry {
  readonly id: string;
  /** As asked for; where that is port 0, `listen` has the one that was taken. */
  route: Route;
  listen: Address;
  /** Its slow link, whatever port it has. */
  readonly link: LinkControl;
  state: ListenerState;
  error: string | null;
  suggestion: string | null;
  since: string;
  port: ListenPort | null;
}

/** What cannot change while a listener listens, and what it is called. */
const FIXED = [
  ["listen", "where it listens"],
  ["target", "its target"],
  ["hostHeader", "what becomes of the Host header"],
  ["via", "its proxy"],
  ["targetScheme", "whether TLS is spoken to its target"],
  ["targetTls", "how it meets its target's TLS"],
  ["listenTls", "what becomes of TLS from its clients"],
] as const;

/** A listener that a continued capture tells of; `route` is what it did, where that was recorded. */
export interface HeldListener {
  readonly id: string;
  readonly listen: string;
  readonly target: string | null;
  readonly route?: ShownRoute;
}

/** All listeners of a program. */
export class Listeners {
  readonly #entries = new Map<string, Entry>();
  #accepts = false;
  #next = 1;
  #shared: Shared;
  readonly #changed: (id: string) => void;
  /**
   * `held` are the listeners that a continued capture tells of; they begin as stopped. `changed` is called after every
   * change, with which listener has.
   */
  constructor(
    shared: Shared,
    held: readonly HeldListener[],
    changed: (id: string) => void,
    /** The password of upstream proxies that are given with a user and none; "" where there is none. */
    private readonly proxyPassword = "",
  ) {
    this.#shared = shared;
    this.#changed = changed;
    const inOrder = [...held].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
    for (const known of inOrder) {
      const { id } = known;
      const route = this.#withPassword(heldRoute(known));
      this.#entries.set(id, newEntry(id, route, new Date().toISOString()));
      this.#next = Math.max(this.#next, Number(id.slice(1)) + 1);
    }
  }

  /** Accepts clients from now on; those who came before wait. */
  accept(): void {
    this.#accepts = true;
    for (const { port } of this.#entries.values()) port?.accept();
  }

  /** As the API shows them, in the order they were added. */
  list(): readonly Listener[] {
    return [...this.#entries.values()].map(shown);
  }

  /** One of them, as the API shows it; undefined where there is none with this id. */
  one(id: string): Listener | undefined {
    const entry = this.#entries.get(id);
    return entry && shown(entry);
  }

  /** The proxy that a listener goes through; undefined where there is none. */
  viaOf(id: string): UpstreamProxy | undefined {
    return this.#entries.get(id)?.route.via;
  }

  /** A listener's Route, as it was asked for; undefined where there is no such listener. */
  routeOf(id: string): Route | undefined {
    return this.#entries.get(id)?.route;
  }

  /** The Routes, as they were asked for, in the same order. */
  routes(): readonly Route[] {
    return [...this.#entries.values()].map(({ route }) => route);
  }

  /**
   * Binds a Route; a stopped listener with the same addresses is started instead of adding a second one, and takes the
   * options of this one. Throws ListenerError where it cannot be bound or would forward to the program itself.
   */
  add(given: Route): Listener {
    const route = this.#withPassword(given);
    this.#refuse(route, route.listen);
    const same = this.#stoppedOne(route);
    const entry = same ?? newEntry(`l${this.#next}`, route, "");
    const before = entry.route;
    entry.route = route;
    try {
      this.#bind(entry);
    } catch (error) {
      entry.route = before;
      throw error;
    }
    entry.link.set(route.slow ?? null);
    if (!same) this.#next++;
    this.#entries.set(entry.id, entry);
    this.#changed(entry.id);
    return shown(entry);
  }

  /**
   * Adds a Route as `add` does; where that cannot be, it is there all the same, as "failed", and says why. `refused` is
   * why it cannot be, where that is known.
   */
  addInAnyCase(given: Route, refused: unknown = null): Listener {
    try {
      if (refused !== null) throw refused;
      return this.add(given);
    } catch (error) {
      const route = this.#withPassword(given);
      const entry = this.#stoppedOne(route) ?? newEntry(`l${this.#next++}`, route, "");
      entry.route = route;
      entry.link.set(route.slow ?? null);
      fail(entry, error);
      this.#entries.set(entry.id, entry);
      this.#changed(entry.id);
      return shown(entry);
    }
  }

  /**
   * Changes a listener, then stops it (open Connections go on) or binds it again. Null where there is no such
   * listener. Throws ListenerError for what cannot change while it listens, for a circle, and where it cannot be bound;
   * the listener then is "failed" and says why. `refused` is why it cannot be bound, where that is known.
   */
  async change(
    id: string,
    { state, ...change }: ListenerChange,
    refused: unknown = null,
  ): Promise<Listener | null> {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    const isStopping = state === "stopped";
    if (entry.port && !isStopping) refuseFixed(entry, change);
    if (Object.keys(change).length > 0) this.#edit(entry, change);
    if (isStopping && entry.port) {
      const port = entry.port;
      entry.port = null;
      turn(entry, "stopped", null);
      this.#draining.add(port);
      await port.stop();
    } else if (isStopping && entry.state === "failed") {
      turn(entry, "stopped", null);
    } else if (state === "listening" && !entry.port) {
      try {
        if (refused !== null) throw refused;
        this.#refuse(entry.route, entry.listen, entry);
        this.#bind(entry);
      } catch (error) {
        fail(entry, error);
        this.#changed(entry.id);
        throw error;
      }
    }
    this.#changed(entry.id);
    return shown(entry);
  }

  /** Closes a listener and its Connections. False where there is no such listener. */
  async close(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    if (entry.port) this.#draining.add(entry.port);
    await entry.port?.stop();
    await Promise.all(
      [...this.#draining].map((port) => port.listener === id && port.closeConnections()),
    );
    this.#changed(id);
    return true;
  }

  /** Stops everything: no more clients, and all Connections ended. */
  async end(): Promise<void> {
    const ports = [...this.#entries.values()].flatMap(({ port }) => port ?? []);
    await Promise.all(ports.map((port) => port.stop()));
    await Promise.all([...ports, ...this.#draining].map((port) => port.closeConnections()));
  }

  /** Ports that accept no more but whose Connections may still be open. */
  readonly #draining = new Set<ListenPort>();

  #withPassword(route: Route): Route {
    return route.via ? { ...route, via: withPassword(route.via, this.proxyPassword) } : route;
  }

  /** The listener with these addresses, where it does not listen. */
  #stoppedOne({ listen, target }: Route): Entry | undefined {
    return [...this.#entries.values()].find((entry) =>
      entry.port === null && isSameAddress(entry.listen, listen) && isSameAddress(entry.route.target, target)
    );
  }

  #edit(entry: Entry, change: RouteChange): void {
    const route = this.#withPassword(withChange(entry.route, change));
    const wrong = misfit(route);
    if (wrong !== null) throw new ListenerError(wrong.text, wrong.path);
    const listen = change.listen ?? entry.listen;
    const isMoved = !isSameAddress(listen, entry.listen);
    // A port 0 that has taken a port is given as that port by who changes something else.
    const kept = isMoved ? route : { ...route, listen: entry.route.listen };
    if (isMoved || !isSameAddress(route.target, entry.route.target)) this.#refuse(kept, listen, entry);
    entry.route = kept;
    entry.listen = listen;
    entry.link.set(route.slow ?? null);
    if (!entry.port && entry.state === "failed") turn(entry, "stopped", null);
  }

  #bind(entry: Entry): void {
    try {
      entry.port = new ListenPort(
        entry.id,
        { ...entry.route, listen: entry.listen },
        this.#shared,
        entry.link,
      );
      entry.listen = entry.port.listen;
      if (this.#accepts) entry.port.accept();
      turn(entry, "listening", null);
    } catch (error) {
      const own = [...this.#entries.values()].some(({ port, listen }) =>
        port && listen.port === entry.listen.port
      );
      const { message, suggestion } = bindError(entry.listen, error, own);
      throw new ListenerError(message, "listen", suggestion);
    }
    for (const port of this.#draining) if (port.open === 0) this.#draining.delete(port);
  }

  /** Refuses a target that leads back to the program; `self` is the listener that is to have it, when it is there. */
  #refuse(route: Route, listen: Address, self?: Entry): void {
    const others = [...this.#entries.values()].filter((entry) => entry.port !== null && entry !== self);
    refuseCircle(route, listen, others, this.#shared.ownPorts?.page ?? -1);
  }
}

/** What cannot change under clients that are being served; what is given as it is already is no change. */
function refuseFixed(entry: Entry, change: RouteChange): void {
  const before = shown(entry);
  const after = shownRoute(withChange({ ...entry.route, listen: entry.listen }, change));
  for (const [member, words] of FIXED) {
    if (JSON.stringify(after[member]) === JSON.stringify(before[member])) continue;
    throw new ListenerError(
      `Cannot change ${words} while it listens on ${before.listen}. Stop it first.`,
      member,
    );
  }
}

function heldRoute({ listen, target, route }: HeldListener): Route {
  const plain = { listen: parseListen(listen), target: target === null ? null : parseTarget(target) };
  if (route === undefined) return plain;
  const { rewritesHost: _, ...members } = route;
  // What another version recorded may mean nothing to this one: it is then what its addresses say.
  return new RouteReader().route({ ...members, listen, target }, "") ?? plain;
}

function isSameAddress(a: Address | null, b: Address | null): boolean {
  return a === null || b === null ? a === b : formatAddress(a) === formatAddress(b);
}

function newEntry(id: string, route: Route, since: string): Entry {
  const link = new LinkControl(route.slow ?? null);
  return {
    id,
    route,
    listen: route.listen,
    link,
    state: "stopped",
    error: null,
    suggestion: null,
    since,
    port: null,
  };
}

function turn(entry: Entry, state: ListenerState, error: string | null): void {
  entry.state = state;
  entry.error = error;
  entry.suggestion = null;
  entry.since = new Date().toISOString();
}

function fail(entry: Entry, error: unknown): void {
  turn(entry, "failed", wordsOf(error));
  entry.suggestion = error instanceof ListenerError ? error.suggestion : null;
}

function shown({ id, route, listen, state, error, suggestion, since }: Entry): Listener {
  return { id, ...shownRoute({ ...route, listen }), state, error, suggestion, since };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

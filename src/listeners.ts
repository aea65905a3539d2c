// The listeners of the running program: adds, stops, starts and closes them for the command line and the page.
// Connects the relay to whoever watches; knows nothing of HTTP, of the journal's format or of what is relayed.

import { formatAddress, isLoopback, LOOPBACK, parseListen, parseTarget } from "./address.ts";
import type { Address, Listener, ListenerState, Route } from "./model.ts";
import { bindError } from "./relay/bind.ts";
import { ListenPort, type Shared } from "./relay/listen.ts";
import { ListenerError } from "./ui/control.ts";

interface Entry {
  readonly id: string;
  /** As bound: a port 0 of the Route has become the port that was taken. */
  listen: Address;
  readonly target: Address;
  state: ListenerState;
  error: string | null;
  since: string;
  port: ListenPort | null;
}

/** All listeners of a program. */
export class Listeners {
  readonly #entries = new Map<string, Entry>();
  #next = 1;
  #shared: Shared;
  readonly #changed: () => void;
  /** The page's own port, which must not be a target: its token would be recorded. */
  pagePort: number | null = null;

  /** `held` are the listeners that a continued capture tells of; they begin as stopped. `changed` is called after every change. */
  constructor(
    shared: Shared,
    held: readonly { readonly id: string; readonly listen: string; readonly target: string }[],
    changed: () => void,
  ) {
    this.#shared = shared;
    this.#changed = changed;
    for (const { id, listen, target } of held) {
      this.#entries.set(id, {
        id,
        listen: parseListen(listen),
        target: parseTarget(target),
        state: "stopped",
        error: null,
        since: new Date().toISOString(),
        port: null,
      });
      this.#next = Math.max(this.#next, Number(id.slice(1)) + 1);
    }
  }

  /** As the API shows them, in the order they were added. */
  list(): readonly Listener[] {
    return [...this.#entries.values()].map(shown);
  }

  /**
   * Binds a Route; a stopped listener with the same addresses is started instead of adding a second one. Throws
   * ListenerError where it cannot be bound or would forward to the program itself.
   */
  add(route: Route): Listener {
    this.#refuseLoop(route);
    const same = [...this.#entries.values()].find((entry) =>
      entry.port === null && formatAddress(entry.listen) === formatAddress(route.listen) &&
      formatAddress(entry.target) === formatAddress(route.target)
    );
    const entry = same ?? {
      id: `l${this.#next}`,
      listen: route.listen,
      target: route.target,
      state: "stopped" as const,
      error: null,
      since: "",
      port: null,
    };
    this.#bind(entry);
    if (!same) this.#next++;
    this.#entries.set(entry.id, entry);
    this.#changed();
    return shown(entry);
  }

  /**
   * Stops accepting (open Connections go on) or binds again. Null where there is no such listener. Throws
   * ListenerError where it cannot be bound; the listener then is "failed" and says why.
   */
  async setState(id: string, state: "listening" | "stopped"): Promise<Listener | null> {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    if (state === "stopped" && entry.port) {
      const port = entry.port;
      entry.port = null;
      turn(entry, "stopped", null);
      await port.stop();
      this.#draining.add(port);
      this.#changed();
    } else if (state === "stopped" && entry.state === "failed") {
      turn(entry, "stopped", null);
      this.#changed();
    } else if (state === "listening" && !entry.port) {
      try {
        this.#bind(entry);
      } catch (error) {
        turn(entry, "failed", error instanceof Error ? error.message : String(error));
        throw error;
      } finally {
        this.#changed();
      }
    }
    return shown(entry);
  }

  /** Closes a listener and its Connections. False where there is no such listener. */
  async close(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    await entry.port?.stop();
    await Promise.all(
      [entry.port, ...this.#draining].map((port) => port?.listener === id && port.closeConnections()),
    );
    this.#changed();
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

  #bind(entry: Entry): void {
    try {
      entry.port = new ListenPort(entry.id, entry.listen, entry.target, this.#shared);
      entry.listen = entry.port.listen;
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

  #refuseLoop({ listen, target }: Route): void {
    const name = formatAddress(target);
    const page = { host: LOOPBACK, port: this.pagePort ?? -1 };
    if (reaches(target, page)) {
      throw new ListenerError(
        `Cannot forward to ${name}: that is the page of tcpmon itself. Give another target.`,
        "target",
      );
    }
    const others = [...this.#entries.values()].filter(({ port }) => port !== null);
    const routes: readonly Route[] = [{ listen, target }, ...others];
    for (let next = target, steps = 0; steps <= routes.length; steps++) {
      if (reaches(next, listen)) {
        throw new ListenerError(
          `Cannot forward to ${name}: that leads back to ${formatAddress(listen)}, in a circle. ` +
            `Give another target or listen port.`,
          "target",
        );
      }
      const following = routes.find((route) => reaches(next, route.listen));
      if (!following) return;
      next = following.target;
    }
  }
}

/** Whether a client of `target` ends up at a port that listens on `listen`, as far as the addresses tell. */
function reaches(target: Address, listen: Address): boolean {
  if (target.port !== listen.port || listen.port === 0) return false;
  if (target.host === listen.host) return true;
  if (listen.host === "0.0.0.0" || listen.host === "::") return isLoopback(target.host);
  const names = ["localhost", LOOPBACK, "::1"];
  return (target.host === "localhost" && names.includes(listen.host)) ||
    (listen.host === "localhost" && names.includes(target.host));
}

function turn(entry: Entry, state: ListenerState, error: string | null): void {
  entry.state = state;
  entry.error = error;
  entry.since = new Date().toISOString();
}

function shown({ id, listen, target, state, error, since }: Entry): Listener {
  return { id, listen: formatAddress(listen), target: formatAddress(target), state, error, since };
}

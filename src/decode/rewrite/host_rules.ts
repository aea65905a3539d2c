// The rules that put the target's name where the client has the monitor's, and the other way round, so that a browser
// which was pointed to the monitor stays there, and the target sees the requests that it would see without:
//
//   request    Host, the target in absolute-form, Origin and Referer: the monitor's address → the target's
//   response   Location and Content-Location: the target's address → the one that the client asked
//              Set-Cookie: kept by a browser under that address (cookies.ts)
//              Strict-Transport-Security: left out, for the address is the monitor's and not only this target's
//
// Each address has the scheme of its side: one may speak TLS with the monitor, and the other not. A request to another
// address, as a proxy gets them, and what answers it is left alone.

import type { Address } from "../../model.ts";
import {
  authorityText,
  defaultPort,
  isAddress,
  isLoopbackHost,
  isSame,
  nameOf,
  readAuthority,
  readUrl,
} from "./authority.ts";
import type { Authority, Scheme, UrlStart } from "./authority.ts";
import { cookieForClient } from "./cookies.ts";
import type { Asked, Rules } from "./rules.ts";

/** Whose names are to be put in each other's place. */
export interface HostLegs {
  /** Where the Listener listens. */
  readonly listen: Address;
  readonly target: Address;
  /** The address that the client reached. */
  readonly local: Address;
  /** Whether the monitor speaks TLS with the target. */
  readonly targetInTls: boolean;
  /** Whether the client speaks TLS with the monitor; asked when its first request has come. */
  clientInTls(): boolean;
}

/** The rules for one Connection. */
export function hostRules(legs: HostLegs): Rules {
  const names = new Names(legs);
  const location = { change: (value: string, asked: Asked | null) => asked && names.location(value, asked) };
  const address = { change: (value: string, asked: Asked | null) => asked && names.origin(value, asked) };
  return {
    requests: {
      target: { heldFrom: "authority", change: (target) => names.absoluteForm(target) },
      fields: {
        host: { change: (value, asked) => asked && names.host(value, asked) },
        origin: address,
        referer: address,
      },
    },
    responses: {
      fields: {
        location,
        "content-location": location,
        "set-cookie": {
          change: (value, asked) => {
            if (asked === null || names.isElsewhere(asked)) return null;
            return cookieForClient(value, nameOf(legs.target), legs.clientInTls());
          },
        },
        "strict-transport-security": {
          // Plain clients ignore it (RFC 6797, 8.1); others would keep it for all that is served on this name.
          drop: (_value, asked) => asked !== null && legs.clientInTls() && !names.isElsewhere(asked),
        },
      },
    },
  };
}

class Names {
  readonly #target: string;
  readonly #targetScheme: Scheme;

  constructor(private readonly legs: HostLegs) {
    this.#targetScheme = legs.targetInTls ? "https" : "http";
    this.#target = authorityText(legs.target, this.#targetScheme);
  }

  get #clientScheme(): Scheme {
    return this.legs.clientInTls() ? "https" : "http";
  }

  host(value: string, asked: Asked): string | null {
    asked.host ??= value;
    return this.isElsewhere(asked) ? null : this.#target;
  }

  absoluteForm(target: string): string | null {
    const url = readUrl(target);
    return url !== null && this.#isOwn(url.authority) ? this.#atTarget(url) : null;
  }

  /** The value of Origin or Referer: of the Listener's own address, under any of its names, or of none. */
  origin(value: string, asked: Asked): string | null {
    const url = readUrl(value);
    const scheme = this.#clientScheme;
    if (url?.scheme !== scheme || this.isElsewhere(asked)) return null;
    const host = asked.host === null ? null : readAuthority(asked.host);
    const isOwn = (host !== null && isSame(url.authority, host, scheme)) || this.#isOwn(url.authority);
    return isOwn ? this.#atTarget(url) : null;
  }

  location(value: string, asked: Asked): string | null {
    const url = readUrl(value);
    if (url === null || this.isElsewhere(asked)) return null;
    if (!isAddress(url.authority, url.scheme ?? this.#targetScheme, this.legs.target)) return null;
    return withAuthority(withScheme(url, this.#clientScheme), this.#client(asked));
  }

  /** A URL of the Listener's as it is at the target. */
  #atTarget(url: UrlStart): string {
    return withAuthority(withScheme(url, this.#targetScheme), this.#target);
  }

  /** Whether a request is for another address than the Listener's, as requests to a proxy are. */
  isElsewhere({ method, target }: Asked): boolean {
    if (method === "CONNECT") return true;
    if (target.startsWith("/") || target === "*") return false;
    const url = readUrl(target);
    return url !== null && !this.#isOwn(url.authority) &&
      !isAddress(url.authority, url.scheme ?? this.#targetScheme, this.legs.target);
  }

  /** The address that the client asked, as it gave it; where that makes no sense, the one that it reached. */
  #client(asked: Asked): string {
    const given = asked.host ?? "";
    return readAuthority(given) === null ? authorityText(this.legs.local, this.#clientScheme) : given;
  }

  #isOwn({ host, port }: Authority): boolean {
    const { listen, local } = this.legs;
    if ((port ?? defaultPort(this.#clientScheme)) !== local.port) return false;
    return isLoopbackHost(host) || host === nameOf(local) || host === nameOf(listen);
  }
}

/** With another scheme, where it has one; written as it was where it is the same. */
function withScheme(url: UrlStart, scheme: Scheme): UrlStart {
  if (url.scheme === null || url.scheme === scheme) return url;
  return { ...url, before: scheme + url.before.slice(url.scheme.length) };
}

function withAuthority({ before, rest }: UrlStart, authority: string): string {
  return before + authority + rest;
}

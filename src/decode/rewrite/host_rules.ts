// The rules that put the target's name where the client has the monitor's, and the other way round, so that a browser
// which was pointed to the monitor stays there, and the target sees the requests that it would see without:
//
//   request    Host, the target in absolute-form, Origin and Referer: the monitor's address → the target's
//   response   Location and Content-Location: the target's address → the one that the client asked
//              Set-Cookie: kept by a browser under that address (cookies.ts)
//
// The client speaks plain HTTP here, and so does the target: of TLS, which passes through a Listener, nothing can be
// seen. A request to another address, as a proxy gets them, and what answers it is left alone.

import type { Address } from "../../model.ts";
import {
  authorityText,
  isAddress,
  isLoopbackHost,
  isSame,
  nameOf,
  readAuthority,
  readUrl,
} from "./authority.ts";
import type { Authority, UrlStart } from "./authority.ts";
import { cookieForPlainClient } from "./cookies.ts";
import type { Asked, Rules } from "./rules.ts";

/** Whose names are to be put in each other's place. */
export interface HostLegs {
  /** Where the Listener listens. */
  readonly listen: Address;
  readonly target: Address;
  /** The address that the client reached. */
  readonly local: Address;
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
            return cookieForPlainClient(value, nameOf(legs.target));
          },
        },
      },
    },
  };
}

class Names {
  readonly #target: string;

  constructor(private readonly legs: HostLegs) {
    this.#target = authorityText(legs.target);
  }

  host(value: string, asked: Asked): string | null {
    asked.host ??= value;
    return this.isElsewhere(asked) ? null : this.#target;
  }

  absoluteForm(target: string): string | null {
    const url = readUrl(target);
    return url !== null && this.#isOwn(url.authority) ? withAuthority(url, this.#target) : null;
  }

  /** The value of Origin or Referer: of the Listener's own address, under any of its names, or of none. */
  origin(value: string, asked: Asked): string | null {
    const url = readUrl(value);
    if (url?.scheme !== "http" || this.isElsewhere(asked)) return null;
    const host = asked.host === null ? null : readAuthority(asked.host);
    const isOwn = (host !== null && isSame(url.authority, host)) || this.#isOwn(url.authority);
    return isOwn ? withAuthority(url, this.#target) : null;
  }

  location(value: string, asked: Asked): string | null {
    const url = readUrl(value);
    if (url === null || this.isElsewhere(asked)) return null;
    if (!isAddress(url.authority, url.scheme ?? "http", this.legs.target)) return null;
    return withAuthority({ ...url, before: url.before.replace(/^https:/i, "http:") }, this.#client(asked));
  }

  /** Whether a request is for another address than the Listener's, as requests to a proxy are. */
  isElsewhere({ method, target }: Asked): boolean {
    if (method === "CONNECT") return true;
    if (target.startsWith("/") || target === "*") return false;
    const url = readUrl(target);
    return url !== null && !this.#isOwn(url.authority) && !isAddress(url.authority, "http", this.legs.target);
  }

  /** The address that the client asked, as it gave it; where that makes no sense, the one that it reached. */
  #client(asked: Asked): string {
    const given = asked.host ?? "";
    return readAuthority(given) === null ? authorityText(this.legs.local) : given;
  }

  #isOwn({ host, port }: Authority): boolean {
    const { listen, local } = this.legs;
    if ((port ?? 80) !== local.port) return false;
    return isLoopbackHost(host) || host === nameOf(local) || host === nameOf(listen);
  }
}

function withAuthority({ before, rest }: UrlStart, authority: string): string {
  return before + authority + rest;
}

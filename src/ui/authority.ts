// tcpmon's own authority, as the page's server knows it: what its certificate says, and how clients come to trust it.
// Its private key is never told here, nor to anybody.

import type { OwnAuthority } from "./types.ts";

/** The authority. Both may reject with an Error in words for the user. */
export interface Authority {
  /** What is known of it, and how it is trusted. It is not made by being asked for this. */
  facts(): Promise<OwnAuthority>;
  /** Its certificate in PEM; it is made where there is none yet. */
  certificate(): Promise<string>;
}

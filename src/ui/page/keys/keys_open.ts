// Whether the list of keys is open. The list itself is loaded later than what asks this.

import { signal } from "@preact/signals";

/** See above. */
export const isKeysOpen = signal(false);

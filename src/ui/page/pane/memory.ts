// What this browser remembers of the panes, in its localStorage. Where that is switched off, nothing is remembered.

/** What was remembered under `key`; null when nothing was. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`tcpmon.${key}`);
  } catch {
    return null; // storage is forbidden here
  }
}

/** Remembers `value` under `key`; null forgets it. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`tcpmon.${key}`);
    else localStorage.setItem(`tcpmon.${key}`, value);
  } catch {
    return; // storage is forbidden or full: the choice holds until the page is left
  }
}

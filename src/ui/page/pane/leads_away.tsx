// A redirect that takes the client past the monitor: where to, and what to do about it.

import type { JSX } from "preact";
import { Icon } from "./icons.tsx";

/** See above; `to` is an absolute http or https URL. */
export function LeadsAway({ to }: { readonly to: string }): JSX.Element {
  return (
    <p class="pane-note" role="note">
      <Icon name="warn" /> It redirects to <code>{to}</code>, where the client leaves the monitor.{" "}
      {remedy(to)}
    </p>
  );
}

/** What to do so that the client stays. */
export function remedy(to: string): string {
  const url = URL.parse(to);
  if (url === null) return "Add a listener for that address, and send the client to it.";
  const isTls = url.protocol === "https:";
  const target = isTls ? `https://${url.host}` : `${url.hostname}:${url.port || 80}`;
  return `Add a listener with the target ${target}, and send the client to that.`;
}

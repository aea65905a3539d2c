// The icons of the shell: 14 px, drawn with the colour of their text. They say nothing to assistive technology; the
// words beside them, or the name of their button, do.

import type { JSX } from "preact";

const LINES = {
  relay: "M1 4h15M13 1l3 3-3 3M17 10H2M5 7l-3 3 3 3",
  add: "M7 2v10M2 7h10",
  send: "M1.5 7h10.5M8.2 3.2 12 7l-3.8 3.8",
  find: "M9.4 9.4l3.4 3.4M10.4 6.1a4.3 4.3 0 1 1-8.6 0 4.3 4.3 0 0 1 8.6 0Z",
  follow: "M2.5 1.8h9M7 12.4V5M3.9 7.8 7 4.7l3.1 3.1",
  resend: "M11.9 5.2A5.2 5.2 0 1 0 12.2 7.6M12.2 1.9v3.4H8.8",
  edit: "M2.4 11.6l.6-2.8 6.6-6.6 2.2 2.2-6.6 6.6zM8.2 3.6l2.2 2.2",
  save: "M2.5 12.4h9M7 1.8v7.4M3.9 6.4 7 9.4l3.1-3",
  removeSelected: "M2 2.4h10M2 11.6h10M5 5l4 4M9 5 5 9",
  removeAll: "M2 3.6h10M5.2 3.4V1.8h3.6v1.6M3.3 3.6l.5 8.8h6.4l.5-8.8M5.8 6v4M8.2 6v4",
  compare: "M1.5 2h4.4v10H1.5zM8.1 2h4.4v10H8.1zM3 5h1.4M3 8h1.4M9.6 5H11M9.6 9H11",
  columns: "M1.5 2h11v10h-11zM5.2 2v10M8.8 2v10",
  up: "M3.4 8.6 7 5l3.6 3.6",
  down: "M3.4 5.4 7 9l3.6-3.6",
  side: "M1.5 2h11v10h-11zM1.5 6.5h11M7 6.5V12",
  stacked: "M1.5 2h11v10h-11zM6 2v10M6 7h6.5",
  stop: "M3.5 3.5h7v7h-7z",
  start: "M4.5 3v8l6-4z",
  copy: "M4.6 4.6h7.6v7.6H4.6zM9.4 4.4V1.8H1.8v7.6h2.6",
  before: "M8.8 2.6 4.4 7l4.4 4.4",
  after: "M5.2 2.6 9.6 7l-4.4 4.4",
  slow: "M1.6 10.6a5.6 5.6 0 1 1 10.8 0M7 9.4 4.2 5.2M5.4 12.2h3.2",
  lock: "M3 6.4h8v5.8H3zM4.6 6.2V4.4a2.4 2.4 0 0 1 4.8 0v1.8",
  lockOpen: "M3 6.4h8v5.8H3zM4.6 6.2V3.6a2.4 2.4 0 0 1 4.7-.7",
  lockEither: "M3 6.4h8v5.8H3zM4.6 6.2V3.6a2.4 2.4 0 0 1 4.7-.7M7 8.4v1.8",
  passed: "M1.5 4.2h11M1.5 9.8h11M4 7h5.4M7.6 5.2 9.6 7 7.6 8.8",
  capture: "M3 1.5h5.5L11 4v8.5H3zM8.3 1.6v2.6h2.6M5 7h4M5 9.6h4",
  list: "M2 3.4h10M2 7h10M2 10.6h10",
  close: "M3.4 3.4l7.2 7.2M10.6 3.4l-7.2 7.2",
} as const;

/** Names of the icons. */
export type IconName = keyof typeof LINES;

/** An icon. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox={name === "relay" ? "0 0 18 14" : "0 0 14 14"} aria-hidden="true">
      <path d={LINES[name]} />
    </svg>
  );
}

const SIGNS = {
  disc: <circle cx="5" cy="5" r="3.7" fill="currentColor" />,
  ring: <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" stroke-width="1.2" />,
  half: (
    <>
      <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" stroke-width="1.2" />
      <path d="M5 1.6a3.4 3.4 0 0 1 0 6.8z" fill="currentColor" />
    </>
  ),
  square: (
    <rect x="1.9" y="1.9" width="6.2" height="6.2" fill="none" stroke="currentColor" stroke-width="1.2" />
  ),
  triangle: <path d="M5 1 9.4 9H.6z" fill="currentColor" />,
  tick: <path d="M1.6 5.4 4 7.8 8.4 2.4" fill="none" stroke="currentColor" stroke-width="1.2" />,
  cross: <path d="M1.8 1.8l6.4 6.4M8.2 1.8 1.8 8.2" fill="none" stroke="currentColor" stroke-width="2" />,
} as const;

/** Names of the signs that stand for a state, beside its word. */
export type SignName = keyof typeof SIGNS;

/** The sign of a state. */
export function Sign(
  { name, tone = "" }: { readonly name: SignName; readonly tone?: "" | "ok" | "bad" },
): JSX.Element {
  return <svg class={`sign ${tone}`} viewBox="0 0 10 10" aria-hidden="true">{SIGNS[name]}</svg>;
}

// The icons of the panes: 14 px, drawn with the colour of their text. They say nothing to assistive technology.

import type { JSX } from "preact";

const SHAPES = {
  find: "M9.6 9.6 13 13M10.6 6.3a4.3 4.3 0 1 1-8.6 0 4.3 4.3 0 0 1 8.6 0Z",
  goTo: "M1.5 2.5h11M1.5 11.5h11M1.5 7h6.5M5.8 4.6 8.2 7 5.8 9.4",
  copy: "M4.5 4.5h8v8h-8zM9.5 4.5v-3h-8v8h3",
  copyFormatted: "M4.5 4.5h8v8h-8zM9.5 4.5v-3h-8v8h3M6.5 7.5h4M7.5 9.5h3",
  edit: "M2.4 11.6l.6-2.8 6.6-6.6 2.2 2.2-6.6 6.6zM8.2 3.6l2.2 2.2",
  command: "M1.5 2.5h11v9h-11zM4 5.2 6 7 4 8.8M7.2 9h2.6",
  save: "M2.5 12.4h9M7 1.8v7.4M3.9 6.4 7 9.4l3.1-3",
  sent: "M1.5 4.5h7M6 2l2.5 2.5L6 7M12.5 9.5h-7M8 7l-2.5 2.5L8 12",
  swap: "M1.5 4.8h10.3M9.4 2.2 12 4.8 9.4 7.4M12.5 9.2H2.2M4.6 6.8 2 9.2l2.6 2.6",
  up: "M2.5 9 7 4.5 11.5 9",
  down: "M2.5 5 7 9.5 11.5 5",
  close: "M3 3l8 8M11 3l-8 8",
  right: "M5.5 3.5 9 7l-3.5 3.5",
  open: "M3.5 5.5 7 9l3.5-3.5",
  warn: "M7 2 13 12.5H1ZM7 5.8v3.2M7 10.4v.6",
  failed: "M3.2 3.2l7.6 7.6M10.8 3.2 3.2 10.8",
} as const;

export type IconName = keyof typeof SHAPES;

/** An icon; its words stand beside it or are the name of its button. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 14 14" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}

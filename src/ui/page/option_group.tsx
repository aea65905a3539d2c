// A group of options in a form for a listener. Closed, it says what is chosen in it.

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icons.tsx";
import type { Field } from "./listener_draft.ts";
import type { InForm } from "./listener_fields.tsx";

/** See above. */
export interface GroupProps extends InForm {
  readonly name: string;
  readonly fields: readonly Field[];
  /** Whether something else in it is wrong. */
  readonly isWrong?: boolean;
  /** What is chosen in it. */
  readonly now: string;
  /** Whether that is dangerous. */
  readonly isLoud?: boolean;
  readonly children: ComponentChildren;
}

/** A group that can be closed; it is open where something in it is wrong. */
export function Group(
  { form, name, fields, isWrong: isOtherWrong, now, isLoud, children }: GroupProps,
): JSX.Element {
  const isWrong = isOtherWrong || form.errors.value.some(({ field }) => fields.includes(field));
  const isOpen = isWrong || form.opened.value.includes(name);
  return (
    <details
      class="group"
      open={isOpen}
      onToggle={(event) => form.toggle(name, event.currentTarget.open)}
    >
      <summary>
        <Icon name="after" />
        <span class="name">{name}</span> <span class={isLoud ? "now loud" : "now quiet"}>{now}</span>
      </summary>
      <div class="inside">{children}</div>
    </details>
  );
}

// The button "Columns" and what it opens: which columns the table has, and in which order.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { setColumns } from "../commands.ts";
import { Icon } from "../icons.tsx";
import { GRID } from "../ids.ts";
import { usePopup } from "../popup.ts";
import { remembered } from "../settings.ts";
import { AT_FIRST, isShown, NAMES, shownColumns, withChosen, withMoved } from "./columns.ts";
import { useWidth } from "./use_width.ts";

const MENU = "columns-menu";

/** See above. */
export function ColumnsButton(): JSX.Element {
  const { isOpen, around, button, popup, onKeyDown, onFocusOut } = usePopup();
  return (
    <div ref={around} class="popup-around" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-label="Columns"
        title="Choose the columns of the table"
        aria-expanded={isOpen.value}
        aria-controls={isOpen.value ? MENU : undefined}
        onClick={() => isOpen.value = !isOpen.value}
      >
        <Icon name="columns" />
      </button>
      {isOpen.value && (
        <div ref={popup} popover="manual" class="popup">
          <Menu />
        </div>
      )}
    </div>
  );
}

function Menu(): JSX.Element {
  const { columns } = remembered.value;
  const grid = useRef(document.getElementById(GRID));
  const shown = shownColumns(useWidth(grid), columns);
  const { order } = columns;
  const isLast = order.filter((id) => isShown(id, shown)).length === 1;
  return (
    <div id={MENU} class="columns-menu" role="group" aria-label="Columns">
      {order.map((id, at) => {
        const [, name] = NAMES[id];
        const on = isShown(id, shown);
        return (
          <div class="line" key={id}>
            <label class="check">
              <input
                type="checkbox"
                checked={on}
                disabled={on && isLast}
                onChange={(event) => setColumns(withChosen(columns, id, event.currentTarget.checked))}
              />
              {name}
            </label>
            <Move
              name={`Move ${name} left`}
              icon="up"
              off={at === 0}
              move={() => withMoved(columns, id, -1)}
            />
            <Move
              name={`Move ${name} right`}
              icon="down"
              off={at === order.length - 1}
              move={() => withMoved(columns, id, 1)}
            />
          </div>
        );
      })}
      <button type="button" class="button" onClick={() => setColumns(AT_FIRST)}>As at first</button>
    </div>
  );
}

interface MoveProps {
  readonly name: string;
  readonly icon: "up" | "down";
  readonly off: boolean;
  readonly move: () => typeof AT_FIRST;
}

function Move({ name, icon, off, move }: MoveProps): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      aria-label={name}
      title={name}
      disabled={off}
      onClick={() => setColumns(move())}
    >
      <Icon name={icon} />
    </button>
  );
}

// "Capture" beside the tabs: opens captures, saves the one that is recorded, and closes those that were opened.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../icons.tsx";
import { type Deed, Menu } from "../menu.tsx";
import { counted, size } from "../pane/words.ts";
import { usePopup } from "../popup.ts";
import { beginSaving } from "../save/saving.ts";
import { isConnected } from "../state/derived.ts";
import { state } from "../state/store.ts";
import { closeCapture, openFiles } from "./opening.ts";

/** What a file chooser offers first. */
const ACCEPTED = ".pcapng,.pcap,.cap,.har,.ntar,.gz";

/** See above. */
export function CaptureButton(): JSX.Element {
  const { isOpen, close, around, button, popup, onKeyDown, onFocusOut } = usePopup();
  const input = useRef<HTMLInputElement>(null);
  const isOff = !isConnected(state.value);
  return (
    <div
      ref={around}
      class="popup-around capture-menu"
      role="presentation"
      onKeyDown={onKeyDown}
      onFocusOut={onFocusOut}
    >
      <button
        ref={button}
        type="button"
        class="button"
        title="Open captures, or save this one"
        disabled={isOff}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => isOpen.value = !isOpen.value}
      >
        <Icon name="capture" />
        <span class="label">Capture</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        aria-label="Capture files"
        onChange={() => {
          const files = [...input.current?.files ?? []];
          if (input.current) input.current.value = "";
          if (files.length > 0) openFiles(files);
        }}
      />
      {isOpen.value && (
        <div ref={popup} popover="manual" class="popup">
          <Menu
            name="Capture"
            deeds={deeds(() => input.current?.click())}
            said="Files can be dropped on the page, too. What is opened is only read."
            close={close}
          />
        </div>
      )}
    </div>
  );
}

function deeds(choose: () => void): Deed[] {
  const { captures, counts, listeners, recording } = state.value;
  // What is only read is in a file of its own already, unless it came through a pipe.
  const isKept = recording?.isReadOnly === true && !recording.temporary;
  const saved: Deed = {
    name: "Save capture as…",
    detail: recording === null ? "" : `${ending()}, ${size(recording.bytes)} so far`,
    off: recording === null,
    act: () => beginSaving("the capture", { url: "/api/capture", name: fileName() }),
  };
  const closing = captures.filter(({ id }) => id !== "k0").map(({ id, file }): Deed => {
    const rows = listeners.filter(({ capture }) => capture?.id === id)
      .reduce((sum, listener) => sum + (counts[listener.id]?.total ?? 0), 0);
    return { name: `Close ${file}`, detail: counted(rows, "exchange"), act: () => closeCapture(id) };
  });
  return [
    { name: "Open capture…", detail: "pcapng, pcap, HAR", act: choose },
    ...(isKept ? [] : [saved]),
    ...closing,
  ];
}

/** As the program names it, but for what only that knows. */
function fileName(): string {
  const name = (state.value.recording?.file ?? "").split(/[/\\]/).at(-1)!.replace(/\.pcapng$/, "");
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return `${name === "capture" || name === "" ? "tcpmon" : name.replaceAll(" ", "-")}-${time}.${ending()}`;
}

function ending(): string {
  return state.value.captures.find(({ id }) => id === "k0")?.kind === "pcap" ? "pcap" : "pcapng";
}

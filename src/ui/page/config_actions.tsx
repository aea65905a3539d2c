// What can be done with all listeners at once: copied as a command line, saved as a configuration, and, where tcpmon
// was started with one, written back to that file.

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { ApiFailure, saveConfiguration } from "./api.ts";
import { commandLine } from "./command_line.ts";
import { Icon } from "./icons.tsx";
import { counted } from "./pane/words.ts";
import { state } from "./state/store.ts";

/** What was done, or why not; `isQuestion` where the file could be overwritten. */
const told = signal<{ readonly text: string; readonly isQuestion: boolean } | null>(null);

/** See above. */
export function ConfigActions(): JSX.Element {
  const { listeners, configFile } = state.value;
  const { text, notes } = commandLine(listeners);
  const say = (text: string, isQuestion = false) => told.value = { text, isQuestion };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(["Copied.", ...notes].join(" "));
    } catch {
      say(`The browser does not let it be copied: ${text}`);
    }
  };
  const save = async (overwrite: boolean) => {
    try {
      say(`Saved to ${await saveConfiguration(overwrite)}.`);
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) throw failure;
      say(failure.message, failure.field === "overwrite");
    }
  };
  return (
    <section class="config" aria-label="All listeners">
      <h3>
        {listeners.length === 1 ? "The listener there is" : `All ${counted(listeners.length, "listener")}`}
      </h3>
      <div class="actions">
        <button type="button" class="button edged" title={text} onClick={copy}>
          <Icon name="copy" />Copy as command line
        </button>
        <button
          type="button"
          class="button edged"
          title="As a file for tcpmon --config FILE"
          onClick={() => {
            download();
            say("Saved as tcpmon.json, without passwords. Start with it: tcpmon --config tcpmon.json");
          }}
        >
          <Icon name="save" />Save configuration
        </button>
        {configFile !== null && (
          <button type="button" class="button edged" onClick={() => save(false)}>
            <Icon name="save" />Save to <span class="mono">{fileName(configFile)}</span>
          </button>
        )}
      </div>
      <p aria-live="polite" class="after">
        {told.value?.text} {told.value?.isQuestion && (
          <button
            type="button"
            class="link"
            onClick={() => save(true)}
          >
            Overwrite it
          </button>
        )}
      </p>
    </section>
  );
}

function download(): void {
  const link = document.createElement("a");
  link.href = "/api/config?download";
  link.download = "";
  link.click();
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

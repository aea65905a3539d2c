// Opening captures from the page: a file that was chosen or dropped goes to the program, which keeps a copy while it is
// open. What cannot be opened is told in words, and the other files are opened all the same.

import { signal } from "@preact/signals";
import type { OpenedCapture } from "../../types.ts";
import { ApiFailure, call } from "../api.ts";
import { dispatch, state } from "../state/store.ts";

/** The name of the file that is on its way to the program; null while none is. */
export const coming = signal<string | null>(null);

/** Whether files are over the page. */
export const isOver = signal(false);

/** Opens these files, one after the other, and shows the first tab of the last. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const refusals: string[] = [];
  for (const file of files) {
    coming.value = file.name;
    try {
      const { id } = await send(file);
      dispatch({ type: "await-capture", capture: id });
    } catch (failure) {
      refusals.push(failure instanceof Error ? failure.message : String(failure));
    }
  }
  coming.value = null;
  if (refusals.length > 0) dispatch({ type: "notice", text: refusals.join("\n") });
}

/** Closes a capture. */
export function closeCapture(id: string): void {
  call("DELETE", `/api/captures/${encodeURIComponent(id)}`)
    .catch((error: Error) => dispatch({ type: "notice", text: error.message }));
}

/** Lets files be dropped anywhere on the page. */
export function startDropping(): void {
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    isOver.value = true;
  });
  addEventListener("dragleave", (event) => {
    // It is told for every element that is left; outside the window there is none that is entered.
    if (event.relatedTarget === null) isOver.value = false;
  });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    isOver.value = false;
    const files = [...event.dataTransfer?.files ?? []];
    if (files.length > 0 && state.value.link.state === "live") openFiles(files);
  });
}

/** The browser reads the file piece by piece: it may be larger than memory. */
async function send(file: File): Promise<OpenedCapture> {
  const query = new URLSearchParams({ name: file.name });
  let answer: Response;
  try {
    answer = await fetch(`/api/captures?${query}`, {
      method: "POST",
      body: file,
      headers: { "content-type": "application/octet-stream" },
    });
  } catch {
    throw new ApiFailure(
      `Cannot open ${file.name}: it could not be read, or tcpmon does not answer. Try it again.`,
      0,
    );
  }
  const said = await answer.json() as OpenedCapture & { readonly error?: string };
  if (!answer.ok) throw new ApiFailure(said.error ?? `Cannot open ${file.name}.`, answer.status);
  return said;
}

// Bytes of the API into a file. Where the browser has a dialog for that, it asks where, and asks before it replaces a
// file; the bytes go from the program into the file piece by piece. Elsewhere it is a download, which the browser
// streams too, and for whose name it takes another where that is taken: nothing is ever overwritten unasked.

import type { ApiError, SavedLink } from "../../types.ts";
import { EARLIER_RUN, isOfEarlierRun } from "../earlier_run.ts";

/** What to save, and how the file is to be called. */
export interface Saved {
  /** Path and query that give the bytes. */
  readonly url: string;
  /** Sent with POST, where given: what an address has no room for. */
  readonly json?: unknown;
  readonly name: string;
}

/** How it ended: `handed` to the browser's downloads; `left` where the user closed the dialog. */
export type Ending = { readonly how: "saved" | "handed"; readonly name: string } | { readonly how: "left" };

/** As of the File System Access API, which the types of the DOM do not have. */
interface Picker {
  showSaveFilePicker?(options: { suggestedName: string; id: string }): Promise<FileSystemFileHandle>;
}

/** Whether the browser can ask where. One that a program drives has nobody who could answer. */
export function canAsk(): boolean {
  return (globalThis as Picker).showSaveFilePicker !== undefined && !navigator.webdriver;
}

/** Saves; `progress` is told how many bytes there are so far. Rejects with words for the user. */
export async function toFile(
  saved: Saved,
  asks: boolean,
  progress: (name: string, bytes: number) => void,
  signal: AbortSignal,
): Promise<Ending> {
  return asks && canAsk() ? await intoFile(saved, progress, signal) : await download(saved);
}

async function intoFile(
  saved: Saved,
  progress: (name: string, bytes: number) => void,
  signal: AbortSignal,
): Promise<Ending> {
  let file: FileSystemFileHandle;
  try {
    file = await (globalThis as Picker).showSaveFilePicker!({ suggestedName: saved.name, id: "tcpmon" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return { how: "left" };
    // Without a click just before, as when the page was busy, there is no dialog.
    return await download(saved);
  }
  const { name } = file;
  try {
    progress(name, 0);
    const answer = await ask(saved.url, saved.json, signal);
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        bytes += piece.length;
        progress(name, bytes);
        controller.enqueue(piece);
      },
    });
    // What is written becomes the file's content only when all of it is there.
    await (answer.body ?? new Response("").body!).pipeThrough(counted).pipeTo(await file.createWritable(), {
      signal,
    });
    return { how: "saved", name };
  } catch (error) {
    if (signal.aborted) throw new Error(`Saving ${name} was stopped: it is not complete.`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot save ${name}: ${reason.replace(/\.$/, "")}. Save it again; what is there is not complete.`,
    );
  }
}

async function download(saved: Saved): Promise<Ending> {
  const link = document.createElement("a");
  link.href = saved.json === undefined ? saved.url : await linkTo(saved);
  link.download = saved.name;
  link.click();
  return { how: "handed", name: saved.name };
}

async function linkTo({ url, json }: Saved): Promise<string> {
  const answer = await ask(`${url}?link`, json);
  return (await answer.json() as SavedLink).link;
}

async function ask(url: string, json: unknown, signal?: AbortSignal): Promise<Response> {
  const sent = json === undefined
    ? {}
    : { method: "POST", body: JSON.stringify(json), headers: { "content-type": "application/json" } };
  let answer: Response;
  try {
    answer = await fetch(url, { ...sent, signal, cache: "no-store" });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Error("tcpmon does not answer, look whether it still runs", { cause });
  }
  if (answer.ok) return answer;
  if (isOfEarlierRun(answer.status)) throw new Error(EARLIER_RUN);
  const said = await answer.json().catch(() => null) as ApiError | null;
  throw new Error(said?.error ?? `tcpmon answered with status ${answer.status}`);
}

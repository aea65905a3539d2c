// The export dialog's state: what it holds while it is open, the preview, and how the export goes.

import { batch, signal } from "@preact/signals";
import type { ExportOutcome, MaskedPreview } from "../../types.ts";
import { call } from "../api.ts";
import { remember, remembered } from "../pane/memory.ts";
import { remembered as settings } from "../settings.ts";
import { openedNow } from "../state/store.ts";
import { toFile } from "../save/to_file.ts";
import { formatOf } from "./formats.ts";
import { type Choices, choicesOf, nameFor, type Plan, questionOf, rememberable, rulesOf } from "./plan.ts";

/** How the export stands. */
export type Stage =
  | { readonly at: "planned"; readonly error: string | null }
  /** `bytes` is null where the browser counts them. */
  | { readonly at: "going"; readonly name: string; readonly bytes: number | null; readonly stop: () => void }
  | { readonly at: "done"; readonly name: string; readonly handed: boolean; readonly outcome: ExportOutcome };

/** What would be masked; "asking" while it is looked for, a text where that failed. */
export type Preview = MaskedPreview | "asking" | { readonly error: string } | null;

const FORMAT = "export.format";
const RULES = "export.rules";
const SECRETS_OFF = "export.secrets";
/** A preview is asked for when nothing was changed for so long, ms. */
const PAUSE_MS = 250;
/** So many exchanges are looked through for it. */
const FIRST = 100;

/** What can be exported; null while the dialog is closed. */
export const choices = signal<Choices | null>(null);
export const plan = signal<Plan>(firstPlan("all"));
export const stage = signal<Stage>({ at: "planned", error: null });
export const preview = signal<Preview>(null);

let asking: AbortController | null = null;
let pausing: ReturnType<typeof setTimeout> | undefined;

/** Opens the dialog, where there is something to export. */
export function openExport(): void {
  const now = openedNow.value;
  const found = now && choicesOf(now);
  if (!now || !found) return;
  batch(() => {
    // One is selected as soon as it is looked at; several are, for something to be done with them.
    const isChosen = now.view.selection.ids.size > 1;
    plan.value = firstPlan(isChosen ? "selected" : "all");
    stage.value = { at: "planned", error: null };
    choices.value = found;
  });
  askPreview(0);
}

/** Closes it. What is being written into a file goes on only to its end where the browser does that. */
export function closeExport(): void {
  asking?.abort();
  clearTimeout(pausing);
  if (stage.value.at === "going" && stage.value.bytes !== null) stage.value.stop();
  choices.value = null;
}

/** Changes what is planned. */
export function change(changes: Partial<Plan>): void {
  const before = plan.value;
  plan.value = { ...before, ...changes };
  remember(FORMAT, plan.value.format);
  remember(RULES, JSON.stringify(rememberable(plan.value.rules)));
  remember(SECRETS_OFF, plan.value.secrets ? null : "off");
  if ("rules" in changes || "secrets" in changes || "which" in changes) askPreview(PAUSE_MS);
}

function firstPlan(which: Plan["which"]): Plan {
  return {
    which,
    format: formatOf(remembered(FORMAT)).id,
    bodies: true,
    wholeConnections: false,
    secrets: remembered(SECRETS_OFF) === null,
    rules: keptRules(),
    name: null,
  };
}

function keptRules(): string[] {
  try {
    const kept: unknown = JSON.parse(remembered(RULES) ?? "[]");
    return Array.isArray(kept) ? kept.filter((rule) => typeof rule === "string") : [];
  } catch {
    return [];
  }
}

function askPreview(pause: number): void {
  asking?.abort();
  clearTimeout(pausing);
  const from = choices.value;
  if (from === null || rulesOf(plan.value).length === 0) {
    preview.value = null;
    return;
  }
  preview.value = "asking";
  const mine = asking = new AbortController();
  pausing = setTimeout(() => {
    const { wholeConnections: _, ...question } = questionOf(plan.value, from);
    call<MaskedPreview>("POST", `/api/export/preview?first=${FIRST}`, question, mine.signal).then(
      (found) => {
        if (!mine.signal.aborted) preview.value = found;
      },
      (error: Error) => {
        if (!mine.signal.aborted) preview.value = { error: error.message };
      },
    );
  }, pause);
}

/** Exports what is planned. */
export async function beginExport(): Promise<void> {
  const from = choices.value;
  if (from === null || stage.value.at === "going") return;
  const told = crypto.randomUUID();
  const abort = new AbortController();
  const name = plan.value.name?.trim() || nameFor(plan.value, from, new Date());
  const isHere = () => choices.value === from;
  const isMasked = rulesOf(plan.value).length > 0;
  const json = { ...questionOf(plan.value, from), told, name };
  stage.value = { at: "going", name, bytes: null, stop: () => abort.abort() };
  try {
    const ending = await toFile({ url: "/api/export", json, name }, settings.value.asks, (name, bytes) => {
      if (isHere()) stage.value = { at: "going", name, bytes, stop: () => abort.abort() };
    }, abort.signal);
    if (ending.how === "left") {
      if (isHere()) stage.value = { at: "planned", error: null };
      return;
    }
    // The browser takes its time with what was handed to it: the program tells when all was given.
    const outcome = await call<ExportOutcome>(
      "GET",
      `/api/export/outcome?told=${told}`,
      undefined,
      abort.signal,
    );
    if (!isHere()) return;
    if (!outcome.complete) {
      throw new Error(`${name} is not complete: the export was stopped. Export it again.`);
    }
    stage.value = { at: "done", name: ending.name, handed: ending.how === "handed", outcome };
    if (!isMasked) closeExport();
  } catch (error) {
    if (!isHere()) return;
    const words = abort.signal.aborted
      ? `Exporting ${name} was stopped: it is not complete.`
      : error instanceof Error
      ? error.message
      : String(error);
    stage.value = { at: "planned", error: words };
  }
}

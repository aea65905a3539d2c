// What the dialog holds: which exchanges, as what, with what masked; and what is asked of the API for it. Pure.

import { exportFileName } from "../../../catalog/file_names.ts";
import { ruleFault, SECRETS } from "../../../decode/redact/rules.ts";
import { chosenIds, type Opened } from "../state/derived.ts";
import { formatOf } from "./formats.ts";

/** Which exchanges. */
export type Which = "all" | "selected";

/** See above. */
export interface Plan {
  readonly which: Which;
  readonly format: ReturnType<typeof formatOf>["id"];
  readonly bodies: boolean;
  readonly wholeConnections: boolean;
  /** Whether the ready-made set of rules is used. */
  readonly secrets: boolean;
  /** Rules besides it, as they are written. */
  readonly rules: readonly string[];
  /** What the user has made of the file's name; null where nothing. */
  readonly name: string | null;
}

/** What can be exported when the dialog is opened. It stays so while rows come. */
export interface Choices {
  readonly listener: string;
  readonly listen: string | null;
  readonly filter: string;
  /** How many rows the table has. */
  readonly total: number;
  /** The selected ones, or the one that is shown, oldest first. */
  readonly selected: readonly string[];
}

/** What is there to be exported; null where there is nothing, or it is not known yet what is selected. */
export function choicesOf({ id, listener, view }: Opened): Choices | null {
  if (view.rows.total === 0 || view.selection.unresolved) return null;
  return {
    listener: id,
    listen: listener?.listen ?? null,
    filter: view.filter,
    total: view.rows.total,
    selected: chosenIds(view),
  };
}

/** All of the rules, as they are given to the API; empty where nothing is masked. */
export function rulesOf({ secrets, rules }: Pick<Plan, "secrets" | "rules">): string[] {
  return [...(secrets ? [SECRETS] : []), ...rules];
}

/** The JSON of `POST /api/export` and of its preview. */
export function questionOf(plan: Plan, choices: Choices): Readonly<Record<string, unknown>> {
  const format = formatOf(plan.format);
  const redact = rulesOf(plan);
  return {
    format: plan.format,
    listener: choices.listener,
    ...(plan.which === "selected"
      ? { ids: choices.selected }
      : choices.filter === ""
      ? {}
      : { q: choices.filter }),
    ...(format.leavesBodies && !plan.bodies ? { bodies: false } : {}),
    ...(wholeIn(plan) ? { wholeConnections: true } : {}),
    ...(redact.length > 0 ? { redact } : {}),
  };
}

/** Whole connections are given as they were: nothing can be masked in them. */
export function wholeIn(plan: Plan): boolean {
  return plan.format === "pcapng" && plan.wholeConnections && rulesOf(plan).length === 0;
}

/** How many exchanges. */
export function countOf({ which }: Pick<Plan, "which">, { selected, total }: Choices): number {
  return which === "selected" ? selected.length : total;
}

/** What the file is called unless the user has called it otherwise. */
export function nameFor(plan: Plan, { listen }: Choices, at: Date): string {
  return exportFileName({ listen, exchange: null, at, extension: formatOf(plan.format).extension });
}

/** A rule of more than one kind's meaning: its text, and whether it leaves the field out. */
export interface WrittenRule {
  readonly text: string;
  readonly omits: boolean;
}

const OMIT = "omit:";

/** A rule as it is shown. */
export function ruleShown(rule: string): WrittenRule {
  return rule.startsWith(OMIT)
    ? { text: rule.slice(OMIT.length), omits: true }
    : { text: rule, omits: false };
}

/** The rule that masks where this one leaves out, and the other way round; itself where it can only mask. */
export function ruleTurned(rule: string): string {
  if (rule.startsWith(OMIT)) return rule.slice(OMIT.length);
  return canOmit(rule) ? OMIT + rule : rule;
}

/** Whether a rule can leave out what it finds. */
export function canOmit(rule: string): boolean {
  return !/^text:/i.test(rule);
}

/** What became of adding a rule: the rules with it, or what is wrong with it. A bare name means any field of it. */
export function withRule(
  rules: readonly string[],
  typed: string,
): { readonly rules: readonly string[] } | { readonly error: string } {
  const text = typed.trim();
  if (text === "") return { error: "Write a rule first, as json:password." };
  const rule = /^[\w.*-]+$/.test(text) && text.toLowerCase() !== SECRETS ? `any:${text}` : text;
  const error = ruleFault(rule);
  if (error !== null) return { error };
  return { rules: rules.includes(rule) ? rules : [...rules, rule] };
}

/** What may be remembered: names alone, for a pattern may say what is secret. */
export function rememberable(rules: readonly string[]): string[] {
  return rules.filter(canOmit);
}

// What differs by what it means: paths, each with its value before and after. Captured text only ever becomes text nodes.

import type { JSX } from "preact";
import type { StructureChange, StructureDiff } from "../../types.ts";
import { structureWords } from "./structure_words.ts";

const SIGNS: Readonly<Record<StructureChange["kind"], string>> = {
  changed: "≠",
  removed: "−",
  added: "+",
  moved: "⇄",
  written: "≈",
};

interface StructureListProps {
  readonly of: StructureDiff;
  /** Number of the change that is looked at; -1 for none. */
  readonly current: number;
  /** Number of its first change. */
  readonly first: number;
}

/** See above. */
export function StructureList({ of, current, first }: StructureListProps): JSX.Element {
  return (
    <>
      <h3 class="diff-section">Structure: {structureWords(of)}</h3>
      {of.changes.length > 0 && (
        <ul class="structure" aria-label="Differences of the structure">
          {of.changes.map((change, at) => (
            <li
              key={at}
              class={`structure-change ${change.kind}${first + at === current ? " current" : ""}`}
              data-change={first + at}
            >
              <Change {...change} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Change({ kind, path, pathAfter, before, after, cut }: StructureChange): JSX.Element {
  return (
    <>
      <span class="structure-kind">
        <span class="structure-sign" aria-hidden="true">{SIGNS[kind]}</span>
        {kind}
      </span>
      <span class="structure-what">
        <span class="structure-path">
          {kind === "added" ? pathAfter ?? path : path}
          {kind !== "added" && pathAfter !== undefined && (
            <>
              <span class="structure-to">to</span>
              {pathAfter}
            </>
          )}
        </span>
        {kind === "moved" ? <span class="structure-value">{before}</span> : (
          <>
            {before !== undefined && <span class="structure-value before">{before}</span>}
            {after !== undefined && <span class="structure-value after">{after}</span>}
          </>
        )}
        {cut === true && <span class="diff-said">cut here; the text below has all of it</span>}
      </span>
    </>
  );
}

// What is masked, as a table: names and numbers.

import type { JSX } from "preact";
import type { Masked } from "../../types.ts";
import { maskedRows } from "./masked_words.ts";

/** See above; nothing where the list is empty. */
export function MaskedTable({ masked }: { readonly masked: readonly Masked[] }): JSX.Element | null {
  if (masked.length === 0) return null;
  return (
    <div class="export-masked" tabIndex={0} role="region" aria-label="What is masked">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Where</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody>
          {maskedRows(masked).map(({ name, where, count }) => (
            <tr key={`${where}/${name}`}>
              <td>{name}</td>
              <td>{where}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

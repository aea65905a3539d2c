// How benchmarks print tables: for a terminal, or as docs have them.

/** How a table is printed. */
export interface TableOptions {
  readonly isMarkdown: boolean;
  /** So many columns from the first on are words; the others are figures, set to the right. One unless given. */
  readonly words?: number;
}

/** The lines of a table, whose first row is its head. */
export function table(
  rows: readonly (readonly string[])[],
  { isMarkdown, words = 1 }: TableOptions,
): readonly string[] {
  const [head, ...others] = rows;
  if (isMarkdown) {
    const line = (row: readonly string[]) =>
      `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    const rule = `| ${head.map((_, at) => at < words ? "---" : "---:").join(" | ")} |`;
    return [line(head), rule, ...others.map(line)];
  }
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const padded = (cell: string, at: number) =>
    at < words ? cell.padEnd(widths[at]) : cell.padStart(widths[at]);
  return rows.map((row) => row.map(padded).join("  ").trimEnd());
}

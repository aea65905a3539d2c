// What growth is measured of: costs, each at several sizes. Several costs may need the same thing made (a capture of so many
// Exchanges), and are then one Family.

/** Costs at sizes of one kind. */
export interface Family {
  /** What the size counts: "exchanges". */
  readonly by: string;
  /** Over at least three orders of magnitude, the smallest first. */
  readonly sizes: readonly number[];
  /** Makes what is needed for a size; the costs are then measured in their order. */
  readonly prepare: (size: number) => Prepared | Promise<Prepared>;
}

/** What was made for one size. */
export interface Prepared {
  readonly costs: readonly Cost[];
  readonly close?: () => void | Promise<void>;
}

/** One cost at one size. */
export interface Cost {
  readonly what: string;
  /** In "ms" its running time counts, otherwise the number that it returns. "ms" unless given. */
  readonly unit?: "ms" | "MB";
  /** True where it can be done once only, with what was made, and others need that it was. */
  readonly once?: boolean;
  /** Does it, and throws where it does not come to what it should. */
  readonly run: () => unknown;
}

/** A cost as it was measured. */
export interface Curve {
  readonly by: string;
  readonly what: string;
  readonly unit: "ms" | "MB";
  readonly points: readonly (readonly [size: number, value: number])[];
}

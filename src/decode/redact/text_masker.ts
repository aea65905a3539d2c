// What masks the text of one body by its structure. Text comes as units (units.ts), cut anywhere.

/** However it is cut, what `receive` and `end` give, joined, is the same. */
export interface TextMasker {
  receive(units: string): string;
  end(): string;
}

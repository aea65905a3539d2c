// Ids of elements that others refer to: by keys that go there, and by ARIA attributes.

/** The element that the tabs control. */
export const PANEL = "panel";

/** The filter's input. */
export const FILTER = "filter";

/** The table of exchanges. */
export const GRID = "exchanges";

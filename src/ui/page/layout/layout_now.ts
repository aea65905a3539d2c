// Which layout is shown, by the width of the window and what the user chose.

import { computed, signal } from "@preact/signals";
import { remembered } from "../settings.ts";
import { layoutFor } from "./sizes.ts";

const width = signal(innerWidth);
addEventListener("resize", () => width.value = innerWidth);

/** See above. */
export const layoutNow = computed(() => layoutFor(width.value, remembered.value.layout));

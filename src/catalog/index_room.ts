// Says that the index waits for room on its disk, and that it goes on: once each time.

import type { WorkerCatalog } from "./catalog.ts";

/** Tells it with `tell`, as long as the catalog is open. */
export function tellIndexRoom(
  catalog: Pick<WorkerCatalog, "onChange">,
  tell: (text: string) => void,
): void {
  let waited = false;
  catalog.onChange(({ sources }) => {
    if (sources === undefined) return;
    const waits = sources.some(({ waits = false }) => waits);
    if (waits === waited) return;
    waited = waits;
    tell(
      waits
        ? "The index has no room on its disk: what is recorded meanwhile shows once there is some."
        : "The index has room again.",
    );
  });
}

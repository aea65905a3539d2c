// The listeners' tabs where they have no room: they scroll, an arrow at each end says that there are more, and the
// chosen one is brought into view again when the room changes.

import { type ComponentChildren, type JSX, toChildArray } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { signal, useSignal } from "@preact/signals";
import { Icon } from "./icons.tsx";

/** How much of what is seen a click on an arrow scrolls on. */
const STEP = 0.8;

/** Whether some of the tabs are out of sight. */
export const hasHiddenTabs = signal(false);

/** See above. The arrows are for the pointer only: the keys go from tab to tab. */
export function TabScroller({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const before = useSignal(false);
  const after = useSignal(false);
  const look = () => {
    const { scrollLeft, scrollWidth, clientWidth } = element.current!;
    before.value = scrollLeft > 1;
    after.value = scrollLeft + clientWidth < scrollWidth - 1;
    hasHiddenTabs.value = before.value || after.value;
  };
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const chosen = element.current?.querySelector('[aria-selected="true"]');
      chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
      look();
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  // Tabs grow with what they count. They are looked at once the browser has laid them out: to read before that would have
  // it lay out the page for every delta.
  const names = toChildArray(children).map((child) => typeof child === "object" ? child.key : "").join();
  useEffect(() => {
    const observer = new ResizeObserver(look);
    for (const tab of element.current!.children) observer.observe(tab);
    look();
    return () => observer.disconnect();
  }, [names]);
  const go = (step: number) => {
    const { clientWidth } = element.current!;
    element.current!.scrollBy({ left: step * clientWidth });
  };
  const onWheel = ({ deltaX, deltaY }: WheelEvent) => {
    if (deltaX === 0) element.current!.scrollBy({ left: deltaY });
  };
  return (
    <div class="scroller" role="presentation">
      {before.value && <Arrow side="before" onClick={() => go(-STEP)} />}
      <div class="listeners" role="presentation" ref={element} onScroll={look} onWheel={onWheel}>
        {children}
      </div>
      {after.value && <Arrow side="after" onClick={() => go(STEP)} />}
    </div>
  );
}

interface ArrowProps {
  readonly side: "before" | "after";
  readonly onClick: () => void;
}

function Arrow({ side, onClick }: ArrowProps): JSX.Element {
  return (
    <button type="button" class={`more ${side}`} aria-hidden="true" tabIndex={-1} onClick={onClick}>
      <Icon name={side} />
    </button>
  );
}

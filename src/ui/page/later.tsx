// What the first rows of the table do not need comes later: a component that is fetched when it is first drawn, or when
// the page has time. Until it is there its place stays as it is; after a moment it says that it is loading, and where it
// cannot be loaded, why, with a way to try again. Who had put the focus there has it in what comes.

import { signal } from "@preact/signals";
import type { ComponentType, JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** So long nothing is said, ms: what comes sooner does not flash. */
const QUIET_MS = 100;

/** Stands for a component that comes later. */
export interface Later<Props> {
  (props: Props): JSX.Element | null;
  /** Fetches it; also when that failed before. Never rejects: what fails is told where it is to be drawn. */
  fetch(): Promise<void>;
}

/** How a component comes later. */
interface Coming<Props> {
  /** What it is, as in "Cannot load the comparison". */
  readonly name: string;
  readonly load: () => Promise<ComponentType<Props>>;
  /** Whether it has something to show now; it is not fetched before, and nothing is said of it. */
  readonly isWanted?: (props: Props) => boolean;
  /** How it is given up: then it stands over the page, not in a place of its own. */
  readonly giveUp?: (props: Props) => void;
  /** The region that it will be, for the keys that go there, and for whoever is read the page. */
  readonly region?: (props: Props) => string;
}

/** See above. */
export function later<Props extends object>(coming: Coming<Props>): Later<Props> {
  const { name, load, isWanted = () => true, giveUp, region } = coming;
  const loaded = signal<{ readonly component: ComponentType<Props> } | null>(null);
  const failure = signal<string | null>(null);
  let loading: Promise<void> | null = null;

  const fetch = (): Promise<void> => {
    if (loaded.peek() !== null) return Promise.resolve();
    failure.value = null;
    loading ??= load().then(
      (component) => {
        loaded.value = { component };
      },
      (error: Error) => {
        failure.value = error.message;
        loading = null;
      },
    );
    return loading;
  };

  function Waiting(
    { props, host }: { readonly props: Props; readonly host: RefObject<HTMLDivElement | null> },
  ) {
    const isAsked = isWanted(props);
    const [isLate, setLate] = useState(false);
    useEffect(() => {
      if (!isAsked) return;
      void fetch();
      const timer = setTimeout(() => setLate(true), QUIET_MS);
      return () => clearTimeout(timer);
    }, [isAsked]);
    const label = region?.(props);
    return (
      <div
        ref={host}
        class={giveUp ? "later over" : "later"}
        role={label === undefined ? undefined : "region"}
        aria-label={label}
        tabIndex={label === undefined ? undefined : -1}
      >
        {isAsked && failure.value === null && isLate && <p role="status">Loading {name}</p>}
        {isAsked && failure.value !== null && (
          <Failed
            name={name}
            reason={failure.value}
            onAgain={() => void fetch()}
            onGiveUp={giveUp && (() => giveUp(props))}
          />
        )}
      </div>
    );
  }

  function Now(props: Props): JSX.Element | null {
    const host = useRef<HTMLDivElement>(null);
    /** Where the focus is to be put, once what comes stands there. */
    const focused = useRef<Element | null>(null);
    const found = loaded.value;
    if (found !== null && host.current?.contains(document.activeElement)) {
      focused.current = host.current.parentElement;
    }
    useLayoutEffect(() => {
      focused.current?.querySelector<HTMLElement>('[role="region"]')?.focus();
      focused.current = null;
    }, [found]);
    if (found !== null) return <found.component {...props} />;
    return giveUp && !isWanted(props) ? null : <Waiting props={props} host={host} />;
  }
  return Object.assign(Now, { fetch });
}

interface FailedProps {
  readonly name: string;
  readonly reason: string;
  readonly onAgain: () => void;
  readonly onGiveUp?: () => void;
}

function Failed({ name, reason, onAgain, onGiveUp }: FailedProps): JSX.Element {
  return (
    <div role="alert">
      <p>Cannot load {name}: {reason}</p>
      <p>Is tcpmon still running? If it was started anew, load the page again.</p>
      <p class="actions">
        <button type="button" class="button bordered" onClick={onAgain}>Try again</button>
        {onGiveUp && <button type="button" class="button bordered" onClick={onGiveUp}>Close</button>}
      </p>
    </div>
  );
}

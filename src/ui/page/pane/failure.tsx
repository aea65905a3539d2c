// Why an Exchange failed that has messages, in full: the table has room for its beginning only.

import type { JSX } from "preact";
import type { Exchange, ExchangeDetail } from "../../types.ts";
import { untoldFailure } from "./emptiness.ts";
import { Icon } from "./icons.tsx";

interface FailureProps {
  readonly exchange: Exchange;
  readonly detail: ExchangeDetail;
}

/** See above; nothing where it is told already. */
export function Failure({ exchange, detail }: FailureProps): JSX.Element | null {
  const text = untoldFailure(exchange, detail);
  return text === null ? null : (
    <p class="pane-note pane-failure" role="note" aria-label="Why it failed">
      <Icon name="failed" /> {text}
    </p>
  );
}

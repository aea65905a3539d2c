// Which two Messages are compared: each can be another one of its Exchange, and the one can become the other.

import type { JSX } from "preact";
import type { Exchange, ExchangeDetail } from "../../types.ts";
import { Button } from "../pane/bar.tsx";
import { useDetail } from "../pane/use_detail.ts";
import { Icon } from "../pane/icons.tsx";
import { clock, size } from "../pane/words.ts";
import { goTo } from "../origins.ts";
import { chooseMessage, type Compared, type Comparison, swapSides } from "./comparison.ts";

interface CompareWhoProps {
  readonly of: Comparison;
  readonly isBeside: boolean;
  /** How often what differs was answered anew: each time it may be of longer Messages. */
  readonly renewals: number;
}

/** See above. */
export function CompareWho({ of, isBeside, renewals }: CompareWhoProps): JSX.Element {
  return (
    <div class={isBeside ? "compare-who beside" : "compare-who"}>
      <Who which="before" of={of.before} renewals={renewals} />
      <Button
        icon="swap"
        name="Swap"
        title="Swap: what was removed becomes what was added"
        onClick={swapSides}
      />
      <Who which="after" of={of.after} renewals={renewals} />
    </div>
  );
}

const SIGNS = { before: "−", after: "+" } as const;
const NAMES = { before: "Before", after: "After" } as const;

interface WhoProps extends Pick<CompareWhoProps, "renewals"> {
  readonly which: "before" | "after";
  readonly of: Compared;
}

function Who({ which, of: { exchange, side, sent }, renewals }: WhoProps): JSX.Element {
  const { detail } = useDetail(exchange, renewals);
  const value = `${side}${sent ? "/sent" : ""}`;
  const message = detail?.[side] ?? null;
  return (
    <div class={`who ${which}`} role="group" aria-label={NAMES[which]}>
      <span class="who-sign" aria-hidden="true">{SIGNS[which]}</span>
      <label class="pane-format who-message">
        <select
          aria-label={`${NAMES[which]}: which message`}
          value={value}
          onChange={(event) => {
            const [side, sent] = event.currentTarget.value.split("/");
            chooseMessage(which, side === "request" ? "request" : "response", sent === "sent");
          }}
        >
          {choicesOf(exchange, detail, value).map(([value, name]) => (
            <option key={value} value={value}>{name}</option>
          ))}
        </select>
        <Icon name="open" />
      </label>
      <button type="button" class="link" title="Go to this exchange" onClick={() => void goTo(exchange.id)}>
        {clock(exchange.started)}
      </button>
      <span class="who-what" title={titleOf(exchange)}>{titleOf(exchange)}</span>
      {message !== null && <span class="who-size">{size(message.bytes)}</span>}
    </div>
  );
}

/** The Messages of an Exchange; as sent only where that is another one. */
function choicesOf(
  { protocol }: Exchange,
  detail: ExchangeDetail | null,
  chosen: string,
): (readonly [value: string, name: string])[] {
  const isTurn = protocol !== "http";
  const all = [
    ["request", isTurn ? "Request turn" : "Request"],
    ["request/sent", "Request as sent"],
    ["response", isTurn ? "Response turn" : "Response"],
    ["response/sent", "Response as sent"],
  ] as const;
  const hasEdits = (value: string) =>
    (detail?.[value.startsWith("request") ? "request" : "response"]?.edits.length ?? 0) > 0;
  return all.filter(([value]) => !value.endsWith("/sent") || value === chosen || hasEdits(value));
}

/** "POST /quote 200", "l3 bytes": what tells it from others. */
function titleOf({ method, url, status, summary }: Exchange): string {
  return [method, url, status, method === null || method === "" ? summary : null].filter((part) =>
    part !== null && part !== ""
  ).join(" ");
}

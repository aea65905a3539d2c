// The line under a listener's toolbar: its way from clients to the target, whether each leg of it is TLS, in a word and
// an icon, and what is trusted. It wraps where there is no room: nothing of it is cut.

import type { JSX } from "preact";
import type { Listener } from "../../types.ts";
import { splitAddress, targetWords } from "../addresses.ts";
import { Icon, type IconName, Sign } from "../icons.tsx";
import { clientLeg, type Leg, type LegKind, showsOwnCertificates, statementsOf, targetLeg } from "./legs.ts";
import { TrustButton } from "./trust_button.tsx";

/** The icon of a leg. */
export const LEG_ICONS: Readonly<Record<LegKind, IconName>> = {
  tls: "lock",
  plain: "lockOpen",
  either: "lockEither",
  passed: "passed",
};

/** See above. */
export function ListenerLine({ listener }: { readonly listener: Listener }): JSX.Element {
  const { port } = splitAddress(listener.listen);
  const statements = statementsOf(listener);
  return (
    <div class="listener-line" role="group" aria-label="TLS of this listener">
      <p class="legs">
        <span>clients</span>
        <span class="leg-to">
          <LegMark leg={clientLeg(listener)} of="Clients to tcpmon" />
          <code>{port}</code>
        </span>
        <span class="leg-to">
          <LegMark leg={targetLeg(listener)} of="tcpmon to the target" />
          {listener.target === null
            ? <span>what each request names</span>
            : <code>{targetWords(listener.target)}</code>}
        </span>
      </p>
      {statements.map(({ text, detail, isLoud }) => (
        <span key={text} class={isLoud ? "statement loud" : "statement"} title={detail}>
          {isLoud && <Sign name="triangle" />}
          {text}
        </span>
      ))}
      {showsOwnCertificates(listener) && <TrustButton />}
    </div>
  );
}

function LegMark(
  { leg: { kind, word, detail }, of }: { readonly leg: Leg; readonly of: string },
): JSX.Element {
  return (
    <span class={`leg ${kind}`} title={`${of}: ${word}. ${detail}`}>
      <span class="track" aria-hidden="true" />
      <Icon name={LEG_ICONS[kind]} />
      <span class="word">{word}</span>
      <span class="track end" aria-hidden="true" />
    </span>
  );
}

// The line of a pane whose side spoke TLS with the monitor: what was agreed on, and, opened, all of it with the chain of
// certificates. Monospace is what the peer showed.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { CertificateFacts, Exchange, TlsFacts } from "../../types.ts";
import { Icon as ShellIcon } from "../icons.tsx";
import { agedText, dateText, shortName, validityAt } from "../tls/certificates.ts";
import { Fingerprint } from "../tls/fingerprint.tsx";
import type { Side } from "./api.ts";
import { Icon } from "./icons.tsx";
import { remember, remembered } from "./memory.ts";
import { begunWords, notWhatFailed, securedFacts, securedLine, securedWarning } from "./secured_facts.ts";
import { useConnection } from "./use_connection.ts";
import { useOverflow } from "./use_overflow.ts";
import { counted } from "./words.ts";

/** More names of a certificate are shown when they are asked for. */
const NAMES = 12;

interface SecuredProps {
  readonly side: Side;
  readonly exchange: Exchange;
}

/** See above; nothing where its leg was not TLS. */
export function Secured({ side, exchange }: SecuredProps): JSX.Element | null {
  const connection = useConnection(isInside(side, exchange) ? exchange : null);
  if (connection === null) return null;
  if (typeof connection === "string") {
    return <p class="pane-trouble" role="alert">Cannot tell of its TLS: {connection}</p>;
  }
  const leg = side === "request" ? "client" : "target";
  const facts = connection.tls[leg];
  return facts && (
    <Line
      side={side}
      facts={facts}
      about={notWhatFailed(side, exchange.fault)}
      note={connection.endedBy === leg ? connection.note : null}
    />
  );
}

function isInside(side: Side, { tls }: Exchange): boolean {
  return tls === "both" || tls === (side === "request" ? "client" : "target");
}

interface LineProps {
  readonly side: Side;
  readonly facts: TlsFacts;
  /** What must be said of it first; null where its place says all. */
  readonly about: string | null;
  /** What is to be known of its end. */
  readonly note: string | null;
}

function Line({ side, facts, about, note }: LineProps): JSX.Element {
  const [isOpen, setOpen] = useOpen(side);
  const warning = securedWarning(side, facts);
  const isLater = facts.upstreamFrom + facts.downstreamFrom > 0;
  const name = side === "request" ? "TLS with the client" : "TLS with the target";
  return (
    <>
      <div class="pane-secured" role="group" aria-label={name}>
        <button
          type="button"
          class="pane-chevron"
          aria-label={isOpen ? `Hide ${name}` : `Show ${name}`}
          aria-expanded={isOpen}
          title={isOpen ? "Hide what was agreed on" : "Show what was agreed on, and the certificates"}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "open" : "right"} />
        </button>
        <ShellIcon name="lock" />
        <span class="pane-facts-window">
          <span class="pane-facts-flow">
            {about !== null && <span class="pane-fact">{about}</span>}
            {securedLine(side, facts).map((text) => <span key={text} class="pane-fact">{text}</span>)}
            {isLater && <span class="pane-fact">begun {begunWords(facts)}</span>}
            {note !== null && <span class="pane-fact">{note}</span>}
            {warning !== null && <span class="pane-fact pane-warn">{warning}</span>}
          </span>
        </span>
      </div>
      {isOpen && <All side={side} facts={facts} name={name} />}
    </>
  );
}

function useOpen(side: Side): [boolean, (open: boolean) => void] {
  const [, redraw] = useState(0);
  const key = `tls.${side}`;
  const setOpen = (open: boolean) => {
    remember(key, open ? "open" : null);
    redraw((n) => n + 1);
  };
  return [remembered(key) === "open", setOpen];
}

interface AllProps {
  readonly side: Side;
  readonly facts: TlsFacts;
  readonly name: string;
}

function All({ side, facts, name }: AllProps): JSX.Element {
  const [scroller, overflows] = useOverflow<HTMLDivElement>();
  const { peer, at } = facts;
  const whose = side === "request" ? "The client's certificates" : "The target's certificates";
  return (
    <div
      class="pane-tls"
      ref={scroller}
      role={overflows ? "group" : undefined}
      aria-label={overflows ? `${name}, all of it` : undefined}
      tabIndex={overflows ? 0 : undefined}
    >
      <dl>
        {securedFacts(side, facts).map(({ name, value, isWire }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={isWire ? "wire" : ""}>{value}</dd>
          </div>
        ))}
      </dl>
      {peer.length === 0
        ? (
          <p class="pane-subhead">
            {side === "request" ? "The client" : "The target"} showed no certificate.
          </p>
        )
        : (
          <>
            <h3 class="pane-subhead">{whose}, as shown: {counted(peer.length, "certificate")}</h3>
            <ol>
              {peer.map((certificate, n) => (
                <li key={n}>
                  <Certificate certificate={certificate} at={at} />
                </li>
              ))}
            </ol>
          </>
        )}
    </div>
  );
}

function Certificate(
  { certificate, at }: { readonly certificate: CertificateFacts; readonly at: string },
): JSX.Element {
  const { subject, issuer, notBefore, notAfter, publicKey, fingerprint } = certificate;
  const isGood = validityAt(certificate, at) === "good";
  return (
    <>
      <h4>{shortName(certificate)}</h4>
      <dl>
        <Fact name="Subject">{inOneLine(subject)}</Fact>
        <Fact name="Issued by">
          {inOneLine(issuer)}
          {issuer === subject && <span class="pane-said">itself</span>}
        </Fact>
        <Names names={certificate.names} />
        <Fact name="Good from">{dateText(notBefore)}</Fact>
        <Fact name="Good until">
          {dateText(notAfter)}
          <span class={isGood ? "pane-said" : "pane-said pane-bad"}>
            {!isGood && <Icon name="warn" />} {agedText(certificate, at)}
          </span>
        </Fact>
        {publicKey !== null && <Fact name="Key">{publicKey}</Fact>}
        <Fact name="SHA-256">
          <Fingerprint hex={fingerprint} />
        </Fact>
      </dl>
    </>
  );
}

function Names({ names }: { readonly names: readonly string[] }): JSX.Element | null {
  const [isAll, setAll] = useState(false);
  if (names.length === 0) return null;
  const shown = isAll ? names : names.slice(0, NAMES);
  return (
    <Fact name="For">
      {shown.join(", ")}
      {shown.length < names.length && (
        <>
          {" "}
          <button type="button" class="link" onClick={() => setAll(true)}>
            and {counted(names.length - shown.length, "more name")}
          </button>
        </>
      )}
    </Fact>
  );
}

function Fact(
  { name, children }: { readonly name: string; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="wire">{children}</dd>
    </div>
  );
}

/** A distinguished name, whose parts the runtime may give in lines. */
function inOneLine(name: string): string {
  return name.replaceAll("\n", ", ");
}

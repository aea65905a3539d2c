// The head of a Message: start line, header lines, trailers, interim responses, and what is wrong with them.
// Monospace is what was on the wire, sans is what tcpmon says.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ExchangeDetail, HeaderLine, MessageDetail } from "../../types.ts";
import type { Side } from "./api.ts";
import { Icon } from "./icons.tsx";
import { type HeadHits, Marked } from "./marked.tsx";
import { remember, remembered } from "./memory.ts";
import { Rewritten, RewrittenStart } from "./rewritten.tsx";
import { useOverflow } from "./use_overflow.ts";
import { counted } from "./words.ts";

/** A longer value is cut until the reader wants all of it. */
const CUT_AT = 400;

interface HeadProps {
  readonly side: Side;
  readonly message: MessageDetail;
  readonly interim: ExchangeDetail["interim"];
  readonly status: number | null;
  /** Whether it is folded where the user has not chosen. */
  readonly folded: boolean;
  readonly hits: HeadHits;
}

/** See above. Whether it is folded is remembered per pane, apart for the narrow page. */
export function Head({ side, message, interim, status, folded, hits }: HeadProps): JSX.Element {
  const [isUnfolded, setOpen] = useFolding(side, folded);
  const isOpen = isUnfolded || (hits.current !== null && hits.current.key !== "start");
  const [scroller, overflows] = useOverflow<HTMLDivElement>();
  const rewritten = message.headers.filter(({ sent }) => sent !== undefined).length;
  const faults = message.faults.filter(({ offset }) => offset < message.headBytes);
  const missing = message.gaps?.find(({ offset }) => offset === 0);
  return (
    <div
      class={isOpen ? "pane-head" : "pane-head pane-head-folded"}
      ref={scroller}
      role={overflows ? "group" : undefined}
      aria-label={overflows ? `Head of the ${side}` : undefined}
      tabIndex={overflows ? 0 : undefined}
    >
      <div class="pane-start">
        <button
          type="button"
          class="pane-chevron"
          aria-label={isOpen ? "Hide headers" : "Show headers"}
          aria-expanded={isOpen}
          title={isOpen ? "Hide headers" : `Show ${counted(message.headers.length, "header")}`}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "open" : "right"} />
        </button>
        {missing === undefined
          ? <StartLine message={message} status={status} hits={hits} />
          : (
            <span class="pane-said pane-warn">
              <Icon name="warn" /> {firstMissing(missing.length)}
            </span>
          )}
        {interim.length > 0 && (
          <span class="pane-said">
            after {interim.map(({ startLine }) => afterVersion(startLine)).join(", ")}
          </span>
        )}
        {!isOpen && faults.length > 0 && <span class="pane-said pane-warn">{faults[0].text}</span>}
      </div>
      {message.sentStartLine !== null && <RewrittenStart sent={message.sentStartLine} />}
      {!isOpen && rewritten > 0 && (
        <p class="pane-head-note">{counted(rewritten, "line")} rewritten on the way</p>
      )}
      {message.notes.map((note) => (
        <p key={note} class="pane-head-fault">
          <Fault text={note} />
        </p>
      ))}
      {isOpen && (
        <>
          <HeaderLines kind="header" lines={message.headers} faults={faults} hits={hits} />
          {interim.map((one, n) =>
            one.headers.length > 0 && (
              <div key={n}>
                <h3 class="pane-subhead">Before it: {afterVersion(one.startLine)}</h3>
                <HeaderLines kind={`interim-${n}`} lines={one.headers} faults={[]} hits={hits} />
              </div>
            )
          )}
          {message.trailers.length > 0 && (
            <>
              <h3 class="pane-subhead">Trailers, after the body</h3>
              <HeaderLines kind="trailer" lines={message.trailers} faults={[]} hits={hits} />
            </>
          )}
        </>
      )}
    </div>
  );
}

/** Where the beginning of a Message is not in the capture, or not any more. */
function firstMissing(bytes: number): string {
  return bytes === 1
    ? "The first byte is missing in the capture"
    : `The first ${counted(bytes, "byte")} are missing in the capture`;
}

function useFolding(side: Side, folded: boolean): [boolean, (open: boolean) => void] {
  const key = `head.${side}${folded ? ".narrow" : ""}`;
  const [, redraw] = useState(0);
  const known = remembered(key);
  const setOpen = (open: boolean) => {
    remember(key, open === !folded ? null : open ? "open" : "folded");
    redraw((n) => n + 1);
  };
  return [known === null ? !folded : known === "open", setOpen];
}

/** Without its version: "100 Continue". */
function afterVersion(startLine: string): string {
  return startLine.slice(startLine.indexOf(" ") + 1).trimEnd();
}

/** What matters in it is bold, the version is secondary. */
function StartLine({ message, status, hits }: Pick<HeadProps, "message" | "status" | "hits">): JSX.Element {
  const text = message.startLine ?? "";
  const first = text.indexOf(" ") < 0 ? text.length : text.indexOf(" ");
  const parts: [from: number, to: number, kind: string][] = [];
  if (message.reason === null) {
    const last = Math.max(first, text.lastIndexOf(" "));
    parts.push([0, first, "pane-strong"], [first, last, ""], [last, text.length, "pane-quiet"]);
  } else {
    const tone = status === null || status < 400 ? "" : status < 500 ? " pane-warn" : " pane-bad";
    parts.push([0, first, "pane-quiet"], [first, text.length, `pane-strong${tone}`]);
  }
  return (
    <span class="pane-start-line" title={text}>
      {parts.map(([from, to, kind]) => (
        <span key={kind} class={kind}>
          <Marked text={text.slice(from, to)} hits={hits} of="start" at={from} />
        </span>
      ))}
    </span>
  );
}

interface HeaderLinesProps {
  readonly kind: string;
  readonly lines: readonly HeaderLine[];
  readonly faults: MessageDetail["faults"];
  readonly hits: HeadHits;
}

function HeaderLines({ kind, lines, faults, hits }: HeaderLinesProps): JSX.Element {
  const byLine = faultsByLine(lines, faults);
  const value = (line: HeaderLine, n: number) => (
    <Value text={line.value} hits={hits} of={`${kind}-${n}-value`} />
  );
  return (
    <>
      <dl class="pane-headers">
        {lines.map((line, n) => (
          <div key={n} class="pane-header">
            <dt>
              <Marked text={line.name} hits={hits} of={`${kind}-${n}-name`} />
            </dt>
            <dd>
              {line.sent === undefined
                ? value(line, n)
                : <Rewritten received={value(line, n)} sent={line.sent} />}
              {byLine.get(n)?.map((text) => <Fault key={text} text={text} />)}
            </dd>
          </div>
        ))}
      </dl>
      {byLine.get(-1)?.map((text) => (
        <p key={text} class="pane-head-fault">
          <Fault text={text} />
        </p>
      ))}
    </>
  );
}

/** A fault that names a header stands beside it: beside the last one of that name; -1 is for the others. */
function faultsByLine(lines: readonly HeaderLine[], faults: MessageDetail["faults"]): Map<number, string[]> {
  const byLine = new Map<number, string[]>();
  for (const { text } of faults) {
    const words = text.toLowerCase();
    const n = lines.findLastIndex(({ name }) => name !== "" && words.includes(name.toLowerCase()));
    byLine.set(n, [...byLine.get(n) ?? [], text]);
  }
  return byLine;
}

function Fault({ text }: { readonly text: string }): JSX.Element {
  return (
    <span class="pane-said pane-warn">
      <Icon name="warn" /> {text}
    </span>
  );
}

function Value(
  { text, hits, of }: { readonly text: string; readonly hits: HeadHits; readonly of: string },
): JSX.Element {
  const [whole, setWhole] = useState(false);
  const isHit = hits.current?.key === of && hits.current.to > CUT_AT;
  if (text.length <= CUT_AT || whole || isHit) return <Marked text={text} hits={hits} of={of} />;
  return (
    <>
      <Marked text={text.slice(0, CUT_AT)} hits={hits} of={of} />
      <button type="button" class="link" onClick={() => setWhole(true)}>
        … all {counted(text.length, "character")}
      </button>
    </>
  );
}

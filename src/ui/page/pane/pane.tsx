// One pane: the Request or the Response of the selected Exchange, from its head to its last byte.
// It is given the Exchange as the table knows it and asks for the rest by itself; it changes nothing.

import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Exchange } from "../../types.ts";
import { EARLIER_RUN } from "../earlier_run.ts";
import { filterNow, listenersNow } from "../state/store.ts";
import { openTrust } from "../tls/authority.ts";
import { detailKey, type Side } from "./api.ts";
import { asSent } from "./as_sent.ts";
import { Bar } from "./bar.tsx";
import { hasNoBody, isWhole } from "./body_facts.ts";
import { BodyImage } from "./body_image.tsx";
import { BodyLine } from "./body_line.tsx";
import { BodyText } from "./body_text.tsx";
import { copyCurl } from "./copy_curl.ts";
import { copyExact, copyFormatted, copyPart } from "./copy.ts";
import type { BodyEditor } from "./editor.ts";
import { Decrypted } from "./decrypted.tsx";
import { Difference, DifferenceBar } from "./difference.tsx";
import { Empty } from "./empty.tsx";
import { emptiness } from "./emptiness.ts";
import { Failure } from "./failure.tsx";
import type { ViewStatus } from "./feed.ts";
import { FindBar } from "./find_bar.tsx";
import { CopiedLine, KeptBackLine, SelectionLine } from "./foot.tsx";
import { type Format, shownAs, useFormat, whyNotFormatted } from "./format.ts";
import { GoToBar } from "./go_to_bar.tsx";
import { Head } from "./head.tsx";
import { HiddenByFilter } from "./hidden_by_filter.tsx";
import { Hint, OptionsHint } from "./hint.tsx";
import { isOfTargetTls, isRefusedByClient } from "./hints.ts";
import { LeadsAway } from "./leads_away.tsx";
import type { HexSelection } from "./hex_view.ts";
import { together } from "./marked.tsx";
import { MarksBar } from "./marks_bar.tsx";
import { remember, remembered } from "./memory.ts";
import { Secured } from "./secured.tsx";
import { Tops } from "./top.ts";
import { useCopied } from "./use_copied.ts";
import { useDetail } from "./use_detail.ts";
import { useFind } from "./use_find.ts";
import { useGoTo } from "./use_go_to.ts";
import { useMarks } from "./use_marks.ts";
import { useLate, useNow } from "./use_time.ts";

interface PaneProps {
  readonly side: Side;
  /** The selected Exchange as the table knows it now; null where none is, or more than one. */
  readonly exchange: Exchange | null;
  /** Whether headers are folded where the user has not chosen: on a narrow page. */
  readonly folded: boolean;
  /** Edits the Message; not offered where it is left out. */
  readonly onEdit?: () => void;
}

/** See above. */
export function Pane({ side, exchange, folded, onEdit }: PaneProps): JSX.Element {
  const [again, setAgain] = useState(0);
  const { detail, error } = useDetail(exchange, again);
  const [wantsSent, setWantsSent] = useState(false);
  const received = detail?.[side] ?? null;
  const sent = wantsSent && received !== null && received.edits.length > 0;
  const message = useMemo(() => received !== null && sent ? asSent(received) : received, [received, sent]);
  const [chosen, choose] = useFormat(side, message);
  const [editor, setEditor] = useState<BodyEditor | null>(null);
  const [status, setStatus] = useState<ViewStatus | null>(null);
  const [selected, setSelected] = useState<HexSelection | null>(null);
  const [image, setImage] = useState<readonly [number, number] | null>(null);
  const [copied, copy, closeCopied] = useCopied(exchange?.id ?? null);
  const isHeadShown = message !== null && message.startLine !== null && !isWhole(chosen);
  const find = useFind({
    side,
    id: message && exchange && exchange.id,
    chosen,
    message,
    sent,
    isHeadShown,
    editor,
  });
  const marks = useMarks({
    side,
    id: message && exchange && exchange.id,
    format: find.format,
    message,
    sent,
    isHeadShown: message !== null && message.startLine !== null && !isWhole(find.format),
    editor,
    filter: filterNow.value,
    isFinding: find.isOpen,
  });
  const goTo = useGoTo({
    side,
    id: message && exchange && exchange.id,
    format: find.format,
    isHex: message !== null && shownAs(find.format, message) === "hex",
    sent,
    editor,
  });
  const now = useNow(exchange?.state === "open");
  const isLate = useLate(exchange !== null && detail === null && error === null, exchange?.id ?? "");
  const section = useRef<HTMLElement>(null);
  const tops = useMemo(() => new Tops(), []);
  const [isDifference, setDifference] = useDifferenceChoice(side);
  const isCompared = isDifference && exchange !== null && exchange.resendOf !== null;

  const listener = listenersNow.value.find(({ id }) => id === exchange?.listener) ?? null;
  const isRefused = exchange !== null && isRefusedByClient(exchange);

  const chooseFormat = (format: Format) => {
    find.change({ hex: false });
    choose(format);
  };
  const openFind = () => message !== null && !isCompared && find.open(editor?.selectedText);
  const focusText = () => {
    if (editor === null) section.current?.focus();
    else editor.focus();
  };
  const closeFind = () => {
    find.close();
    focusText();
  };
  const closeGoTo = () => {
    goTo.close();
    focusText();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "F3" && marks.listed > 0 && !isCompared) {
      marks.step(event.shiftKey ? -1 : 1);
      event.preventDefault();
      return;
    }
    const isCtrl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isCtrl || message === null || isCompared) return;
    if (event.key === "f") openFind();
    else if (event.key === "g" && editor !== null) goTo.open();
    else return;
    event.preventDefault();
  };

  const content = () => {
    if (exchange === null) return <Empty title={`Select an exchange to see its ${side}`} />;
    if (error !== null) {
      return (
        <Empty
          title="Cannot show this exchange"
          text={error}
          isFailure
          onAgain={error === EARLIER_RUN ? undefined : () => setAgain(again + 1)}
        />
      );
    }
    if (detail === null) return isLate && <Empty title="Reading the exchange" />;
    if (message === null) {
      const said = emptiness(side, exchange, detail, now);
      const isMendable = said.isFailure && isOfTargetTls(exchange);
      return (
        <Empty {...said} onTrust={said.isFailure && isRefused ? openTrust : undefined}>
          {isMendable && <OptionsHint exchange={exchange} listener={listener} />}
        </Empty>
      );
    }
    if (isDifference && exchange.resendOf !== null) {
      return (
        <Difference
          side={side}
          exchange={exchange}
          origin={exchange.resendOf}
          format={chosen}
          onMessage={() => setDifference(false)}
        />
      );
    }
    const shown = shownAs(find.format, message);
    const isText = shown !== "image" && (isWhole(shown) || !hasNoBody(message));
    return (
      <>
        {exchange.resendOf !== null && (
          <DifferenceBar
            side={side}
            shown="message"
            origin={exchange.resendOf}
            as={null}
            onShow={() => {
              find.close();
              setDifference(true);
            }}
          />
        )}
        {message.startLine !== null && !isWhole(find.format) && (
          <Head
            side={side}
            message={message}
            interim={side === "response" ? detail.interim : []}
            status={side === "response" ? exchange.status : null}
            folded={folded}
            hits={together(find.headHits, marks.headHits)}
          />
        )}
        {side === "response" && exchange.leadsAway !== null && <LeadsAway to={exchange.leadsAway} />}
        <BodyLine
          side={side}
          exchange={exchange}
          message={message}
          shown={shown}
          view={isText ? status?.part ?? null : null}
          now={now}
          image={shown === "image" ? image : null}
          goTo={isText ? goTo : null}
          onGoTo={() => goTo.isOpen ? closeGoTo() : goTo.open()}
        />
        {isText && status?.error != null && (
          <p class="pane-trouble" role="alert">
            {status.error}
            {status.error !== EARLIER_RUN && (
              <button
                type="button"
                class="link"
                onClick={() => setAgain(again + 1)}
              >
                Ask again
              </button>
            )}
          </p>
        )}
        {isText && (
          <BodyText
            side={side}
            id={exchange.id}
            format={find.format}
            shown={shown}
            sent={sent}
            version={detailKey(exchange) + again}
            tops={tops}
            onEditor={setEditor}
            onStatus={setStatus}
            onSelected={setSelected}
            onCopied={(from, to) =>
              copy((signal) => copyPart(exchange, side, find.format, from, to, sent, signal))}
          />
        )}
        {shown === "image" && message.state !== "open" && (
          <BodyImage
            side={side}
            id={exchange.id}
            mediaType={message.mediaType}
            bytes={message.bodyBytes}
            onSize={setImage}
          />
        )}
        {isText && status !== null && <KeptBackLine lines={status.keptBack} editor={editor} />}
        {isText && shown === "hex" && selected !== null && <SelectionLine {...selected} />}
      </>
    );
  };

  return (
    <section
      class={find.isOpen && find.search.text !== "" ? "pane pane-finding" : "pane"}
      role="region"
      aria-label={side === "request" ? "Request" : "Response"}
      tabIndex={-1}
      ref={section}
      onKeyDown={onKeyDown}
    >
      <Bar
        side={side}
        exchange={exchange}
        detail={detail}
        format={find.format}
        whyNotFormatted={message === null
          ? whyNotFormatted(null, false)
          : whyNotFormatted(shownAs(find.format, message), !hasNoBody(message))}
        isFinding={find.isOpen}
        sent={received !== null && received.edits.length > 0 ? sent : null}
        onSent={setWantsSent}
        canFind={!isCompared}
        onFormat={chooseFormat}
        onFind={() => find.isOpen ? closeFind() : openFind()}
        onCopyExact={() =>
          exchange && message && copy((signal) => copyExact(exchange, side, message, sent, signal))}
        onCopyFormatted={() =>
          exchange && copy((signal) => copyFormatted(exchange, side, find.format, sent, signal))}
        onCopyCurl={side === "request"
          ? () => exchange && message && copy((signal) => copyCurl(exchange, message, listener, signal))
          : undefined}
        onEdit={onEdit}
      />
      {side === "request" && exchange !== null && <HiddenByFilter exchange={exchange} />}
      {exchange !== null && exchange.tls !== null && <Secured side={side} exchange={exchange} />}
      {side === "request" && exchange !== null && <Hint exchange={exchange} listener={listener} />}
      {exchange !== null && message !== null && exchange.tls === "decrypted" && (
        <Decrypted exchange={exchange} />
      )}
      {side === "response" && exchange !== null && detail !== null && error === null && (
        <Failure exchange={exchange} detail={detail} />
      )}
      {find.isOpen && message !== null && <FindBar place={side} find={find} onClose={closeFind} />}
      {goTo.isOpen && (
        <GoToBar
          side={side}
          goTo={goTo}
          onClose={closeGoTo}
          onGone={() => section.current?.focus()}
        />
      )}
      {message !== null && !isCompared && <MarksBar side={side} marks={marks} onFormat={chooseFormat} />}
      {content()}
      <CopiedLine
        copied={copied}
        onHex={() => copied?.asHex && copy(copied.asHex)}
        onClose={closeCopied}
      />
    </section>
  );
}

/** Whether the difference is shown of what was sent again; remembered per pane. */
function useDifferenceChoice(side: Side): [boolean, (on: boolean) => void] {
  const [, redraw] = useState(0);
  const key = `difference.${side}`;
  const choose = (on: boolean) => {
    remember(key, on ? "on" : null);
    redraw((n) => n + 1);
  };
  return [remembered(key) === "on", choose];
}

// The head of a pane: which Message, how big, when, and what can be done with it.

import type { JSX } from "preact";
import type { Exchange, ExchangeDetail } from "../../types.ts";
import { MessageMenu } from "../save/message_menu.tsx";
import type { Side } from "./api.ts";
import { type Format, formatName, formatsFor } from "./format.ts";
import { Icon, type IconName } from "./icons.tsx";
import { messageFacts } from "./message_facts.ts";

interface BarProps {
  readonly side: Side;
  readonly exchange: Exchange | null;
  readonly detail: ExchangeDetail | null;
  readonly format: Format;
  /** Null where it can be copied. */
  readonly whyNotFormatted: string | null;
  readonly isFinding: boolean;
  /** Whether it is shown as it was passed on; null where that is as it came. */
  readonly sent: boolean | null;
  readonly onSent: (sent: boolean) => void;
  readonly canFind: boolean;
  readonly onFormat: (format: Format) => void;
  readonly onFind: () => void;
  readonly onCopyExact: () => void;
  readonly onCopyFormatted: () => void;
  /** Copies a curl command; not offered where it is left out. */
  readonly onCopyCurl?: () => void;
  /** Edits the Message; not offered where it is left out. */
  readonly onEdit?: () => void;
}

/** See above. */
export function Bar(props: BarProps): JSX.Element {
  const { side, exchange, detail, format } = props;
  const message = detail?.[side] ?? null;
  const facts = exchange === null ? "" : messageFacts(side, exchange, message);
  const off = message === null;
  const isTurn = exchange !== null && exchange.protocol !== "http";
  return (
    <div class={props.sent === null ? "pane-bar" : "pane-bar pane-bar-full"}>
      <h2 class="pane-title">{side === "request" ? "Request" : "Response"}</h2>
      {facts !== "" && (
        <p class="pane-facts" title={facts}>
          <span class="pane-arrow" aria-hidden="true">{side === "request" ? "→" : "←"}</span>
          {facts.split(/(?<=, )/).map((fact, n) => <span key={n} class="pane-part">{fact}</span>)}
        </p>
      )}
      <div class="pane-tools">
        <label class="pane-format">
          <span class="pane-format-label" aria-hidden="true">Format</span>
          <select
            aria-label="Format"
            disabled={off}
            value={format}
            onChange={(event) => props.onFormat(event.currentTarget.value as Format)}
          >
            {formatsFor(message, format).map((one) => (
              <option key={one} value={one}>{formatName(one, message)}</option>
            ))}
          </select>
          <Icon name="open" />
        </label>
        {props.sent !== null && (
          <Button
            icon="sent"
            name="As sent"
            title={`Show and copy what was sent to ${
              side === "request" ? "the target" : "the client"
            }, rather than what was received`}
            labelled
            pressed={props.sent}
            onClick={() => props.onSent(!props.sent)}
          />
        )}
        <Button
          icon="find"
          name="Find"
          title="Find in this message (Ctrl+F)"
          off={off || !props.canFind}
          pressed={props.isFinding}
          onClick={props.onFind}
        />
        <span class="pane-divider" />
        <Button
          icon="copy"
          name="Copy exact"
          title={props.sent ? "Copy the bytes as they were sent" : "Copy the bytes as they were on the wire"}
          labelled
          off={off}
          onClick={props.onCopyExact}
        />
        <Button
          icon="copyFormatted"
          name="Copy formatted"
          title={props.whyNotFormatted ?? "Copy the body as it is shown, without its codings"}
          labelled
          off={props.whyNotFormatted !== null}
          onClick={props.onCopyFormatted}
        />
        {props.onCopyCurl && (
          <Button
            icon="command"
            name="Copy as cURL"
            title={isTurn
              ? "Copy as cURL: a turn is no HTTP request, so curl cannot send it"
              : "Copy as cURL: a command that sends this request"}
            off={off || isTurn}
            onClick={props.onCopyCurl}
          />
        )}
        <MessageMenu side={side} exchange={exchange} detail={detail} />
        {props.onEdit && (
          <Button
            icon="edit"
            name="Edit"
            title="Edit it as a draft, and send it (e)"
            labelled
            off={off}
            onClick={props.onEdit}
          />
        )}
      </div>
    </div>
  );
}

interface ButtonProps {
  readonly icon: IconName;
  readonly name: string;
  readonly title: string;
  readonly labelled?: boolean;
  readonly off?: boolean;
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

/** A button of the pane: an icon, and its name beside it where there is room. */
export function Button(
  { icon, name, title, labelled = false, off = false, pressed, onClick }: ButtonProps,
): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      aria-label={name}
      aria-pressed={pressed}
      title={title}
      disabled={off}
      onClick={onClick}
    >
      <Icon name={icon} />
      {labelled && <span class="pane-button-label">{name}</span>}
    </button>
  );
}

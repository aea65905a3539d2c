// What the head can be given by a choice: content type, charset, SOAP with its action; for bytes of any protocol, whether
// the target speaks first; inside TLS, whether any certificate will do. Every other choice is seen in the head, and can be typed there as well.

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../icons.tsx";
import type { Composed } from "./composed.ts";
import { destinationOf } from "./destination.ts";
import {
  canTakeSample,
  soapIn,
  typeOf,
  withAction,
  withCharset,
  withMedia,
  withSample,
  withVersion,
} from "./head_choices.ts";
import type { SoapVersion } from "./soap.ts";
import { state } from "../state/store.ts";
import { edit } from "./store.ts";
import { trustedAsBy } from "./through.ts";

const MEDIA = [
  "application/json",
  "application/x-www-form-urlencoded",
  "text/xml",
  "application/xml",
  "application/soap+xml",
  "text/plain",
  "application/octet-stream",
];
const CHARSETS = ["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "utf-16le"];
const VERSIONS: readonly (readonly [SoapVersion, string])[] = [
  ["none", "none"],
  ["1.1", "1.1"],
  ["1.2", "1.2"],
];

const NO_ROOM = "sender-sample-told";

/** See above. */
export function OptionsRow({ now }: { readonly now: Composed }): JSX.Element {
  if (now.kind === "tcp") {
    return (
      <div class="sender-options">
        <label class="draft-radio">
          <input
            type="checkbox"
            checked={now.targetFirst}
            onChange={({ currentTarget: { checked } }) =>
              edit((latest) => ({ ...latest, targetFirst: checked }))}
          />
          The target speaks first: wait for its turn before the first one
        </label>
        <AnyCertificate now={now} />
      </div>
    );
  }
  const { media, charset } = typeOf(now);
  const { version, action } = soapIn(now);
  const hasRoom = canTakeSample(now);
  return (
    <div class="sender-options">
      <Choice
        name="Content type"
        value={media}
        options={[["", "none"], ...MEDIA.map((one) => [one, one] as const)]}
        onChoose={(chosen) => edit((latest) => withMedia(latest, chosen))}
      />
      <Choice
        name="Charset"
        value={charset}
        off={media === ""}
        options={[["", "none"], ...CHARSETS.map((one) => [one, one] as const)]}
        onChoose={(chosen) => edit((latest) => withCharset(latest, chosen))}
      />
      <Choice
        name="SOAP"
        value={version}
        options={VERSIONS}
        onChoose={(chosen) => edit((latest) => withVersion(latest, chosen as SoapVersion))}
      />
      {version !== "none" && (
        <>
          <label class="sender-action">
            <span>Action</span>
            <input
              class="input"
              type="text"
              aria-label="SOAP action"
              placeholder="http://example.org/operation"
              autocomplete="off"
              spellcheck={false}
              value={action}
              onInput={(event) => {
                const typed = event.currentTarget.value;
                edit((latest) => withAction(latest, typed));
              }}
            />
          </label>
          <button
            type="button"
            class="button"
            disabled={!hasRoom}
            aria-describedby={hasRoom ? undefined : NO_ROOM}
            title={hasRoom
              ? "Begin with an empty envelope"
              : "The body is not empty, and a sample replaces nothing"}
            onClick={() => edit(withSample)}
          >
            Sample envelope
          </button>
          {!hasRoom && <span class="hint quiet" id={NO_ROOM}>only into an empty body</span>}
        </>
      )}
      <AnyCertificate now={now} />
    </div>
  );
}

/** Where it goes inside TLS: whether the certificate matters. */
function AnyCertificate({ now }: { readonly now: Composed }): JSX.Element | null {
  const to = destinationOf(now.endpoint);
  if ("error" in to || !to.tls) return null;
  const like = now.insecure ? null : trustedAsBy(state.value.listeners, to.target);
  return (
    <>
      <label
        class="draft-radio"
        title="Also one that has expired, is for another name, or comes from nobody known"
      >
        <input
          type="checkbox"
          checked={now.insecure}
          onChange={({ currentTarget: { checked } }) => edit((latest) => ({ ...latest, insecure: checked }))}
        />
        Accept any certificate
      </label>
      {like !== null && <span class={like.isLoud ? "hint pane-warn" : "hint quiet"}>{like.text}</span>}
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly off?: boolean;
  readonly onChoose: (value: string) => void;
}

/** A list; what is typed in the head and not in it is there as well. */
function Choice({ name, value, options, off = false, onChoose }: ChoiceProps): JSX.Element {
  const others: ComponentChildren = !options.some(([one]) => one === value) && (
    <option value={value}>{value}</option>
  );
  return (
    <label class="sender-choice">
      <span>{name}</span>
      <span class="sender-select">
        <select
          aria-label={name}
          disabled={off}
          value={value}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {others}
          {options.map(([one, text]) => <option key={one} value={one}>{text}</option>)}
        </select>
        <Icon name="down" />
      </span>
    </label>
  );
}

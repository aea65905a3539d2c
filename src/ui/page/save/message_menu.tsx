// "To file" in a pane: its Message as it was on the wire, or its body, without its codings or with them.

import type { JSX } from "preact";
import { exchangeFileName } from "../../../catalog/file_names.ts";
import type { Exchange, ExchangeDetail, MessagePart } from "../../types.ts";
import type { Deed } from "../menu.tsx";
import { bytesUrl, type Side } from "../pane/api.ts";
import { hasNoBody } from "../pane/body_facts.ts";
import { Icon } from "../pane/icons.tsx";
import { size } from "../pane/words.ts";
import { SaveMenu } from "./save_menu.tsx";
import { beginSaving } from "./saving.ts";

interface MessageMenuProps {
  readonly side: Side;
  readonly exchange: Exchange | null;
  readonly detail: ExchangeDetail | null;
}

/** See above. */
export function MessageMenu({ side, exchange, detail }: MessageMenuProps): JSX.Element {
  return (
    <SaveMenu
      name="To file"
      title={`Put the ${side} or its body into a file`}
      off={exchange === null || !detail?.[side]}
      deeds={() => detail === null ? [] : messageDeeds(side, detail)}
    >
      <Icon name="save" />
    </SaveMenu>
  );
}

/** What of a Message can be put into a file. */
function messageDeeds(side: Side, detail: ExchangeDetail): readonly Deed[] {
  const message = detail[side];
  if (!message) return [];
  const soFar = message.state === "open" ? " so far" : "";
  const put = (part: MessagePart, what: string) => () =>
    beginSaving(what + (soFar && ", what has come so far,"), {
      url: `${bytesUrl(detail.id, side, part === "coded" ? "body" : part)}?${
        part === "coded" ? "coded&" : ""
      }download`,
      name: exchangeFileName(detail, side, part),
    });
  const exact = {
    name: "Exact bytes",
    detail: size(message.bytes) + soFar,
    act: put("wire", `the ${side}`),
  };
  const exactly = message.edits.length === 0 ? [exact] : [exact, {
    name: "Exact bytes as sent",
    detail: "with what was rewritten",
    act: put("sent", `the ${side} as it was passed on`),
  }];
  if (message.startLine === null) return exactly;
  const codings = message.contentCoding.join(", ");
  const wire = size(message.bodyBytes) + soFar;
  if (hasNoBody(message)) return [...exactly, { name: "Body", detail: "none", off: true, act: () => {} }];
  const body = `the body of the ${side}`;
  if (codings === "") return [...exactly, { name: "Body", detail: wire, act: put("body", body) }];
  return [
    ...exactly,
    { name: "Body, decoded", detail: `without ${codings}`, act: put("body", body) },
    { name: "Body as it was coded", detail: `${codings}, ${wire}`, act: put("coded", body) },
  ];
}

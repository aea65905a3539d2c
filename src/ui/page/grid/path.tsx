// The cell of a row that says what was asked for: the path, a whole URL, or the first bytes of a turn.

import type { JSX } from "preact";
import type { Exchange } from "../../types.ts";
import { Icon } from "../icons.tsx";
import { insideOf, piecesOf, type UrlParts, urlPartsOf } from "./cells.ts";

interface PathProps {
  readonly exchange: Exchange;
  /** Whether the summary stands beside it, so that there is little room. */
  readonly isBeside?: boolean;
}

/** See above. */
export function Path({ exchange, isBeside = false }: PathProps): JSX.Element {
  const { url, protocol, responseBytes } = exchange;
  if (url === "" && protocol === "tls") {
    return <span role="gridcell" class="path waits">no server name</span>;
  }
  const inside = insideOf(exchange);
  if (url === null || (url === "" && responseBytes === 0)) {
    return <span role="gridcell" class="path waits">waiting for the client</span>;
  }
  const whole = protocol === "http" ? urlPartsOf(url) : null;
  const chars = url.length - (whole !== null && isBeside ? whole.scheme.length : 0);
  return (
    <span
      role="gridcell"
      class={whole === null ? "path" : "path whole"}
      title={url}
      style={isBeside ? { "--chars": chars + (inside === "" ? 0 : 2) } : undefined}
    >
      {inside !== "" && (
        <span class="inside" title={inside}>
          <Icon name="lock" />
          <span class="unseen">TLS</span>
        </span>
      )}
      {whole !== null
        ? <Url url={url} parts={whole} isBeside={isBeside} />
        : protocol === "http"
        ? url
        : <Pieces text={url} />}
    </span>
  );
}

interface UrlProps {
  readonly url: string;
  readonly parts: UrlParts;
  readonly isBeside: boolean;
}

/** A whole URL, as proxies get it: of its parts the path is cut last, and the scheme has no place beside a summary. */
function Url({ url, parts: { scheme, host, rest }, isBeside }: UrlProps): JSX.Element {
  return (
    <>
      <span class="unseen">{url}</span>
      {!isBeside && <span class="scheme" aria-hidden="true">{scheme}</span>}
      <span class="host" aria-hidden="true" style={{ "--chars": host.length }}>{host}</span>
      <span class="rest" aria-hidden="true">{rest}</span>
    </>
  );
}

function Pieces({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {piecesOf(text).map((piece, i) =>
        piece.isLineEnd ? <span key={i} class="line-end">{piece.text}</span> : piece.text
      )}
    </>
  );
}

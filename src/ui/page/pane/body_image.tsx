// The body of a Message as an image.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { bytesUrl, fetchBytes, type Side } from "./api.ts";
import { size } from "./words.ts";

/** A larger one is not put into the page by itself. */
const MOST_BYTES = 30_000_000;

interface BodyImageProps {
  readonly side: Side;
  /** Of the Exchange. */
  readonly id: string;
  readonly mediaType: string | null;
  /** How many bytes there are to show; the image is read again when there are more. */
  readonly bytes: number;
  /** Width and height in pixels, once known; null when there is no image any more. */
  readonly onSize: (size: readonly [number, number] | null) => void;
}

type Shown = { readonly url: string } | { readonly error: string } | null;

/** See above. */
export function BodyImage({ side, id, mediaType, bytes, onSize }: BodyImageProps): JSX.Element {
  const [shown, show] = useState<Shown>(null);
  useEffect(() => {
    show(null);
    onSize(null);
    if (bytes > MOST_BYTES) {
      show({ error: `An image of ${size(bytes)} is not shown here. Save it to look at it.` });
      return;
    }
    const ended = new AbortController();
    let url: string | null = null;
    fetchBytes(bytesUrl(id, side, "body"), ended.signal).then((read) => {
      if (ended.signal.aborted) return;
      url = URL.createObjectURL(new Blob([read], { type: mediaType ?? "" }));
      show({ url });
    }, (error: Error) => {
      if (!ended.signal.aborted) show({ error: error.message });
    });
    return () => {
      ended.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [side, id, mediaType, bytes]);

  if (shown === null) return <div class="pane-image" />;
  if ("error" in shown) return <p class="pane-image pane-said">{shown.error}</p>;
  return (
    <div class="pane-image">
      <img
        src={shown.url}
        alt={`Image in the body of the ${side}`}
        onLoad={({ currentTarget }) => onSize([currentTarget.naturalWidth, currentTarget.naturalHeight])}
        onError={() =>
          show({ error: "The browser cannot show these bytes as an image. Choose the format Hex." })}
      />
    </div>
  );
}

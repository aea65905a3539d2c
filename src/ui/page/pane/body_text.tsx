// The body of a Message as text: an editor, and the feed that brings its lines. When another Message or Format is to be
// shown in it, it is emptied before anything is painted; a view that was shown before is at the same place again.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { fetchView, type Side } from "./api.ts";
import { whenSeen } from "./alarm.ts";
import { BodyEditor, type EditorEvents } from "./editor.ts";
import { LineFeed, type ViewStatus } from "./feed.ts";
import type { Format, Shown } from "./format.ts";
import type { Tops } from "./top.ts";

interface BodyTextProps {
  readonly side: Side;
  /** Of the Exchange. */
  readonly id: string;
  readonly format: Format;
  /** What that shows. */
  readonly shown: Shown;
  /** Whether it is shown as it was passed on. */
  readonly sent: boolean;
  /** Changes when more may have come. */
  readonly version: string;
  /** Where the views of the Message were looked at; kept by who shows it. */
  readonly tops: Tops;
  readonly onEditor: (editor: BodyEditor | null) => void;
  /** Null while nothing is known of the view. */
  readonly onStatus: (status: ViewStatus | null) => void;
  readonly onCopied: EditorEvents["copied"];
  readonly onSelected: EditorEvents["selected"];
}

/** See above. */
export function BodyText(props: BodyTextProps): JSX.Element {
  const { side, id, format, shown, sent, version, tops } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<BodyEditor | null>(null);
  const feed = useRef<LineFeed | null>(null);
  const latest = useRef(props);
  latest.current = props;

  // Before the editor's, so that it is still there at the end.
  const view = JSON.stringify([shown, sent]);
  useLayoutEffect(() => () => tops.keep(id, view, editor.current!.top), [side, id, format, sent]);

  useLayoutEffect(() => {
    const made = new BodyEditor(host.current!, `Body of the ${side}`, {
      shown: (lines) => feed.current?.show(lines),
      copied: (from, to) => latest.current.onCopied(from, to),
      selected: (bytes) => latest.current.onSelected(bytes),
    });
    editor.current = made;
    latest.current.onEditor(made);
    return () => {
      latest.current.onEditor(null);
      made.destroy();
    };
  }, []);

  useLayoutEffect(() => {
    const started = new LineFeed(
      (from, lines, signal) => fetchView(id, side, format, from, lines, signal, sent),
      editor.current!,
      (status) => latest.current.onStatus(status),
      whenSeen,
    );
    feed.current = started;
    latest.current.onStatus(null);
    started.start();
    const top = tops.find(id, view);
    if (top !== null) editor.current!.returnTo(top);
    return () => started.close();
  }, [side, id, format, sent]);

  const first = useRef(version);
  useEffect(() => {
    if (first.current !== version) feed.current?.refresh();
    first.current = version;
  }, [version]);

  return <div class="pane-text" ref={host} />;
}

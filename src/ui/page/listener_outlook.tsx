// What stands beside a form for a listener: what will happen, and the same as a command line.

import type { JSX } from "preact";
import { rewritesHost } from "../../route.ts";
import { formatTarget } from "../../target.ts";
import { isPublic } from "./addresses.ts";
import { commandLine } from "./command_line.ts";
import { CopyLine } from "./copy_line.tsx";
import {
  bare,
  divided,
  EMPTY,
  isWhole,
  lacksTls,
  type ListenerDraft,
  newListener,
} from "./listener_draft.ts";

/** See above. */
export function Outlook({ draft: typed }: { readonly draft: ListenerDraft }): JSX.Element {
  const draft = divided(typed);
  const host = bare(draft.host) || EMPTY.host;
  const listener = isWhole(draft) ? newListener(draft) : null;
  const isProxy = draft.acts === "proxy";
  const isEnded = draft.clientTls === "ended";
  const command = listener &&
    commandLine([draft.port === "0" ? { ...listener, listen: `${host}:0` } : listener]);
  const address = listener?.target ??
    (bare(draft.targetHost) === "" ? "…" : `${bare(draft.targetHost)}:${draft.targetPort || "…"}`);
  const target = draft.targetScheme === "none" ? address : formatTarget(address, draft.targetScheme);
  const steps = [
    "client",
    draft.port === "0" ? `${host}: any free port` : listener?.listen ?? `${host}:${draft.port || "…"}`,
    ...throughWords(draft),
    isProxy ? "what each request names" : target,
  ];
  return (
    <>
      <h3>What will happen</h3>
      <p class="way">
        {steps.map((step, at) => <span key={step}>{at > 0 && <span class="arrow">→</span>}{step}</span>)}
      </p>
      <p>
        {isProxy
          ? "Clients that have it as their HTTP proxy are forwarded to what they ask for. " +
            (isEnded
              ? "TLS after CONNECT is ended here and begun anew to the target; what is inside is recorded."
              : "CONNECT is passed through as it is. All of it is recorded.")
          : isRewritten(draft)
          ? "Host, and what goes with it in the heads of HTTP, is rewritten to the target's name and back; every " +
            "other byte goes through as it came. What came and what was sent are recorded. Each client " +
            "connection dials the target once."
          : "Every byte goes through as it came, in both directions, and is recorded. Each client connection " +
            "dials the target once."}
        {isEnded && !isProxy && " TLS that clients begin is ended here, and what is inside is recorded."}
        {!isProxy && draft.targetScheme !== "none" && " To the target, all of it goes within TLS."}
        {isPublic(host) && " Other machines can connect too: the port is not only on this machine."}
      </p>
      {isEnded && draft.shows === "own" && (
        <p class="after">
          Clients must trust tcpmon's own authority: <code>tcpmon ca</code>{" "}
          says how, and so does the listener's tab.
        </p>
      )}
      {lacksTls(draft) && (
        <p class="before">
          Port 443 is where HTTPS is spoken. Unless TLS to the target is chosen, plain requests get no answer
          there; TLS of clients passes as it is.
        </p>
      )}
      <h3>The same from the command line</h3>
      {command
        ? (
          <>
            <CopyLine text={command.text} />
            {command.notes.map((note) => <p class="after" key={note}>{note}</p>)}
          </>
        )
        : <p>It stands here once the form is filled in.</p>}
    </>
  );
}

function isRewritten({ targetHost, hostHeader }: ListenerDraft): boolean {
  const host = bare(targetHost);
  return host !== "" && rewritesHost({ host, port: 0 }, hostHeader === "auto" ? null : hostHeader);
}

function throughWords({ through, proxyHost, proxyPort }: ListenerDraft): string[] {
  if (through === "nothing") return [];
  if (through === "environment") return ["the environment's proxy"];
  return [`proxy ${bare(proxyHost) || "…"}:${proxyPort || "…"}`];
}

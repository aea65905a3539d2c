// How clients come to trust tcpmon's own authority, and how they stop: its name and fingerprint, its certificate to save,
// and the command lines, which are the same that `tcpmon ca trust` prints. It knows nothing of its key.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { AuthorityFacts, TrustWay } from "../../types.ts";
import { CopyLine } from "../copy_line.tsx";
import { Icon } from "../icons.tsx";
import { remember, remembered } from "../pane/memory.ts";
import { authority, CERTIFICATE, isTrustOpen, makeIt } from "./authority.ts";
import { dateText } from "./certificates.ts";
import { Fingerprint } from "./fingerprint.tsx";

const CHOSEN = "trust.way";
/** Shown unless another was chosen: it is for one terminal, while the first ones are for all programs. */
const LEAST = "curl";

/** See above. */
export function TrustDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isTrustOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const known = authority.value;
  return (
    <dialog
      ref={dialog}
      class="dialog trust"
      aria-labelledby="trust-title"
      onClose={() => isTrustOpen.value = false}
    >
      <h2 id="trust-title">Trust tcpmon's authority</h2>
      {isOpen && (
        <>
          <p>
            It issues the certificates that TLS clients are shown here. A client accepts them once it trusts
            the authority. Make only clients trust it that you test with: who has its key can pose as any
            server to them.
          </p>
          {typeof known === "string" && <p class="error" role="alert">{known}</p>}
          {known === null && <p>Asking for it …</p>}
          {known !== null && typeof known !== "string" &&
            (known.authority === null ? <NotYet /> : <Known facts={known.authority} ways={known.ways} />)}
        </>
      )}
      <div class="row-end">
        <span class="quiet">
          <code>tcpmon ca</code> tells the same.
        </span>
        <button type="button" class="button main" autofocus onClick={() => isTrustOpen.value = false}>
          Done
        </button>
      </div>
    </dialog>
  );
}

function NotYet(): JSX.Element {
  const isMaking = useSignal(false);
  const make = async () => {
    isMaking.value = true;
    await makeIt();
    isMaking.value = false;
  };
  return (
    <p>
      It is not there yet: it is made when the first TLS client comes, or now.{" "}
      <button type="button" class="button bordered" disabled={isMaking.value} onClick={make}>Make it</button>
    </p>
  );
}

function Known(
  { facts, ways }: { readonly facts: AuthorityFacts; readonly ways: readonly TrustWay[] },
): JSX.Element {
  const chosen = useSignal(remembered(CHOSEN));
  const way = [chosen.value, LEAST].map((wanted) => ways.find(({ id }) => id === wanted))
    .find((way) => way !== undefined) ?? ways[0];
  const choose = (id: string) => {
    remember(CHOSEN, id);
    chosen.value = id;
  };
  return (
    <>
      <dl class="trust-facts">
        <dt>Name</dt>
        <dd>
          <code>{facts.name}</code>
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <code>
            <Fingerprint hex={facts.fingerprint} />
          </code>
        </dd>
        <dt>Good until</dt>
        <dd>{dateText(facts.notAfter)}</dd>
        {facts.only !== null && (
          <>
            <dt>Only for</dt>
            <dd>
              <code>{facts.only.join(", ")}</code>, and this machine: clients accept its certificates for no
              other name
            </dd>
          </>
        )}
        <dt>Certificate</dt>
        <dd>
          <code>{facts.file}</code>{" "}
          <a class="button bordered" href={CERTIFICATE} download>
            <Icon name="save" />
            Save certificate
          </a>
        </dd>
      </dl>
      {way !== undefined && (
        <>
          <label class="trust-for">
            <span>Trust it in</span>
            <select
              class="input"
              value={way.id}
              onChange={(event) => choose(event.currentTarget.value)}
            >
              {ways.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
            </select>
          </label>
          <Way way={way} />
        </>
      )}
    </>
  );
}

function Way({ way: { note, trust, stop } }: { readonly way: TrustWay }): JSX.Element {
  return (
    <div class="trust-way">
      {note !== null && <p class="quiet">{note}</p>}
      {trust.map((line) => <CopyLine key={line} text={line} />)}
      {stop.length > 0 && (
        <>
          <h3>And to stop</h3>
          {stop.map((line) => <CopyLine key={line} text={line} />)}
        </>
      )}
    </div>
  );
}

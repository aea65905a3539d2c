// The inputs of TLS in a form for a listener: to the target, and from clients, each a group that can be closed.

import type { ComponentChildren, JSX } from "preact";
import { INPUTS } from "./form_state.ts";
import { Sign } from "./icons.tsx";
import { Choice, type InForm, TextInput, Told } from "./listener_fields.tsx";
import { Group } from "./option_group.tsx";
import { state } from "./state/store.ts";
import { clientWords, speaksTls, targetWords } from "./tls_draft.ts";

/** Both groups. */
export function TlsGroups({ form, isLocked }: InForm): JSX.Element {
  const draft = form.draft.value;
  const isProxy = draft.acts === "proxy";
  // A proxy has no target whose scheme could be chosen.
  const chosen = isProxy ? { ...draft, targetScheme: "none" as const } : draft;
  return (
    <>
      <Group
        form={form}
        name={isProxy ? "TLS to targets" : "TLS to the target"}
        fields={["targetScheme", "targetCa", "targetCert", "targetKey"]}
        now={targetWords(chosen)}
        isLoud={speaksTls(chosen) && draft.trust === "any"}
      >
        <Lack />
        {!isProxy && <SchemeChoice form={form} isLocked={isLocked} />}
        {chosen.targetScheme === "none" && (
          <p class="hint quiet">
            {draft.clientTls === "passed"
              ? isProxy
                ? "Spoken once TLS from clients is ended here; otherwise it passes from end to end."
                : "What clients encrypt themselves passes from end to end."
              : isProxy
              ? "Spoken where a client begins TLS, after CONNECT."
              : "Spoken where a client begins TLS inside the connection, as with STARTTLS."}
          </p>
        )}
        {speaksTls(chosen) && <TargetFields form={form} isLocked={isLocked} />}
      </Group>
      <Group
        form={form}
        name="TLS from clients"
        fields={["listenTls", "cert", "key", "passthrough"]}
        now={clientWords(draft)}
      >
        <Lack />
        <div class="choices" role="radiogroup" aria-label="TLS from clients">
          <Choice form={form} member="clientTls" value="passed" id={INPUTS.listenTls} off={isLocked}>
            Pass it through <span class="quiet">as it is: what is inside stays unread</span>
          </Choice>
          <Choice form={form} member="clientTls" value="ended" off={isOff(isLocked)}>
            End it here <span class="quiet">and show what is inside; plain clients are served too</span>
          </Choice>
        </div>
        <Told form={form} field="listenTls" />
        {draft.clientTls === "ended" && <ClientFields form={form} isLocked={isLocked} />}
      </Group>
    </>
  );
}

function SchemeChoice({ form, isLocked }: InForm): JSX.Element {
  return (
    <>
      <div class="choices" role="radiogroup" aria-label="TLS to the target">
        <Choice form={form} member="targetScheme" value="none" id={INPUTS.targetScheme} off={isLocked}>
          None <span class="quiet">the target gets what clients speak</span>
        </Choice>
        <Choice form={form} member="targetScheme" value="https" off={isOff(isLocked)}>
          HTTPS <span class="quiet">HTTP within TLS</span>
        </Choice>
        <Choice form={form} member="targetScheme" value="tls" off={isOff(isLocked)}>
          TLS <span class="quiet">every other protocol within it</span>
        </Choice>
      </div>
      <Told form={form} field="targetScheme" />
    </>
  );
}

function TargetFields({ form, isLocked }: InForm): JSX.Element {
  const { trust } = form.draft.value;
  return (
    <>
      <p class="subhead" id="trust-question">Which certificates are accepted</p>
      <div class="choices" role="radiogroup" aria-labelledby="trust-question">
        <Choice form={form} member="trust" value="system" off={isLocked}>
          What the system trusts
        </Choice>
        <Choice form={form} member="trust" value="file" off={isLocked}>
          That, and authorities in a file
        </Choice>
        {trust === "file" && (
          <div class="below">
            <TextInput
              form={form}
              field="targetCa"
              class="host"
              label="File of authorities"
              off={isLocked}
              hinted
            />
            <Told form={form} field="targetCa" hint="A file on tcpmon's machine, in PEM." />
          </div>
        )}
        <Choice form={form} member="trust" value="any" off={isLocked}>
          Any certificate <span class="quiet">for a test server of one's own</span>
        </Choice>
      </div>
      {trust === "any" && (
        <p class="loud">
          <Sign name="triangle" />
          <span>Nobody checks who answers: whoever is in between can read and change everything.</span>
        </p>
      )}
      <p class="subhead">Certificate shown to a target that asks for one</p>
      <div class="fields inner">
        <Files form={form} cert="targetCert" certKey="targetKey" isLocked={isLocked} />
      </div>
    </>
  );
}

function ClientFields({ form, isLocked }: InForm): JSX.Element {
  const { shows, asksClients } = form.draft.value;
  return (
    <>
      <p class="subhead" id="shows-question">Certificate shown to clients</p>
      <div class="choices" role="radiogroup" aria-labelledby="shows-question">
        <Choice form={form} member="shows" value="own" off={isLocked}>
          Issued by tcpmon <span class="quiet">for each name; clients must trust its authority</span>
        </Choice>
        <Choice form={form} member="shows" value="files" off={isLocked}>From files</Choice>
      </div>
      {shows === "files" && (
        <div class="fields inner">
          <Files form={form} cert="cert" certKey="key" isLocked={isLocked} />
        </div>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={asksClients}
          disabled={isLocked}
          onChange={(event) => form.change({ asksClients: event.currentTarget.checked })}
        />
        <span>
          Ask clients for a certificate <span class="quiet">recorded, not checked</span>
        </span>
      </label>
      <div class="fields inner alone">
        <label for={INPUTS.passthrough}>Leave alone</label>
        <div>
          <TextInput form={form} field="passthrough" class="host" off={isLocked} hinted />
          <Told
            form={form}
            field="passthrough"
            hint="Names whose TLS passes as it is: api.example.org, *.example.org."
          />
        </div>
      </div>
    </>
  );
}

interface FilesProps extends InForm {
  readonly cert: "cert" | "targetCert";
  readonly certKey: "key" | "targetKey";
}

function Files({ form, cert, certKey, isLocked }: FilesProps): JSX.Element {
  const of = cert === "cert" ? "for clients" : "for the target";
  return (
    <>
      <label for={INPUTS[cert]}>Certificate</label>
      <div>
        <TextInput form={form} field={cert} class="host" label={`Certificate ${of}`} off={isLocked} hinted />
        <Told form={form} field={cert} hint="A file on tcpmon's machine: PEM with the chain, or PKCS#12." />
      </div>
      <label for={INPUTS[certKey]}>Key</label>
      <div>
        <TextInput form={form} field={certKey} class="host" label={`Key ${of}`} off={isLocked} hinted />
        <Told form={form} field={certKey} hint="Unless it is in the same file." />
      </div>
    </>
  );
}

/** Why this program can be no end of TLS, where it cannot. */
function Lack(): ComponentChildren {
  const { tlsLack } = state.value;
  return tlsLack && <p class="hint quiet">{tlsLack}.</p>;
}

function isOff(isLocked: boolean | undefined): boolean {
  return isLocked === true || state.value.tlsLack !== null;
}

// The options in a form for a listener, each a group that can be closed, and then says what is chosen in it: the Host
// header, TLS, the upstream proxy, the slow link.

import type { JSX } from "preact";
import { rewritesHost } from "../../route.ts";
import { INPUTS, SLOW } from "./form_state.ts";
import { bare, divided, type ListenerDraft } from "./listener_draft.ts";
import { shortWords, slowErrors, slowLink } from "./slow_link_draft.ts";
import { SlowLinkFields } from "./slow_link_fields.tsx";
import { Choice, type InForm, TextInput, Told } from "./listener_fields.tsx";
import { Group } from "./option_group.tsx";
import { TlsGroups } from "./tls_fields.tsx";

/** See above. */
export function OptionFields({ form, isLocked }: InForm): JSX.Element {
  const draft = divided(form.draft.value);
  return (
    <>
      {draft.acts === "listener" && (
        <Group form={form} name="Host header" fields={["hostHeader"]} now={hostHeaderWords(draft)}>
          <div class="choices" role="radiogroup" aria-label="Host header">
            <Choice form={form} member="hostHeader" value="auto" off={isLocked}>
              Automatic <span class="quiet">{automaticWords(draft)}</span>
            </Choice>
            <Choice form={form} member="hostHeader" value="rewrite" off={isLocked}>
              Rewrite <span class="quiet">to the target's name, and links back to the monitor</span>
            </Choice>
            <Choice form={form} member="hostHeader" value="keep" off={isLocked}>
              Keep <span class="quiet">as the client sent it</span>
            </Choice>
          </div>
          <Told form={form} field="hostHeader" />
        </Group>
      )}
      <TlsGroups form={form} isLocked={isLocked} />
      <Group
        form={form}
        name="Upstream proxy"
        fields={["proxyHost", "proxyPort"]}
        now={proxyWords(draft)}
      >
        <div class="choices" role="radiogroup" aria-label="Upstream proxy">
          <Choice form={form} member="through" value="nothing" off={isLocked}>
            None <span class="quiet">the target is reached directly</span>
          </Choice>
          <Choice form={form} member="through" value="environment" off={isLocked}>
            From the environment <span class="quiet">http_proxy, https_proxy, no_proxy</span>
          </Choice>
          <Choice form={form} member="through" value="proxy" off={isLocked}>
            This one
          </Choice>
        </div>
        {draft.through === "proxy" && <ProxyFields form={form} isLocked={isLocked} />}
      </Group>
      <Group
        form={form}
        name="Slow link"
        fields={[]}
        isWrong={form.slowErrors.value.length > 0}
        now={slowWords(draft)}
      >
        <SlowLinkFields
          id={SLOW}
          draft={draft.slow}
          errors={form.slowErrors.value}
          onChange={(slow) => form.changeSlow(slow)}
        />
      </Group>
    </>
  );
}

function ProxyFields({ form, isLocked }: InForm): JSX.Element {
  const { proxyUser, proxyPassword } = form.draft.value;
  const isKnown = proxyUser !== "" && form.first.proxyUser === proxyUser;
  return (
    <div class="fields inner">
      <label for={INPUTS.proxyHost}>Proxy host</label>
      <div>
        <TextInput form={form} field="proxyHost" class="host" off={isLocked} />
        <Told form={form} field="proxyHost" />
      </div>
      <label for={INPUTS.proxyPort}>Proxy port</label>
      <div>
        <TextInput form={form} field="proxyPort" class="port" off={isLocked} numeric />
        <Told form={form} field="proxyPort" />
      </div>
      <label for="proxy-user">User</label>
      <input
        id="proxy-user"
        class="input host"
        type="text"
        autocomplete="off"
        spellcheck={false}
        disabled={isLocked}
        value={proxyUser}
        onInput={(event) => form.change({ proxyUser: event.currentTarget.value })}
      />
      <label for="proxy-password">Password</label>
      <div>
        <input
          id="proxy-password"
          class="input host"
          type="password"
          autocomplete="off"
          aria-describedby="proxy-password-told"
          disabled={isLocked || proxyUser === ""}
          value={proxyPassword}
          onInput={(event) => form.change({ proxyPassword: event.currentTarget.value })}
        />
        <p class="hint quiet" id="proxy-password-told">
          {isKnown
            ? "Left empty, it stays as it is. It is not shown and not saved."
            : "Only where the proxy wants one. It is not shown and not saved."}
        </p>
      </div>
    </div>
  );
}

/** What "automatic" means for this target. */
function automaticWords(draft: ListenerDraft): string {
  const host = bare(draft.targetHost);
  if (host === "") return "rewrites it where the target is a DNS name other than localhost";
  const isRewritten = rewritesHost({ host, port: 0 }, null);
  return isRewritten ? `rewrites it to ${host}, a DNS name` : `keeps it: ${host} is no DNS name`;
}

function hostHeaderWords(draft: ListenerDraft): string {
  const { hostHeader } = draft;
  if (hostHeader !== "auto") return hostHeader;
  if (draft.targetHost.trim() === "") return "automatic";
  return `automatic: ${rewritesHost({ host: bare(draft.targetHost), port: 0 }, null) ? "rewrite" : "keep"}`;
}

function proxyWords({ through, proxyHost, proxyPort }: ListenerDraft): string {
  if (through === "nothing") return "none";
  return through === "environment" ? "from the environment" : `${proxyHost || "…"}:${proxyPort || "…"}`;
}

function slowWords({ slow }: ListenerDraft): string {
  if (slowErrors(slow).length > 0) return "…";
  const link = slowLink(slow);
  return link === null ? "none" : shortWords(link);
}

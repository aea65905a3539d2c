// The part of the export dialog on what is masked: the ready-made set, rules of one's own, and what they would find.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { RULE_KINDS } from "../../../decode/redact/rules.ts";
import { Icon } from "../icons.tsx";
import { change, plan, preview } from "./exporting.ts";
import { MaskedTable } from "./masked_table.tsx";
import { previewWords } from "./masked_words.ts";
import { canOmit, ruleShown, rulesOf, ruleTurned, withRule } from "./plan.ts";

const SECRETS_SAYS =
  "Authorization, cookies, API keys, tokens, passwords and signatures, in heads, addresses, JSON, XML and forms";

/** See above. */
export function MaskRules(): JSX.Element {
  const { secrets, rules } = plan.value;
  return (
    <div class="export-row" role="group" aria-labelledby="export-mask">
      <span id="export-mask" class="export-label">Mask</span>
      <div class="export-mask">
        <label class="choice">
          <input
            type="checkbox"
            checked={secrets}
            onChange={(event) => change({ secrets: event.currentTarget.checked })}
          />
          <span>
            The usual secrets <span class="quiet">{SECRETS_SAYS}</span>
          </span>
        </label>
        {rules.length > 0 && (
          <ul class="export-rules" aria-label="Rules">
            {rules.map((rule) => <Rule key={rule} rule={rule} />)}
          </ul>
        )}
        <AddRule />
        <Preview />
      </div>
    </div>
  );
}

function Rule({ rule }: { readonly rule: string }): JSX.Element {
  const { rules } = plan.value;
  const { text, omits } = ruleShown(rule);
  const turn = () => change({ rules: rules.map((one) => one === rule ? ruleTurned(rule) : one) });
  return (
    <li>
      <code>{text}</code>
      <select
        class="input"
        aria-label={`What becomes of ${text}`}
        value={omits ? "omit" : "mask"}
        disabled={!canOmit(rule)}
        onChange={turn}
      >
        <option value="mask">masked</option>
        {canOmit(rule) && <option value="omit">left out</option>}
      </select>
      <button
        type="button"
        class="button"
        aria-label={`Remove the rule ${text}`}
        title="Remove this rule"
        onClick={() => change({ rules: rules.filter((one) => one !== rule) })}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function AddRule(): JSX.Element {
  const typed = useSignal("");
  const error = useSignal<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const add = () => {
    const added = withRule(plan.value.rules, typed.value);
    if ("error" in added) {
      error.value = added.error;
      input.current?.focus();
      return;
    }
    error.value = null;
    typed.value = "";
    change(added);
  };
  return (
    <>
      <div class="export-add">
        <input
          ref={input}
          class={error.value === null ? "input" : "input wrong"}
          aria-label="Rule to add"
          aria-invalid={error.value !== null}
          aria-describedby={error.value === null ? "export-kinds" : "export-rule-error"}
          placeholder="json:user.password"
          spellcheck={false}
          autocomplete="off"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            error.value = null;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" class="button bordered" onClick={add}>Add</button>
      </div>
      {error.value !== null && <p class="error" id="export-rule-error" role="alert">{error.value}</p>}
      <details class="export-kinds">
        <summary id="export-kinds">A name, or KIND:NAME with * for any characters</summary>
        <dl>
          {RULE_KINDS.map(({ kind, example, says }) => (
            <div key={kind}>
              <dt>
                <code>{example}</code>
              </dt>
              <dd>{says}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

function Preview(): JSX.Element | null {
  if (rulesOf(plan.value).length === 0) {
    return <p class="quiet" role="status">Nothing is masked: all is exported as it came.</p>;
  }
  const found = preview.value;
  if (found === null || found === "asking") {
    return <p class="quiet" role="status">Looking what would be masked …</p>;
  }
  if ("error" in found) return <p class="error" role="alert">{found.error}</p>;
  if (found.masked.length === 0) return <p role="status">{previewWords(found)}.</p>;
  return (
    <details class="export-preview">
      <summary>
        <span role="status">{previewWords(found)}</span>
      </summary>
      <MaskedTable masked={found.masked} />
    </details>
  );
}

// Editing HTTP heads on their way. Names only; start at rules.ts.

export { editHeads } from "./head_editor.ts";
export { hostRules } from "./host_rules.ts";
export type { HostLegs } from "./host_rules.ts";
export { leadsAway, lostCookies } from "./leads_away.ts";
export type { Rewriting } from "./leads_away.ts";
export type { Asked, Edit, Editor, FieldRule, HeadRules, Rules, TargetRule } from "./rules.ts";

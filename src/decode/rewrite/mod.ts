// Editing HTTP heads on their way. Names only; start at rules.ts.

export { editHeads } from "./head_editor.ts";
export type { Asked, Edit, Editor, FieldRule, HeadRules, Rules, TargetRule } from "./rules.ts";

// What is fetched after the panes, as one: what is written and compared in their place, and the dialogs;
// and what opens a Draft.

export { ComparePane } from "./compare/compare_pane.tsx";
export { DraftPane } from "./draft/draft_pane.tsx";
export { isChanged, readEdited } from "./draft/read_edited.ts";
export { ExportDialog } from "./export/export_dialog.tsx";
export { KeysDialog } from "./keys/keys_dialog.tsx";
export { load } from "./sender/send.ts";
export { SenderScreen } from "./sender/sender_screen.tsx";
export { TrustDialog } from "./tls/trust_dialog.tsx";

// The page's program: starts what runs beside it (news, loading, keys), and renders.

import { render } from "preact";
import { App } from "./app.tsx";
import { startDropping } from "./captures/opening.ts";
import { startShortcuts } from "./keys/shortcuts.ts";
import { startFetching } from "./later_parts.ts";
import { startFeed } from "./state/feed.ts";
import { startLoading } from "./state/loader.ts";
import { keepWindowState } from "./window_state.ts";
import { dispatch } from "./state/store.ts";

startFeed(dispatch);
startLoading();
startShortcuts();
startDropping();
keepWindowState();
render(<App />, document.body);
startFetching();

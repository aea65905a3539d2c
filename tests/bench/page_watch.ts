// What runs in the page beside it while it is measured, as the text that it is given as: it notes when news come, when
// rows are in the table, and when a body is in its pane. It changes nothing.

/** Noted in `watch`: times by number of row; the first telling and the first showing of one that is done count. */
export interface Watched {
  readonly told: readonly (readonly [row: number, at: number])[];
  readonly shown: readonly (readonly [row: number, at: number])[];
}

/** What is looked for in a pane: its text begins so, and has more than one line. */
export interface Expected {
  readonly begins: string;
  readonly pane: string;
}

/** The script. `watch.expect(EXPECTED)` marks "pressed" at the next press, "text" and "complete" after that. */
export const WATCH = `(() => {
  const [told, shown] = [new Map(), new Map()];
  let expected = null;
  const ROW = /"state":"(done|failed)","started"[^{}]*?"url":"[^"]*\\/row\\/(\\d+)"/g;
  const plain = window.EventSource;
  window.EventSource = class extends plain {
    constructor(url) {
      super(url);
      for (const name of ["snapshot", "delta"]) {
        this.addEventListener(name, ({ data }) => {
          const at = performance.now();
          for (const [, , row] of data.matchAll(ROW)) if (!told.has(row)) told.set(row, at);
        });
      }
    }
  };
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    if (String(asked[0]).includes("/response/view?")) {
      answer.clone().json().then(({ complete }) => complete && expected && (expected.isComplete ||= mark("complete")))
        .catch(() => {});
    }
    return answer;
  };
  const mark = (name) => performance.mark(name).startTime;
  const lookAtRows = () => {
    let at = 0;
    for (const row of document.querySelectorAll("[role=row][data-ordinal]")) {
      if (row.querySelector(".state")?.textContent !== "done") continue;
      const number = /\\/row\\/(\\d+)/.exec(row.querySelector(".path")?.textContent ?? "")?.[1];
      if (number === undefined || shown.has(number)) continue;
      if (at === 0) at = mark("shown");
      shown.set(number, at);
    }
  };
  const lookAtPane = () => {
    if (!expected || expected.isThere || !expected.isPressed) return;
    const lines = [...document.querySelectorAll('[aria-label="' + expected.pane + '"] .pane-text .cm-line')];
    const filled = lines.filter(({ textContent }) => textContent.trim() !== "");
    if (filled.length < 2 || !filled[0].textContent.startsWith(expected.begins)) return;
    expected.isThere = true;
    mark("text");
  };
  document.addEventListener("DOMContentLoaded", () => {
    const watching = { childList: true, subtree: true, characterData: true };
    new MutationObserver(() => { lookAtRows(); lookAtPane(); }).observe(document.body, watching);
  });
  const pressed = ({ timeStamp }) => {
    if (!expected || expected.isPressed) return;
    expected.isPressed = true;
    performance.mark("pressed", { startTime: timeStamp });
  };
  addEventListener("mousedown", pressed, true);
  addEventListener("keydown", pressed, true);
  addEventListener("change", pressed, true);
  window.watch = {
    expect: (next) => { expected = next; },
    state: () => expected,
    told: () => [...told].map(([row, at]) => [Number(row), at]),
    shown: () => [...shown].map(([row, at]) => [Number(row), at]),
  };
})()`;

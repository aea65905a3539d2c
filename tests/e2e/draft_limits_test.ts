// What is too large to be edited as a Draft: it says so, with what can be done instead.

import { pageTest } from "./harness.ts";
import { request } from "./panes.ts";

pageTest("a draft", {
  "of a request of more than 64 MiB is refused": async (page, fixture) => {
    fixture.come("8081", 1, { protocol: "http", url: "/huge", requestBytes: 70_000_000 });
    await page.getByRole("row", { name: /\/huge/ }).click();
    await page.keyboard.press("e");
    await request(page).getByText("Cannot open a draft").waitFor();
    await request(page).getByText(
      "Cannot edit this request: it has 70.0 MB, more than 67.1 MB. Send it again as it was.",
    ).waitFor();
    await request(page).getByRole("button", { name: /^Send/ }).and(page.locator(":disabled")).waitFor();
    await page.keyboard.press("Escape");
    await request(page).getByText("Cannot open a draft").waitFor({ state: "detached" });
  },
  "of turns of more than 1 MB is refused": async (page, fixture) => {
    fixture.come("8081", 1, { protocol: "tcp", method: null, url: "long turn", requestBytes: 1_000_001 });
    await page.getByRole("row", { name: /long turn/ }).click();
    await page.keyboard.press("e");
    await request(page).getByText(
      "Cannot edit these turns: there are more than 200, or more than 1.0 MB. Send them again as they were.",
    ).waitFor();
  },
});

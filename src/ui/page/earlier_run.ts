// What the page says when the program at its address is not the one it belongs to: its token is of an earlier run.

/** In place of what the API says then, which is about a token that nobody sees. */
export const EARLIER_RUN =
  "This page belongs to an earlier run of tcpmon. Open the address that the new one printed.";

/** Whether the API answers with this status for that reason. */
export function isOfEarlierRun(status: number): boolean {
  return status === 401;
}

// A fingerprint, which may go on in a new line after any of its colons.

import { Fragment, type JSX } from "preact";
import { fingerprintText } from "./certificates.ts";

/** See above; `hex` is SHA-256 or the like, with colons or without. */
export function Fingerprint({ hex }: { readonly hex: string }): JSX.Element {
  const pairs = fingerprintText(hex).split(":");
  return (
    <>
      {pairs.map((pair, n) => (
        <Fragment key={n}>
          {n > 0 && (
            <>
              :<wbr />
            </>
          )}
          {pair}
        </Fragment>
      ))}
    </>
  );
}

// All transcripts of Connections, with the Exchanges that a Decoder makes of them.

import type { Case } from "../transcript.ts";
import { EXCHANGES } from "./exchanges.ts";
import { TUNNELS } from "./tunnels.ts";
import { FAULTS } from "./faults.ts";
import { STRAYS } from "./strays.ts";
import { ENDS } from "./ends.ts";
import { PROTOCOLS } from "./protocols.ts";
import { TLS } from "./tls.ts";

export const CASES: readonly Case[] = [
  ...EXCHANGES,
  ...TUNNELS,
  ...FAULTS,
  ...STRAYS,
  ...ENDS,
  ...PROTOCOLS,
  ...TLS,
];

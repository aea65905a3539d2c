// Decoding: one Connection's bytes in, Exchanges out, and what of it others need. Names only; start at conversation.ts.

export { decode } from "./conversation.ts";
export { parseHead } from "./head.ts";
export type { ParsedHead } from "./head.ts";
export { BODY_PREFIX } from "./types.ts";
export type {
  BodyFraming,
  Changes,
  DecodedExchange,
  Decoder,
  Direction,
  Fault,
  Header,
  HttpHead,
  Message,
  SideEnd,
} from "./types.ts";

// Captures made by hand: frames of every link type, files of both formats in either byte order, and conversations whose
// segments can be dropped, doubled, cut, laid over each other and shuffled by a seed that is printed.

export interface Frame {
  readonly at: number;
  readonly bytes: Uint8Array;
  /** How long it was on the wire; as long as `bytes` unless given. */
  readonly original?: number;
}

/** What a segment is made of. */
export interface Made {
  readonly at: number;
  readonly up: boolean;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

export const FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16;
export const NOTHING: Uint8Array = new Uint8Array(0);

export interface Ends {
  readonly wide: boolean;
  readonly client: number;
  readonly server: number;
}

/** A generator of numbers from 0 up to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** An IP packet with a TCP segment. Checksums are right, for readers that look at them. */
export function ipPacket(made: Made, { wide, client, server }: Ends, extensions = NOTHING): Uint8Array {
  const tcp = new Uint8Array(20 + made.data.length);
  const view = new DataView(tcp.buffer);
  view.setUint16(0, made.up ? client : server);
  view.setUint16(2, made.up ? server : client);
  view.setUint32(4, made.seq >>> 0);
  view.setUint32(8, made.flags & ACK ? made.ack >>> 0 : 0);
  tcp[12] = 5 << 4;
  tcp[13] = made.flags;
  view.setUint16(14, 0xffff);
  tcp.set(made.data, 20);
  return ip(tcp, wide, made.up, 6, extensions);
}

/** An IP packet, from the client if `up`. `extensions`, of IPv6, begin with the number of the first. */
export function ip(
  payload: Uint8Array,
  wide: boolean,
  up: boolean,
  protocol: number,
  extensions = NOTHING,
): Uint8Array {
  const header = new Uint8Array(wide ? 40 : 20);
  const view = new DataView(header.buffer);
  const [from, to] = up ? [1, 2] : [2, 1];
  const rest = extensions.subarray(1);
  if (wide) {
    view.setUint32(0, 0x60000000);
    view.setUint16(4, rest.length + payload.length);
    header[6] = extensions[0] ?? protocol;
    header[7] = 64;
    header.set([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, from], 8);
    header.set([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, to], 24);
  } else {
    view.setUint16(0, 0x4500);
    view.setUint16(2, 20 + payload.length);
    header[8] = 64;
    header[9] = protocol;
    header.set([10, 0, 0, from, 10, 0, 0, to], 12);
  }
  return concat(header, rest, payload);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const MACS = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2];

/** How each link type wraps an IP packet. */
export const LINKS: Readonly<
  Record<string, { link: number; wrap(packet: Uint8Array, wide: boolean): Uint8Array }>
> = {
  "Ethernet": { link: 1, wrap: (p, wide) => framed([...MACS, ...type(wide)], p) },
  "a VLAN": { link: 1, wrap: (p, wide) => framed([...MACS, 0x81, 0, 0, 7, ...type(wide)], p) },
  "QinQ": {
    link: 1,
    wrap: (p, wide) => framed([...MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 9, ...type(wide)], p),
  },
  "MPLS": { link: 1, wrap: (p) => framed([...MACS, 0x88, 0x47, 0, 1, 0, 64, 0, 1, 1, 64], p) },
  "PPPoE": {
    link: 1,
    wrap: (p, wide) =>
      framed([
        ...MACS,
        0x88,
        0x64,
        0x11,
        0,
        0,
        1,
        (p.length + 2) >> 8,
        (p.length + 2) & 255,
        0,
        wide ? 0x57 : 0x21,
      ], p),
  },
  "raw IP": { link: 101, wrap: (p) => p },
  "IPv4 or IPv6 alone": { link: 228, wrap: (p) => p },
  "BSD loopback": { link: 0, wrap: (p, wide) => framed([wide ? 30 : 2, 0, 0, 0], p) },
  "OpenBSD loopback": { link: 108, wrap: (p, wide) => framed([0, 0, 0, wide ? 24 : 2], p) },
  "Linux cooked": {
    link: 113,
    wrap: (p, wide) => framed([0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, ...type(wide)], p),
  },
  "Linux cooked 2": {
    link: 276,
    wrap: (p, wide) => framed([...type(wide), 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0], p),
  },
  "PPP": { link: 9, wrap: (p, wide) => framed([0xff, 3, 0, wide ? 0x57 : 0x21], p) },
};

function type(wide: boolean): number[] {
  return wide ? [0x86, 0xdd] : [8, 0];
}

function framed(header: readonly number[], packet: Uint8Array): Uint8Array {
  return concat(Uint8Array.from(header), packet);
}

export interface PcapKind {
  readonly little: boolean;
  readonly magic: 0xa1b2c3d4 | 0xa1b23c4d | 0xa1b2cd34;
}

/** A pcap file. */
export function pcap(
  link: number,
  frames: readonly Frame[],
  kind: PcapKind = { little: true, magic: 0xa1b2c3d4 },
) {
  const { little, magic } = kind;
  const parts = [bytes(24, (view) => {
    view.setUint32(0, magic, little);
    view.setUint16(4, 2, little);
    view.setUint16(6, 4, little);
    view.setUint32(16, 262144, little);
    view.setUint32(20, link, little);
  })];
  for (const { at, bytes: frame, original = frame.length } of frames) {
    parts.push(bytes(magic === 0xa1b2cd34 ? 24 : 16, (view) => {
      view.setUint32(0, Math.floor(at / 1000), little);
      view.setUint32(4, Math.round((at % 1000) * (magic === 0xa1b23c4d ? 1e6 : 1e3)), little);
      view.setUint32(8, frame.length, little);
      view.setUint32(12, original, little);
    }));
    parts.push(frame);
  }
  return concat(...parts);
}

export function bytes(length: number, fill: (view: DataView) => void): Uint8Array {
  const made = new Uint8Array(length);
  fill(new DataView(made.buffer));
  return made;
}

/** A pcapng block. */
export function block(type: number, body: Uint8Array, little: boolean): Uint8Array {
  const padded = (body.length + 3) & ~3;
  const made = new Uint8Array(12 + padded);
  const view = new DataView(made.buffer);
  view.setUint32(0, type, little);
  view.setUint32(4, made.length, little);
  made.set(body, 8);
  view.setUint32(8 + padded, made.length, little);
  return made;
}

/** A section's header and its interfaces, with options for each. */
export function section(
  links: readonly number[],
  little: boolean,
  options: Uint8Array = NOTHING,
): Uint8Array {
  return concat(
    block(
      0x0a0d0d0a,
      bytes(16, (view) => {
        view.setUint32(0, 0x1a2b3c4d, little);
        view.setUint16(4, 1, little);
        view.setBigInt64(8, -1n, little);
      }),
      little,
    ),
    ...links.map((link) =>
      block(1, concat(bytes(8, (view) => view.setUint16(0, link, little)), options), little)
    ),
  );
}

/** An option of a block. */
export function option(code: number, value: Uint8Array, little: boolean): Uint8Array {
  return concat(
    bytes(4, (view) => {
      view.setUint16(0, code, little);
      view.setUint16(2, value.length, little);
    }),
    value,
    new Uint8Array(-value.length & 3),
  );
}

/** A packet block: 6 is enhanced, 2 obsolete, 3 simple. `perMs` are units of time in a millisecond. */
export function packetBlock(
  type: number,
  on: number,
  frame: Frame,
  little: boolean,
  perMs = 1e3,
): Uint8Array {
  const { at, bytes: data, original = data.length } = frame;
  if (type === 3) {
    return block(3, concat(bytes(4, (view) => view.setUint32(0, original, little)), data), little);
  }
  const ticks = Math.round(at * perMs);
  return block(
    type,
    concat(
      bytes(20, (view) => {
        if (type === 6) view.setUint32(0, on, little);
        else view.setUint16(0, on, little);
        view.setUint32(4, Math.floor(ticks / 2 ** 32), little);
        view.setUint32(8, ticks % 2 ** 32, little);
        view.setUint32(12, data.length, little);
        view.setUint32(16, original, little);
      }),
      data,
    ),
    little,
  );
}

export const T0 = 1_700_000_000_000;

/** Turns of bytes, the client's first. */
export type Turn = readonly [up: boolean, data: Uint8Array];

/** The segments of a whole conversation, as they are sent: with its beginning, acknowledgments, and its end. */
export function conversation(
  turns: readonly Turn[],
  { size = 100, first = [1000, 5000], at = T0 }: {
    size?: number;
    first?: readonly [number, number];
    at?: number;
  } = {},
): Made[] {
  const next = [first[0], first[1]];
  const made: Made[] = [];
  let time = at;
  const send = (up: boolean, flags: number, data = NOTHING) => {
    const [mine, theirs] = up ? [0, 1] : [1, 0];
    made.push({ at: time++, up, seq: next[mine], ack: next[theirs], flags, data });
    next[mine] = (next[mine] + data.length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
  };
  send(true, SYN);
  send(false, SYN | ACK);
  send(true, ACK);
  for (const [up, data] of turns) {
    for (let from = 0; from < data.length; from += size) {
      send(up, PSH | ACK, data.subarray(from, from + size));
    }
    send(!up, ACK);
  }
  send(true, FIN | ACK);
  send(false, FIN | ACK);
  send(true, ACK);
  return made;
}

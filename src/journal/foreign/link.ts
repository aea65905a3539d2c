// Where the IP packet begins in a captured one, by its link type: Ethernet with VLAN tags, MPLS and PPPoE, PPP, raw IP,
// loopback, Linux "cooked". Pure; knows nothing of files.

/** The IP packet within a packet; the object is used again. Where there is none, `version` is 0. */
export interface Network {
  version: 0 | 4 | 6;
  /** Index of its first byte. */
  at: number;
  /** Where `version` is 0: the Ethernet type; -1 where the link type is not known, -2 where the packet is too short. */
  type: number;
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const PPPOE = 0x8864;
/** IEEE 802.1Q, 802.1ad, and what was in use before that. */
const VLAN: readonly number[] = [0x8100, 0x88a8, 0x9100, 0x9200];
const MPLS: readonly number[] = [0x8847, 0x8848];
/** More tags than that are none. */
const MOST_TAGS = 8;
const UNKNOWN = -1;
const SHORT = -2;

/** Finds it in the bytes of `view` from `at` to `end`. The result is valid until the next call. */
export function networkIn(view: DataView, link: number, at: number, end: number): Network {
  switch (link) {
    case 1: // Ethernet
      return at + 14 > end ? none(SHORT) : typed(view, view.getUint16(at + 12), at + 14, end);
    case 0: // BSD loopback, in the byte order of the machine
    case 108: // OpenBSD loopback
      return at + 4 > end ? none(SHORT) : raw(view, at + 4, end);
    case 12: // raw IP, as several systems number it
    case 14:
    case 101:
    case 228: // IPv4
    case 229: // IPv6
      return raw(view, at, end);
    case 113: // Linux cooked
      return at + 16 > end ? none(SHORT) : typed(view, view.getUint16(at + 14), at + 16, end);
    case 276: // Linux cooked, version 2
      return at + 20 > end ? none(SHORT) : typed(view, view.getUint16(at), at + 20, end);
    case 9: // PPP
    case 50: // PPP in HDLC-like framing
      return ppp(view, at, end);
    case 51: // PPP over Ethernet
      return at + 6 > end ? none(SHORT) : ppp(view, at + 6, end);
  }
  return none(UNKNOWN);
}

const network: Network = { version: 0, at: 0, type: 0 };

function none(type: number): Network {
  network.version = 0;
  network.type = type;
  return network;
}

function found(version: 4 | 6, at: number): Network {
  network.version = version;
  network.at = at;
  return network;
}

/** By the Ethernet type of what comes at `at`. */
function typed(view: DataView, first: number, from: number, end: number): Network {
  let type = first;
  let at = from;
  for (let tags = 0; VLAN.includes(type) && tags < MOST_TAGS; tags++) {
    if (at + 4 > end) return none(SHORT);
    type = view.getUint16(at + 2);
    at += 4;
  }
  if (type === IPV4) return found(4, at);
  if (type === IPV6) return found(6, at);
  if (MPLS.includes(type)) return mpls(view, at, end);
  if (type === PPPOE) return at + 6 > end ? none(SHORT) : ppp(view, at + 6, end);
  // IEEE 802.3: a length, and behind SNAP's header the type.
  if (type < 0x600 && at + 8 <= end && view.getUint32(at) >>> 8 === 0xaaaa03) {
    const inner = view.getUint16(at + 6);
    return inner < 0x600 ? none(inner) : typed(view, inner, at + 8, end);
  }
  return none(type);
}

/** Labels, the last of which says so (RFC 3032). */
function mpls(view: DataView, from: number, end: number): Network {
  for (let at = from; at + 4 <= end; at += 4) {
    if ((view.getUint8(at + 2) & 1) === 1) return raw(view, at + 4, end);
  }
  return none(SHORT);
}

/** RFC 1661 and 1662: perhaps an address and a control field, and the protocol, whose first byte may be left out. */
function ppp(view: DataView, from: number, end: number): Network {
  const at = from + 2 <= end && view.getUint16(from) === 0xff03 ? from + 2 : from;
  if (at + 2 > end) return none(SHORT);
  const short = (view.getUint8(at) & 1) === 1;
  const protocol = short ? view.getUint8(at) : view.getUint16(at);
  const next = at + (short ? 1 : 2);
  if (protocol === 0x21) return found(4, next);
  if (protocol === 0x57) return found(6, next);
  return none(protocol);
}

/** By the version that the packet says itself. */
function raw(view: DataView, at: number, end: number): Network {
  if (at >= end) return none(SHORT);
  const version = view.getUint8(at) >> 4;
  return version === 4 || version === 6 ? found(version, at) : none(0);
}

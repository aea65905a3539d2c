// What of a capture is not shown, counted by what it was, and said in words.

const LINKS: Readonly<Record<number, string>> = {
  105: "Wi-Fi",
  119: "Wi-Fi",
  127: "Wi-Fi",
  163: "Wi-Fi",
  147: "a user's own link type",
  187: "Bluetooth",
  201: "Bluetooth",
  251: "Bluetooth",
  254: "Bluetooth",
  189: "USB",
  220: "USB",
  249: "USB",
  195: "IEEE 802.15.4",
  227: "CAN",
  240: "NetAnalyzer",
  253: "netlink",
};

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "ICMP",
  2: "IGMP",
  17: "UDP",
  33: "DCCP",
  41: "IPv6 in IPv4",
  47: "GRE",
  50: "ESP (IPsec)",
  58: "ICMPv6",
  89: "OSPF",
  132: "SCTP",
};

const TYPES: Readonly<Record<number, string>> = {
  0x0806: "ARP",
  0x88cc: "LLDP",
  0x88e1: "HomePlug",
  0x888e: "802.1X",
};

/** Counts packets. */
export class PassedOver {
  readonly #counts = new Map<string, number>();

  /** A packet of a link type that is not read. */
  link(type: number): void {
    this.count(`of ${LINKS[type] ?? `link type ${type}`}`);
  }

  /** A packet with another network protocol than IP, by its Ethernet type. */
  network(type: number): void {
    this.count(`of ${TYPES[type] ?? `Ethernet type 0x${type.toString(16).padStart(4, "0")}`}`);
  }

  /** A packet of IP with another protocol than TCP. */
  transport(protocol: number): void {
    this.count(`of ${PROTOCOLS[protocol] ?? `IP protocol ${protocol}`}`);
  }

  /** A packet that is "cut off in its headers", say. */
  count(what: string): void {
    const before = this.#counts.get(what);
    // A damaged file could have any number of kinds.
    if (before !== undefined || this.#counts.size < 50) this.#counts.set(what, (before ?? 0) + 1);
    else this.#counts.set("of other kinds", (this.#counts.get("of other kinds") ?? 0) + 1);
  }

  /** "1,204 packets of Bluetooth were passed over", the most frequent first. */
  get words(): readonly string[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a).map(([what, count]) =>
      count === 1
        ? `1 packet ${what} was passed over`
        : `${count.toLocaleString("en")} packets ${what} were passed over`
    );
  }
}

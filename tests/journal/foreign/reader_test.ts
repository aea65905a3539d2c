import assert from "node:assert/strict";
import {
  ACK,
  block,
  bytes,
  concat,
  conversation,
  type Ends,
  FIN,
  type Frame,
  ip,
  ipPacket,
  LINKS,
  type Made,
  NOTHING,
  option,
  packetBlock,
  pcap,
  type PcapKind,
  random,
  RST,
  section,
  SYN,
  T0,
  type Turn,
} from "./made.ts";
import { readAll } from "./reading.ts";

const ENDS: Ends = { wide: false, client: 50_000, server: 80 };
const utf8 = new TextEncoder();
const TURNS: readonly Turn[] = [
  [true, utf8.encode("GET /first " + "a".repeat(300))],
  [false, utf8.encode("first answer " + "b".repeat(500))],
  [true, utf8.encode("GET /second " + "c".repeat(50))],
  [false, utf8.encode("second answer " + "d".repeat(250))],
];
const UP = text(true);
const DOWN = text(false);

function text(up: boolean): string {
  return TURNS.filter(([side]) => side === up).map(([, data]) => new TextDecoder().decode(data)).join("");
}

/** A raw IP capture of segments, in their order. */
function rawOf(segments: readonly Made[], ends = ENDS): Uint8Array {
  return pcap(101, segments.map((made) => ({ at: made.at, bytes: ipPacket(made, ends) })));
}

for (const [name, { link, wrap }] of Object.entries(LINKS)) {
  for (const wide of [false, true]) {
    Deno.test(`ForeignReader: ${name}, IPv${wide ? 6 : 4}`, () => {
      const frames = conversation(TURNS).map((made): Frame => ({
        at: made.at,
        bytes: wrap(ipPacket(made, { ...ENDS, wide }), wide),
      }));
      const { connections, notes } = readAll("pcap", pcap(link, frames));
      assert.equal(connections.length, 1);
      assert.deepEqual([connections[0].upstream, connections[0].downstream], [UP, DOWN]);
      assert.equal(connections[0].client, wide ? "fd00::1 50000" : "10.0.0.1 50000");
      assert.equal(connections[0].target, wide ? "fd00::2 80" : "10.0.0.2 80");
      assert.deepEqual([connections[0].end, connections[0].turns, notes], ["client end", "^v^v", []]);
    });
  }
}

for (const little of [true, false]) {
  for (const magic of [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34] as const) {
    Deno.test(`ForeignReader: pcap ${magic.toString(16)}, ${little ? "little" : "big"}-endian`, () => {
      const kind: PcapKind = { little, magic };
      const frames = conversation(TURNS).map((made) => ({ at: made.at, bytes: ipPacket(made, ENDS) }));
      const { connections, records } = readAll("pcap", pcap(101, frames, kind));
      assert.deepEqual([connections[0].upstream, connections[0].downstream], [UP, DOWN]);
      assert.equal(records[0].at, T0);
    });
  }
}

Deno.test("ForeignReader: pcapng of either byte order, sections, interfaces, kinds of packets and of blocks", () => {
  const frames = conversation(TURNS).map((made) => ({ at: made.at, bytes: ipPacket(made, ENDS) }));
  for (const little of [true, false]) {
    const nanoseconds = option(9, Uint8Array.of(9), little);
    const binary = concat(
      option(9, Uint8Array.of(0x80 | 20), little),
      option(14, bytes(8, (view) => view.setBigInt64(0, 1_000_000_000n, little)), little),
    );
    const ethernet = (frame: Frame) => ({ ...frame, bytes: LINKS["Ethernet"].wrap(frame.bytes, false) });
    const unknown = block(0x40000bad, Uint8Array.of(1, 2, 3), little);
    const names = block(4, Uint8Array.of(0, 0, 0, 0), little);
    const file = concat(
      section([101], little, nanoseconds),
      ...frames.slice(0, 5).map((frame) => packetBlock(6, 0, frame, little, 1e6)),
      unknown,
      names,
      section([1, 101], !little, NOTHING),
      ...frames.slice(5, 9).map((frame, i) =>
        packetBlock(i % 2 ? 6 : 2, i % 2, i % 2 ? frame : ethernet(frame), !little)
      ),
      section([101], little, binary),
      ...frames.slice(9, 11).map((frame) =>
        packetBlock(6, 0, { ...frame, at: frame.at - 1e12 }, little, 2 ** 20 / 1e3)
      ),
      ...frames.slice(11).map((frame) => packetBlock(3, 0, frame, little)),
    );
    const { connections, records, notes } = readAll("pcapng", file);
    assert.deepEqual([connections.length, notes], [1, []]);
    assert.deepEqual([connections[0].upstream, connections[0].downstream], [UP, DOWN]);
    const chunks = records.filter(({ kind }) => kind === "chunk");
    assert.ok(chunks.every(({ at }) => Math.abs(at - T0) < 1000), JSON.stringify(chunks.map(({ at }) => at)));
  }
});

Deno.test("ForeignReader: secrets in a file", () => {
  const lines = utf8.encode("CLIENT_RANDOM 00 11\n");
  for (const little of [true, false]) {
    const secrets = block(
      10,
      concat(
        bytes(8, (view) => {
          view.setUint32(0, 0x544c534b, little);
          view.setUint32(4, lines.length, little);
        }),
        lines,
      ),
      little,
    );
    const { records } = readAll("pcapng", concat(section([1], little), secrets, secrets));
    assert.equal(records.length, 2);
    assert.ok(records[0].kind === "secrets");
    assert.deepEqual(records[0].lines, lines);
  }
});

/** What a test does to the segments of a conversation, and what is to come of it. */
const CHANGES: Readonly<
  Record<string, {
    readonly change: (segments: Made[]) => Made[];
    readonly up?: string;
    readonly down?: string;
    readonly end?: string;
    readonly turns?: string;
    readonly remark?: RegExp;
  }>
> = {
  "all of it sent twice": { change: (all) => all.flatMap((one) => [one, one]) },
  "the sides' packets exchanged": {
    change: (all) => {
      const at = all.findIndex((one) => !one.up && one.data.length > 0);
      return [...all.slice(0, at - 2), all[at], all[at - 1], all[at - 2], ...all.slice(at + 1)];
    },
  },
  "a whole answer before what it answers": {
    change: (all) => {
      const question = all.findLastIndex((one) => one.up && one.data.length > 0);
      const from = all.findIndex((one, i) => i > question && !one.up && one.data.length > 0);
      return [...all.slice(0, question), ...all.slice(from, from + 3), all[question], ...all.slice(from + 3)];
    },
  },
  "a segment that is missing": {
    change: (all) => all.toSpliced(all.findIndex((one) => one.up && one.data.length > 0) + 1, 1),
    up: UP.slice(0, 100) + "«100»" + UP.slice(200),
  },
  "the end of a turn that is missing": {
    change: (all) => all.toSpliced(all.findIndex((one) => !one.up && one.data.length === 13), 1),
    down: DOWN.slice(0, 500) + "«13»" + DOWN.slice(513),
  },
  "the SYN missing": { change: (all) => all.slice(1) },
  "the SYN and its answer missing": {
    change: (all) => all.slice(2),
    up: "«0»" + UP,
    down: "«0»" + DOWN,
    remark: /who is the client is a guess/,
  },
  "the server's SYN missing": { change: (all) => all.toSpliced(1, 1) },
  "no end": { change: (all) => all.slice(0, -3), end: "monitor unseen", remark: /The capture ends before/ },
  "one FIN missing": { change: (all) => all.toSpliced(-3, 1) },
  "a reset": {
    change: (all) => [...all.slice(0, -3), { ...all.at(-2)!, flags: RST | ACK }],
    end: "target reset",
  },
  "a reset behind a hole": {
    change: (all) => [...all.slice(0, -6), ...all.slice(-5, -3), { ...all.at(-2)!, flags: RST | ACK }],
    end: "target reset",
    down: DOWN.slice(0, -164) + "«100»" + DOWN.slice(-64),
  },
  "probes whether the other is alive": {
    change: (all) => {
      const last = all.findLastIndex((one) => one.up && one.data.length > 0);
      const probe = { ...all[last], seq: all[last].seq - 1, data: utf8.encode("\0") };
      return [...all.slice(0, last), probe, { ...probe, data: NOTHING }, ...all.slice(last)];
    },
  },
  "segments behind the end": {
    change: (
      all,
    ) => [...all.slice(0, -1), { ...all.at(-3)!, seq: all.at(-3)!.seq + 1, data: utf8.encode("more") }],
  },
  "bytes sent again that differ": {
    change: (all) => {
      const at = all.findIndex((one) => one.up && one.data.length > 0);
      return all.toSpliced(at + 2, 0, { ...all[at], data: utf8.encode("GET /FIRST") });
    },
    remark: /What the client sent again differs from what it sent before, from byte 5 on/,
  },
  "segments over each other, behind a hole": {
    change: (all) => {
      const at = all.findIndex((one) => !one.up && one.data.length > 0);
      const [first, second, third] = all.slice(at);
      const both = { ...second, data: concat(second.data, third.data.subarray(0, 40)) };
      return [...all.slice(0, at), third, both, second, first, ...all.slice(at + 3)];
    },
  },
  "both sides beginning at once": {
    change: (
      all,
    ) => [
      all[0],
      { ...all[1], flags: SYN, ack: 0 },
      { ...all[0], flags: SYN | ACK, ack: 5001 },
      ...all.slice(2),
    ],
  },
};

for (
  const [name, { change, up = UP, down = DOWN, end = "client end", turns = "^v^v", remark }] of Object
    .entries(CHANGES)
) {
  Deno.test(`ForeignReader: ${name}`, () => {
    // Close to the end of the sequence numbers, and far from it.
    for (const first of [[1000, 5000], [0xffffff80, 0xfffffff0]] as const) {
      if (first[0] !== 1000 && name === "both sides beginning at once") continue;
      const { connections } = readAll("pcap", rawOf(change(conversation(TURNS, { first }))));
      assert.equal(connections.length, 1);
      const [one] = connections;
      assert.deepEqual([one.upstream, one.downstream, one.end, one.turns], [up, down, end, turns]);
      if (remark) assert.match(one.remarks, remark);
      else assert.equal(one.remarks, "");
    }
  });
}

Deno.test("ForeignReader: a connection that was refused, one without an answer, and ports that are used again", () => {
  const whole = conversation(TURNS);
  const syn = whole[0];
  const again = conversation([[true, utf8.encode("again")]], { first: [77_000, 99_000], at: T0 + 1000 });
  const { connections } = readAll(
    "pcap",
    rawOf([
      syn,
      { ...whole[1], flags: RST | ACK },
      { ...syn, seq: 2000 },
      ...whole.map((one) => ({ ...one, seq: one.seq + 900_000, ack: one.ack + 900_000 })),
      ...again.slice(0, -3),
      { ...syn, seq: 1 },
    ]),
  );
  assert.deepEqual(connections.map(({ end }) => end), [
    "failed refused",
    "failed timeout",
    "client end",
    "monitor unseen",
    "failed timeout",
  ]);
  assert.deepEqual(connections.map(({ upstream }) => upstream), ["", "", UP, "again", ""]);
});

Deno.test("ForeignReader: fragments of both IP versions, in any order, over each other", () => {
  const next = random(7);
  for (const wide of [false, true]) {
    const frames: Frame[] = [];
    for (const [number, made] of conversation(TURNS, { size: 200 }).entries()) {
      const packet = ipPacket(made, { ...ENDS, wide });
      const payload = packet.subarray(wide ? 40 : 20);
      const parts: Frame[] = [];
      for (let from = 0; from < payload.length; from += 32) {
        const to = Math.min(payload.length, from + (next() < 0.5 ? 32 : 48));
        const more = to < payload.length;
        const part = payload.subarray(from, to);
        const field = bytes(8, (view) => {
          view.setUint8(0, 6);
          view.setUint16(2, from | (more ? 1 : 0));
          view.setUint32(4, number + 1);
        });
        const bytesOf = wide
          ? ip(part, true, made.up, 6, concat(Uint8Array.of(44), field))
          : ip(part, false, made.up, 6);
        if (!wide) {
          const view = new DataView(bytesOf.buffer);
          view.setUint16(4, number + 1);
          view.setUint16(6, (from >> 3) | (more ? 0x2000 : 0));
        }
        parts.push({ at: made.at, bytes: bytesOf });
        if (!more) break;
      }
      parts.sort(() => next() - 0.5);
      frames.push(...parts);
    }
    const { connections, notes } = readAll("pcap", pcap(101, frames));
    assert.deepEqual([connections[0].upstream, connections[0].downstream, notes], [UP, DOWN, []]);
    const cut = readAll("pcap", pcap(101, frames.slice(0, -1)));
    assert.deepEqual(cut.connections[0].upstream, UP);
  }
});

Deno.test("ForeignReader: extension headers of IPv6", () => {
  const extensions = Uint8Array.of(0, 60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0);
  const frames = conversation(TURNS).map((made) => ({
    at: made.at,
    bytes: ipPacket(made, { ...ENDS, wide: true }, extensions),
  }));
  assert.equal(readAll("pcap", pcap(101, frames)).connections[0].downstream, DOWN);
});

Deno.test("ForeignReader: packets that are cut short are gaps, headers that are cut are counted", () => {
  const frames = conversation(TURNS).map((made): Frame => {
    const whole = ipPacket(made, ENDS);
    return { at: made.at, bytes: whole.subarray(0, 100), original: whole.length };
  });
  const { connections } = readAll("pcap", pcap(101, frames));
  assert.match(connections[0].upstream, /^GET \/first a+«40»a+«40»a+«40»a+GET \/second c+«2»$/);
  const tiny = frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, 30) }));
  assert.deepEqual(readAll("pcap", pcap(101, tiny)).notes, [
    `${frames.length} packets that are cut off in their headers were passed over`,
  ]);
});

Deno.test("ForeignReader: says what it passed over", () => {
  const udp = ip(new Uint8Array(8), false, true, 17);
  const frames = [...Array(1204)].map((_, i) => ({ at: T0 + i, bytes: udp }));
  const arp = { at: T0, bytes: concat(new Uint8Array(12), Uint8Array.of(8, 6), new Uint8Array(28)) };
  const file = concat(
    section([101, 1, 201], true),
    ...frames.map((frame) => packetBlock(6, 0, frame, true)),
    packetBlock(6, 1, arp, true),
    packetBlock(6, 2, arp, true),
    packetBlock(6, 2, arp, true),
  );
  assert.deepEqual(readAll("pcapng", file).notes, [
    "1,204 packets of UDP were passed over",
    "2 packets of Bluetooth were passed over",
    "1 packet of ARP was passed over",
  ]);
});

Deno.test("ForeignReader: a file that grows, at any place", () => {
  const file = rawOf(conversation(TURNS));
  const whole = readAll("pcap", file);
  const every = readAll("pcap", file, [...file.keys(), file.length]);
  assert.deepEqual(every, whole);
});

Deno.test("ForeignReader: a file that is cut off anywhere shows what is whole, and says so", () => {
  const frames = conversation(TURNS.slice(0, 2)).map((made) => ({
    at: made.at,
    bytes: ipPacket(made, ENDS),
  }));
  const ng = concat(section([101], true), ...frames.map((frame) => packetBlock(6, 0, frame, true)));
  for (const [kind, file] of [["pcap", pcap(101, frames)], ["pcapng", ng]] as const) {
    for (let length = 0; length < file.length; length++) {
      const { connections, notes } = readAll(kind, file.slice(0, length));
      for (const { upstream, downstream } of connections) {
        assert.ok(UP.startsWith(upstream.replace(/«\d+»$/, "")), upstream);
        assert.ok(DOWN.startsWith(downstream.replace(/«\d+»$/, "")), downstream);
      }
      if (length > 0) assert.ok(notes.length <= 1);
    }
    assert.match(
      readAll(kind, file.slice(0, -1)).notes[0],
      /The file ends within a packet: its last \d+ bytes/,
    );
  }
});

Deno.test("ForeignReader: damaged bytes anywhere end in no error", () => {
  const seed = Date.now() % 1e6;
  const next = random(seed);
  const frames = conversation(TURNS).map((made) => ({
    at: made.at,
    bytes: LINKS["a VLAN"].wrap(ipPacket(made, ENDS), false),
  }));
  const ng = concat(section([1], true), ...frames.map((frame) => packetBlock(6, 0, frame, true)));
  let damaged = 0;
  for (const [kind, file] of [["pcap", pcap(1, frames)], ["pcapng", ng]] as const) {
    for (let round = 0; round < 1500; round++) {
      const broken = file.slice();
      const flips = 1 + Math.floor(next() * 4);
      for (let i = 0; i < flips; i++) broken[Math.floor(next() * file.length)] = Math.floor(next() * 256);
      try {
        const { notes, connections } = readAll(kind, broken);
        damaged += notes.some((note) => note.includes("damaged at byte")) ? 1 : 0;
        for (const { upstream, downstream } of connections) {
          assert.ok(upstream.length + downstream.length < 1e6);
        }
      } catch (error) {
        throw new Error(`seed ${seed}, ${kind}, round ${round}: ${error}`, { cause: error });
      }
    }
  }
  assert.ok(damaged > 100, `${damaged}`);
});

Deno.test("ForeignReader: segments dropped, doubled, cut, laid over each other and shuffled", () => {
  const seed = Date.now() % 1e6;
  const next = random(seed);
  for (let round = 0; round < 300; round++) {
    const turns: Turn[] = [];
    for (let turn = 0; turn < 6; turn++) {
      turns.push([
        turn % 2 === 0,
        Uint8Array.from({ length: 1 + Math.floor(next() * 900) }, () => Math.floor(next() * 128)),
      ]);
    }
    const first = [Math.floor(next() * 2 ** 32), Math.floor(next() * 2 ** 32)] as const;
    const sent = conversation(turns, { size: 1 + Math.floor(next() * 200), first });
    // In disorder by a few places, with doubles that begin elsewhere; nothing is lost.
    const made = sent.flatMap((one, i) => {
      const moved = [{ one, place: i + (i < 3 ? 0 : next() * 8) }];
      if (one.data.length > 1 && next() < 0.3) {
        const from = Math.floor(next() * one.data.length);
        moved.push({
          one: { ...one, seq: one.seq + from, data: one.data.subarray(from) },
          place: i + 3 + next() * 6,
        });
      }
      return moved;
    }).sort((a, b) => a.place - b.place).map(({ one }) => one);
    const { connections: [whole] } = readAll("pcap", rawOf(made));
    for (const up of [true, false]) {
      const want = concat(...turns.filter(([side]) => side === up).map(([, data]) => data));
      const got = whole.bytes[up ? "upstream" : "downstream"];
      assert.deepEqual(got, want, `seed ${seed}, round ${round}, ${up ? "upstream" : "downstream"}`);
    }
    assert.equal(whole.turns, "^v^v^v", `seed ${seed}, round ${round}`);
    assert.equal(whole.remarks, "");
    // With some lost: what is there keeps its place.
    const { connections: [lossy] } = readAll("pcap", rawOf(sent.filter((_, i) => i < 3 || next() > 0.1)));
    for (const up of [true, false] as const) {
      const want = new TextDecoder("latin1").decode(
        concat(...turns.filter(([side]) => side === up).map(([, data]) => data)),
      );
      const got = up ? lossy.upstream : lossy.downstream;
      let at = 0;
      for (const part of got.split(/(«\d+»)/)) {
        const gap = /^«(\d+)»$/.exec(part);
        if (gap) at += Number(gap[1]);
        else {
          assert.equal(part, want.slice(at, at + part.length), `seed ${seed}, round ${round}, lossy`);
          at += part.length;
        }
      }
    }
  }
});

Deno.test("ForeignReader: what has been captured of one side only", () => {
  const { connections: [one] } = readAll("pcap", rawOf(conversation(TURNS).filter(({ up }) => up)));
  assert.equal(one.upstream, UP);
  assert.match(one.downstream, /^(«\d+»)+$/);
  const missing = [...one.downstream.matchAll(/«(\d+)»/g)].reduce(
    (sum, [, length]) => sum + Number(length),
    0,
  );
  // The end of the stream was acknowledged as a byte is, and there is nothing that would tell.
  assert.equal(missing, DOWN.length + 1);
});

Deno.test("ForeignReader: a stream beyond 4 GiB keeps its offsets", () => {
  // Of each GiB the capture has the first and the last byte; what is between was acknowledged.
  const frames: Made[] = conversation([]).slice(0, 3);
  const GIB = 2 ** 30;
  let at = T0 + 10;
  for (let place = 0; place < 5 * GIB; place += GIB / 2) {
    frames.push({
      at: at += 2000,
      up: true,
      seq: 1001 + place,
      ack: 5001,
      flags: ACK,
      data: utf8.encode("x"),
    });
    frames.push({ at: at += 2000, up: false, seq: 5001, ack: 1002 + place, flags: ACK, data: NOTHING });
  }
  frames.push({
    at: at + 1,
    up: true,
    seq: 1001 + 5 * GIB - GIB / 2 + 1,
    ack: 5001,
    flags: FIN | ACK,
    data: NOTHING,
  });
  const { records } = readAll("pcap", rawOf(frames));
  const closed = records.find(({ kind }) => kind === "closed");
  assert.ok(closed?.kind === "closed");
  assert.equal(closed.upstreamBytes, 4.5 * GIB + 1);
});

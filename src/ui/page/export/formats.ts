// What can be exported, with what each is for. Pure.

import type { ExportFormat } from "../../types.ts";

/** One choice of the dialog. */
export interface Format {
  readonly id: ExportFormat;
  readonly name: string;
  /** One line on what it is for. */
  readonly says: string;
  readonly extension: string;
  /** Whether bodies can be left out of it. */
  readonly leavesBodies?: true;
}

/** In the order of the dialog; the first is chosen unless another one was. */
export const FORMATS: readonly Format[] = [
  {
    id: "har",
    name: "HAR",
    says: "HTTP Archive 1.2, for browsers’ developer tools and other proxies. HTTP only.",
    extension: "har",
    leavesBodies: true,
  },
  {
    id: "html",
    name: "Report",
    says: "One page of HTML to attach to a ticket: it needs neither a network nor tcpmon.",
    extension: "html",
  },
  {
    id: "pcapng",
    name: "pcapng",
    says: "Packets, for Wireshark, tshark and tcpmon itself. Every protocol.",
    extension: "pcapng",
  },
  {
    id: "ndjson",
    name: "NDJSON",
    says: "A line of JSON for each exchange, for jq and scripts. Every protocol.",
    extension: "ndjson",
    leavesBodies: true,
  },
  {
    id: "curl",
    name: "curl",
    says: "A shell script with a command for each HTTP request, to ask the same again.",
    extension: "sh",
  },
  {
    id: "raw",
    name: "Raw bytes",
    says: "A ZIP file with the bytes of each message in a file of its own.",
    extension: "zip",
  },
];

/** The format with this id; the first for another one. */
export function formatOf(id: string | null): Format {
  return FORMATS.find((format) => format.id === id) ?? FORMATS[0];
}

// What `tcpmon --help` prints. Text only; what the options mean is decided in options.ts.

/** The help, grouped, with examples; ends with a line end. */
export const HELP =
  `tcpmon stands between clients and servers: it forwards every byte, records it, and shows it live in the
browser.

Usage
  tcpmon                                    the page alone; add listeners there
  tcpmon LISTEN-PORT [TARGET-HOST TARGET-PORT]
  tcpmon -l [HOST:]PORT [-t HOST:PORT] [options of that listener] [-l …]
  tcpmon open FILE…                         captures, to be read; nothing is recorded
  tcpmon search QUERY FILE…                 find exchanges in captures, without a page
  tcpmon tail FILE…                         print what is in captures, and what comes
  tcpmon tail -l [HOST:]PORT -t HOST:PORT … listen, and print what comes rather than open the page
  tcpmon export FILE… -o NAME.har           write captures as other programs read them
  tcpmon ca                                 the authority that TLS clients must trust, and how they do
  tcpmon help [COMMAND]                     this, or what there is to say of open, search, tail, export or ca

Listeners (what follows a --listen belongs to it)
  -l, --listen [HOST:]PORT   where to listen; HOST is 127.0.0.1 unless given, 0.0.0.0 is every address
                             of this machine, IPv6 stands in brackets, port 0 takes any free port
  -t, --target HOST:PORT     where to forward; without it the listener is a forward HTTP proxy;
                             https://HOST[:PORT] and tls://HOST:PORT are spoken to within TLS
      --name TEXT            a name of your own for it
      --host-header HOW      rewrite: the Host field of requests becomes the target's name; keep: it stays;
                             unless given, rewrite where the target is a DNS name other than localhost
      --via PROXY            reach the target through this HTTP proxy, http://[USER[:PASSWORD]@]HOST:PORT,
                             or "environment" for the one that the environment names; http:// may be left
                             out; a password that is left out is that of the variable TCPMON_PROXY_PASSWORD
      --slow LIMITS          a slow link, each way: 64kB/s, or rate=64kB/s,latency=200ms,jitter=50ms, or
                             Apache TCPMon's bytes=100,pause=50ms; kbit/s and Mbit/s are understood too
      --slow-up LIMITS       the same from client to target only
      --slow-down LIMITS     the same from target to client only
      --config FILE          the listeners that FILE names, too (JSON)
      --config-schema        print the JSON Schema of FILE

TLS of a listener (files are PEM; a key may be in the file of its certificate)
      --target-ca FILE       trust the authorities in FILE, besides those of the system
      --insecure             accept any certificate of this listener's targets
      --target-cert FILE     the certificate for a target that asks for one …
      --target-key FILE      … and its private key
      --listen-tls           end TLS that clients begin, at the first byte, after CONNECT or after STARTTLS,
                             and show what is inside; plain clients are served too; clients must trust
                             tcpmon's own authority, or what --cert gives them
      --cert FILE            show clients this certificate, with its chain, instead of one of that authority …
      --key FILE             … and its private key: PEM, or PKCS#12 with both; what is encrypted takes the
                             password of the variable TCPMON_KEY_PASSWORD
      --ask-client-cert      ask clients for a certificate, and record it; it is not checked
      --passthrough NAME     leave TLS to NAME as it is, such as api.example.org or *.example.org; again for
                             more names

Page
      --ui [HOST:]PORT       the page's address; 127.0.0.1:4040 unless given, and then the next free
                             port if that one is taken; only loopback addresses
      --no-open              do not open the browser

Record and output
      --capture FILE         keep the capture in FILE (pcapng); an existing one is opened and continued
      --keep LIMIT           keep so much of the capture: 500MB or 2GiB, 90min or 7d, or 100000 exchanges
                             (once each); the oldest goes first; without a size, a quarter of what is free
      --capture-limit SIZE   record the first SIZE (64kB) of each direction of a connection; all of it is
                             relayed
      --keylog FILE          decrypt TLS that passes through with the secrets that its client writes to FILE
                             (SSLKEYLOGFILE); FILE may come later, and those secrets go into the capture
      --json                 one JSON object a line on stdout; everything meant for people goes to stderr
      --json-bodies          the same, and each exchange has its heads and bodies (base64 where no text)

About
      --version              print the version
  -h, --help                 print this

Examples
  tcpmon -l 8081 -t localhost:80            then send requests to http://localhost:8081
  tcpmon 8081 localhost 80                  the same, in Apache TCPMon's own order
  tcpmon -l 8081 -t shop.example.org:80 -l 5433 -t db:5432
                                            two listeners, a tab each
  tcpmon -l [::1]:8081 -t [2001:db8::7]:80  over IPv6
  tcpmon -l 8081 -t localhost:80 --slow rate=1Mbit/s,latency=80ms
                                            the same over a slow link
  tcpmon -l 8081 -t https://api.example.org
                                            speak plainly to localhost:8081, and TLS goes to the target
  tcpmon -l 8443 -t https://api.example.org --listen-tls
                                            clients speak TLS too
  tcpmon -l 8080                            a forward HTTP proxy: curl -x localhost:8080 …
  tcpmon -l 0 -t localhost:80 --json --no-open --capture today.pcapng
                                            for scripts: the first line says which port it took

Exit status: 0 after Ctrl+C or SIGTERM, 1 when it could not start, 2 for a wrong command line or
configuration.
`;

/** What `tcpmon open --help` prints. */
export const OPEN_HELP = `tcpmon open: shows captures in the browser, and writes to none of them.

Usage
  tcpmon open FILE… [--ui [HOST:]PORT] [--no-open]

FILE is a capture of tcpmon, with its older files beside it, any pcapng or pcap, such as tcpdump, dumpcap and
Wireshark write, or a HAR file, as browsers save it. One that is still being written is followed. A capture of tcpmon
that has its index beside it, in the folder FILE.index, is there at once. "-" is what is piped in, which shows as it
comes, also compressed with gzip:
  ssh HOST tcpdump -U -w - 'tcp port 80' | tcpmon open -
      --ui [HOST:]PORT   the page's address; 127.0.0.1:4040 unless given, and then the next free port if that one is
                         taken
      --no-open          do not open the browser

Exit status: 0 after Ctrl+C or SIGTERM, 1 when a file cannot be opened or the page not be shown, 2 for a wrong command
line.
`;

/** What `tcpmon ca --help` prints. */
export const CA_HELP =
  `tcpmon ca: the authority of this machine's own that issues the certificates which TLS clients are shown.
It is made when it is first needed, and what it issues is believed by those who were told to trust it.

Usage
  tcpmon ca                       what it is, where it lies, and the lines that make programs trust it, or stop
  tcpmon ca trust [PROGRAM …]     those lines alone, for all or for these: debian, fedora, arch, macos, windows,
                                  firefox, chromium, curl, node, python, java, deno, dotnet, openssl
  tcpmon ca export [FILE]         its certificate, for another machine: PEM, or DER where FILE ends in .der or
                                  .cer; on the standard output without FILE
  tcpmon ca create [--only NAME]  make it now; with --only (which may be repeated), it can issue for NAME and all
                                  below it, or for a network such as 10.0.0.0/8, and for this machine's own names
  tcpmon ca remove                remove it and its key, and say how programs stop trusting it

Its key lies in a folder for you alone, and nothing but certificates ever leaves it: on Linux in
~/.local/share/tcpmon/ca, or where XDG_DATA_HOME says; on macOS in ~/Library/Application Support/tcpmon/ca; on
Windows in %LOCALAPPDATA%\\tcpmon\\ca; elsewhere if the variable TCPMON_CA names another folder.
`;

/** What `tcpmon search --help` prints, and those of tail and export. */
export const FILES_HELP =
  `tcpmon search, tail, export: captures without a page. FILE is what --capture keeps, or a pcapng, pcap or HAR file of
another program; nothing is written to it. QUERY is what the page's filter box takes: see docs/search.md.
FILE may be "-", the standard input, of which search and export read all.

Usage
  tcpmon search QUERY FILE…        the exchanges for which QUERY holds, a line each, oldest first
      --heads, --bodies            with the heads of both messages, and with their bodies, formatted
      --json                       as JSON, an object a line
  -c, --count                      only how many there are

  tcpmon tail FILE…                the latest exchanges, and those that come while it is recorded to, until Ctrl+C
  tcpmon tail -l PORT -t HOST:PORT …   listen as without "tail", and print what comes rather than open the page
  -f, --filter QUERY               only those for which QUERY holds
  -n, --last NUMBER                begin with so many, 10 unless given, or "all"
      --heads, --bodies            as above

  tcpmon export FILE…              all exchanges, on the standard output unless --output names a file
      --format FORMAT              ndjson, har, pcapng, html, curl, or raw (a ZIP of the exact messages); unless
                                   given, as the name of the output ends
  -o, --output NAME                write to NAME, which must not be there yet …
      --force                      … or is replaced
  -f, --filter QUERY               only those for which QUERY holds
      --redact RULE                mask values: secrets, or header:NAME, cookie:NAME, query:NAME, json:NAME,
                                   xml:NAME; may be given again; see docs/redact.md
      --no-bodies                  without bodies (ndjson, har)
      --whole-connections          all of the connections that they went over (pcapng)

What is printed for people has colours on a terminal, unless the variable NO_COLOR is set.

Examples
  tcpmon search 'status:>=500 body:"tracking"' today.pcapng
  tcpmon tail today.pcapng --filter path:/orders --bodies
  tcpmon export today.pcapng --filter is:resent --redact secrets -o ticket.html

Exit status: 0 when something was found, 1 when nothing was (search), 2 for a wrong command line, or where a capture
cannot be read or an export not be written; 130 after Ctrl+C, unless it is tail.
`;

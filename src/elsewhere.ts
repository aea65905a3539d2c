// Names that other programs give to what is done here, for whoever types them from habit: those that mean the same to
// nearly all. Words only; what is made of them is decided where command lines are read.

/** Options, by what others call them, with one dash and a letter or with two and a word. */
export const OPTIONS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  // mitmproxy, http-server, ssh and many more
  ...named("listen", "p", "port", "listen-port", "listen-host", "local-port", "bind"),
  ...named("target", "upstream", "backend", "forward", "forward-to", "remote", "target-host", "target-port"),
  // curl
  ...named("via", "proxy", "upstream-proxy"),
  ...named("insecure", "k"),
  ...named("target-ca", "cacert"),
  // tcpdump, dumpcap and mitmdump
  ...named("capture", "o", "out", "output", "w", "write"),
  ...named("slow", "latency", "delay", "bandwidth", "throttle"),
  ...named("no-open", "no-browser"),
  ...named("ui", "ui-port", "web-port"),
]);

/** Options that are two here, with what to write for them. */
export const OPTIONS_DIVIDED: ReadonlyMap<string, string> = new Map(
  named("--listen HOST:PORT, or --target HOST:PORT", "host", "hostname", "address"),
);

/** First words, by what others call the command; "" for what is done without one. */
export const COMMANDS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...named("", "start", "run", "serve"),
  ...named("open", "view", "read"),
  ...named("search", "find", "grep"),
]);

function named(here: string, ...elsewhere: readonly string[]): (readonly [string, string])[] {
  return elsewhere.map((name) => [name, here]);
}

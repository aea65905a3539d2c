// The options of curl as far as they matter to a request (curl 8, `man curl`): which take a value, and what becomes of
// them. Data only.

/** What becomes of an option that is not used: nothing, a note in words, or a refusal in words. */
export type Fate =
  | { readonly kind: "silent" | "value" }
  | { readonly kind: "note" | "noted value" | "refused"; readonly words: string };

/** Options that make the request; the value tells whether they take one. */
export const USED: Readonly<Record<string, boolean>> = {
  request: true,
  header: true,
  data: true,
  "data-ascii": true,
  "data-raw": true,
  "data-binary": true,
  "data-urlencode": true,
  json: true,
  form: true,
  "form-string": true,
  url: true,
  "url-query": true,
  user: true,
  "oauth2-bearer": true,
  "user-agent": true,
  referer: true,
  cookie: true,
  range: true,
  "request-target": true,
  get: false,
  head: false,
  compressed: false,
  "http1.0": false,
  "path-as-is": false,
  globoff: false,
  insecure: false,
};

const NO_FILES = "the page has no files; paste what is in it instead";
const NO_TLS = "is for TLS and not used";

function each<F extends Fate>(names: string, fate: F): [string, F][] {
  return names.split(" ").map((name) => [name, fate]);
}

/** All others that are known, by their long name. */
export const OTHERS: ReadonlyMap<string, Fate> = new Map<string, Fate>([
  ...each(
    "silent show-error include verbose fail fail-with-body fail-early no-buffer progress-bar progress-meter " +
      "no-progress-meter proxy-insecure remote-name remote-name-all remote-header-name remote-time raw disable http1.1 " +
      "tcp-nodelay tcp-fastopen keepalive no-keepalive ipv4 ipv6 styled-output no-styled-output basic " +
      "junk-session-cookies parallel parallel-immediate create-dirs no-clobber remove-on-error xattr " +
      "trace-time retry-connrefused retry-all-errors no-sessionid no-alpn no-npn suppress-connect-headers " +
      "ignore-content-length post301 post302 post303 append use-ascii",
    { kind: "silent" },
  ),
  ...each(
    "output output-dir write-out max-time connect-timeout dump-header cookie-jar retry retry-delay " +
      "retry-max-time limit-rate rate speed-limit speed-time trace trace-ascii stderr keepalive-time max-redirs " +
      "max-filesize happy-eyeballs-timeout-ms expect100-timeout parallel-max hsts alt-svc proto proto-redir " +
      "proto-default dns-servers dns-interface local-port proxy-user noproxy proxy-header create-file-mode",
    { kind: "value" },
  ),
  ...each("location location-trusted", { kind: "note", words: "redirects are not followed" }),
  ...each("http2 http2-prior-knowledge http3 http3-only http0.9", {
    kind: "note",
    words: "it is sent as HTTP/1.1",
  }),
  ...each("digest ntlm negotiate anyauth", {
    kind: "note",
    words: "only Basic credentials can be sent, so none are",
  }),
  ...each("netrc netrc-optional", { kind: "note", words: "credentials of a .netrc are not used" }),
  ...each("proxytunnel tr-encoding haproxy-protocol ssl ssl-reqd", {
    kind: "note",
    words: "an option that changes how it is sent is not used",
  }),
  ...each("tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 sslv2 sslv3 ssl-no-revoke false-start cert-status", {
    kind: "silent",
  }),
  ...each("proxy proxy1.0 preproxy socks4 socks4a socks5 socks5-hostname", {
    kind: "noted value",
    words: "it is sent straight to the target, not through the proxy",
  }),
  ...each("resolve connect-to", {
    kind: "noted value",
    words: "the name is looked up as usual; change the target to send it elsewhere",
  }),
  ...each("interface doh-url", { kind: "noted value", words: "it is sent the usual way" }),
  ...each("time-cond", { kind: "noted value", words: "If-Modified-Since is not sent" }),
  ...each(
    "cert cert-type key key-type cacert capath ciphers tls13-ciphers tls-max curves pass pinnedpubkey crlfile engine " +
      "proxy-cacert proxy-cert proxy-key",
    { kind: "noted value", words: `a certificate or another setting ${NO_TLS}` },
  ),
  ...each("upload-file config netrc-file", { kind: "refused", words: NO_FILES }),
  ...each("unix-socket abstract-unix-socket", { kind: "refused", words: "only TCP targets can be reached" }),
  ...each("next", { kind: "refused", words: "one request is read at a time; paste it alone" }),
  ...each("aws-sigv4", { kind: "refused", words: "it signs the request; paste the signed headers instead" }),
  ...each("continue-at quote telnet-option", { kind: "refused", words: "it is for other uses of curl" }),
]);

/** Long names of one-letter options. */
export const SHORT: Readonly<Record<string, string>> = {
  "0": "http1.0",
  "1": "tlsv1",
  "2": "sslv2",
  "3": "sslv3",
  "4": "ipv4",
  "6": "ipv6",
  "#": "progress-bar",
  ":": "next",
  A: "user-agent",
  b: "cookie",
  B: "use-ascii",
  a: "append",
  c: "cookie-jar",
  C: "continue-at",
  d: "data",
  D: "dump-header",
  e: "referer",
  E: "cert",
  f: "fail",
  F: "form",
  g: "globoff",
  G: "get",
  H: "header",
  i: "include",
  I: "head",
  j: "junk-session-cookies",
  J: "remote-header-name",
  k: "insecure",
  K: "config",
  L: "location",
  m: "max-time",
  n: "netrc",
  N: "no-buffer",
  o: "output",
  O: "remote-name",
  p: "proxytunnel",
  q: "disable",
  Q: "quote",
  r: "range",
  R: "remote-time",
  s: "silent",
  S: "show-error",
  t: "telnet-option",
  T: "upload-file",
  u: "user",
  U: "proxy-user",
  v: "verbose",
  w: "write-out",
  x: "proxy",
  X: "request",
  y: "speed-time",
  Y: "speed-limit",
  z: "time-cond",
  Z: "parallel",
};

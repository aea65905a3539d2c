// What clients and servers say until they go over to TLS, or do not: for the tests of the watchers, and of the relay.

/**
 * What one side says: "c" the client, "s" the server in the clear; "C" and "S" what stands behind the place of TLS. An
 * empty text parts what the other side says, because it waits for what the client has sent ahead.
 */
export type Said = readonly [by: "c" | "s" | "C" | "S", text: string];

/** What passes, and what is to come of it. Texts are ISO-8859-1, one character a byte. */
export interface Talk {
  readonly name: string;
  /** "SMTP STARTTLS" where TLS begins, or how the watch ends otherwise. */
  readonly comes: string;
  readonly says: readonly Said[];
}

const HELLO = "\x16\x03\x01\x00\x05hello";
const SSL_REQUEST = "\0\0\0\x08\x04\xd2\x16\x2f";
const GSS_REQUEST = "\0\0\0\x08\x04\xd2\x16\x30";
const TLS_NAMESPACE = "urn:ietf:params:xml:ns:xmpp-tls";
const STREAM = "<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' version='1.0'>";
const FEATURES =
  `<stream:features><starttls xmlns='${TLS_NAMESPACE}'><required/></starttls><a b="/>"/></stream:features>`;

/** An LDAPMessage of number `id`, BER (RFC 4511, 4.1.1). */
function ldap(id: number, operation: number, content: string, longLength = false): string {
  const within = `\x02\x01${byte(id)}${byte(operation)}${byte(content.length)}${content}`;
  return longLength
    ? `\x30\x84\0\0${byte(within.length >> 8)}${byte(within.length & 255)}${within}`
    : `\x30${byte(within.length)}${within}`;
}

function byte(value: number): string {
  return String.fromCharCode(value);
}

const START_TLS = "\x80\x161.3.6.1.4.1.1466.20037";
const SUCCESS = "\x0a\x01\x00\x04\x00\x04\x00";
const UNAVAILABLE = "\x0a\x01\x34\x04\x00\x04\x00";

/** A packet of MySQL. */
function packet(number: number, content: string): string {
  return `${byte(content.length)}\0\0${byte(number)}${content}`;
}

/** A greeting of MySQL, with CLIENT_SSL among its capabilities or not. */
export function mysqlGreeting(withTls: boolean): string {
  const capabilities = withTls ? "\xff\xff" : "\xff\xf7";
  return packet(
    0,
    `\x0a8.0.36\x00\x01\x00\x00\x0012345678\x00${capabilities}\x21\x02\0\xff\xc1\x15${"\0".repeat(10)}a\0`,
  );
}

/** MySQL's request for TLS. */
export const MYSQL_REQUEST = packet(1, `\x85\xae\xff\x19\0\0\0\x01\x2d${"\0".repeat(23)}`);

/** The Talks. */
export const TALKS: readonly Talk[] = [
  {
    name: "SMTP",
    comes: "SMTP STARTTLS",
    says: [
      ["s", "220-mail.example.org\r\n220 ESMTP ready\r\n"],
      ["c", "EHLO client.example\r\n"],
      ["s", "250-mail.example.org\r\n250-PIPELINING\r\n250-STARTTLS\r\n250\r\n"],
      ["c", "starttls\r\n"],
      ["s", "220 2.0.0 Ready to start TLS\r\n"],
      ["C", HELLO],
      ["S", HELLO],
    ],
  },
  {
    name: "SMTP, with a mail that is not taken without TLS, and the question pipelined behind another",
    comes: "SMTP STARTTLS",
    says: [
      ["s", "220 ready\n"],
      ["c", "EHLO a\r\n"],
      ["s", "250 mail.example.org\r\n"],
      ["c", "MAIL FROM:<a@example.org>\r\n"],
      ["s", "530 5.7.0 Must issue a STARTTLS command first\r\n"],
      ["c", "NOOP\r\nSTARTTLS\r\n"],
      ["s", "250 OK\r\n220 go\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "SMTP, with commands sent ahead in the clear (CVE-2011-0411)",
    comes: "SMTP STARTTLS",
    says: [
      ["s", "220 ready\r\n"],
      ["c", "EHLO a\r\n"],
      ["s", "250 STARTTLS\r\n"],
      ["c", "STARTTLS\r\n"],
      ["C", "RSET\r\nMAIL FROM:<injected@example.org>\r\n"],
      ["s", "220 go\r\n"],
      ["S", "250 injected\r\n"],
    ],
  },
  {
    name: "SMTP, refused, and then asked again",
    comes: "SMTP STARTTLS",
    says: [
      ["s", "220 ready\r\n"],
      ["c", "EHLO a\r\n"],
      ["s", "250 STARTTLS\r\n"],
      ["c", "STARTTLS\r\nNOOP\r\n"],
      ["s", "454 TLS not available due to temporary reason\r\n"],
      ["c", ""],
      ["s", "250 OK\r\n"],
      ["c", "STARTTLS\r\n"],
      ["s", "220 now\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "SMTP, refused",
    comes: "open",
    says: [
      ["s", "220 ready\r\n"],
      ["c", "EHLO a\r\n"],
      ["s", "250 OK\r\n"],
      ["c", "STARTTLS\r\nQUIT\r\n"],
      ["s", "502 unknown\r\n"],
      ["c", ""],
      ["s", "221 bye\r\n"],
    ],
  },
  {
    name: "SMTP, a mail that speaks of STARTTLS",
    comes: "never",
    says: [
      ["s", "220 ready\r\n"],
      ["c", "EHLO a\r\n"],
      ["s", "250 OK\r\n"],
      ["c", "MAIL FROM:<a@b>\r\n"],
      ["s", "250 OK\r\n"],
      ["c", "RCPT TO:<a@b>\r\n"],
      ["s", "250 OK\r\n"],
      ["c", "DATA\r\n"],
      ["s", "354 go on\r\n"],
      ["c", "STARTTLS\r\n.\r\n"],
      ["s", "220 a bad server\r\n"],
    ],
  },
  {
    name: "SMTP, logged in without TLS",
    comes: "never",
    says: [
      ["s", "220 ready\r\n"],
      ["c", "EHLO a\r\n"],
      ["s", "250 AUTH PLAIN\r\n"],
      ["c", "AUTH PLAIN AGEAYg==\r\n"],
      ["s", "235 welcome\r\n"],
    ],
  },
  { name: "SMTP that is closed", comes: "never", says: [["s", "421 too busy\r\n"]] },
  {
    name: "SMTP that has no time",
    comes: "never",
    says: [["s", "220 ready\r\n"], ["s", "421 timeout\r\n"]],
  },
  {
    name: "FTP",
    comes: "FTP AUTH TLS",
    says: [
      ["s", "220-Welcome\r\n any text\r\n  331 even this\r\n220 ready\r\n"],
      ["c", "AUTH TLS\r\n"],
      ["s", "234 go\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "FTP with the older name, after FEAT",
    comes: "FTP AUTH SSL",
    says: [
      ["s", "220 ready\r\n"],
      ["c", "FEAT\r\n"],
      ["s", "211-Features:\r\n AUTH TLS\r\n234 no reply\r\n211 End\r\n"],
      ["c", "auth ssl\r\n"],
      ["s", "234 go\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "FTP, logged in",
    comes: "never",
    says: [
      ["s", "120 soon\r\n220 ready\r\n"],
      ["c", "AUTH TLS\r\n"],
      ["s", "530 no\r\n"],
      ["c", "USER a\r\n"],
      ["s", "331 password\r\n"],
      ["c", "PASS b\r\n"],
      ["s", "230 welcome\r\n"],
    ],
  },
  {
    name: "POP3",
    comes: "POP3 STLS",
    says: [
      ["s", "+OK ready\r\n"],
      ["c", "CAPA\r\n"],
      ["s", "+OK capabilities\r\nSTLS\r\n+OK\r\n-ERR\r\n.\r\n"],
      ["c", "STLS\r\n"],
      ["s", "+OK begin\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "POP3, with a password that looks like the question",
    comes: "never",
    says: [
      ["s", "+OK\r\n"],
      ["c", "AUTH PLAIN\r\n"],
      ["s", "+ \r\n"],
      ["c", "STLS\r\n"],
      ["s", "+OK welcome\r\n"],
    ],
  },
  {
    name: "POP3, refused",
    comes: "never",
    says: [
      ["s", "+OK\r\n"],
      ["c", "STLS\r\nUSER a\r\n"],
      ["s", "-ERR no\r\n"],
      ["c", ""],
      ["s", "+OK\r\n"],
      ["c", "PASS b\r\n"],
      ["s", "+OK in\r\n"],
    ],
  },
  {
    name: "IMAP",
    comes: "IMAP STARTTLS",
    says: [
      ["s", "* OK [CAPABILITY IMAP4rev2 STARTTLS] ready\r\n"],
      ["c", 'a1 ID ("name" "x")\r\n'],
      ["s", '* ID ("name" {6}\r\na2 OK \r\n"v" "1")\r\na1 OK\r\n'],
      ["c", "a2 STARTTLS\r\n"],
      ["s", "* BYE just words\r\na2 OK begin\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "IMAP, with literals that look like the question",
    comes: "IMAP STARTTLS",
    says: [
      ["s", "* OK\r\n"],
      ["c", "a LOGIN {10}\r\n"],
      ["s", "+ go\r\n"],
      ["c", "x STARTTLS {13+}\r\nb STARTTLS\r\n\0\r\n"],
      ["s", "a NO\r\n"],
      ["c", "c AUTHENTICATE PLAIN\r\n"],
      ["s", "+ \r\n"],
      ["c", "d STARTTLS\r\n"],
      ["s", "c NO\r\n"],
      ["c", "e LOGIN {999999999}\r\n"],
      ["s", "e NO too long\r\n"],
      ["c", "f starttls\r\n"],
      ["s", "f ok\r\n"],
      ["C", HELLO],
    ],
  },
  {
    name: "IMAP, refused",
    comes: "never",
    says: [
      ["s", "* OK\r\n"],
      ["c", "a STARTTLS\r\nb SELECT INBOX\r\n"],
      ["s", "a NO\r\n"],
    ],
  },
  { name: "IMAP, logged in from the beginning", comes: "never", says: [["s", "* PREAUTH\r\n"]] },
  {
    name: "LDAP",
    comes: "LDAP StartTLS",
    says: [
      ["c", ldap(1, 0x63, "x".repeat(90), true)],
      ["s", ldap(1, 0x64, "y".repeat(100)) + ldap(1, 0x65, SUCCESS)],
      ["c", ldap(2, 0x77, START_TLS)],
      ["s", ldap(1, 0x78, SUCCESS) + ldap(2, 0x78, SUCCESS, true)],
      ["C", HELLO],
    ],
  },
  {
    name: "LDAP, refused",
    comes: "never",
    says: [
      ["c", ldap(1, 0x77, START_TLS)],
      ["s", ldap(1, 0x78, UNAVAILABLE)],
      ["c", ldap(2, 0x60, "\x02\x01\x03")],
    ],
  },
  { name: "LDAP with another extended request", comes: "open", says: [["c", ldap(1, 0x77, "\x80\x011")]] },
  { name: "no LDAP", comes: "never", says: [["c", "\x30\x03\x01\x01\x01"]] },
  { name: "no BER", comes: "never", says: [["c", "\x30\xff"]] },
  {
    name: "XMPP",
    comes: "XMPP <starttls/>",
    says: [
      ["c", STREAM],
      ["s", `${STREAM}${FEATURES}`],
      ["c", `<starttls xmlns="${TLS_NAMESPACE}"/>`],
      ["s", `<proceed xmlns='${TLS_NAMESPACE}'/>`],
      ["C", HELLO],
    ],
  },
  {
    name: "XMPP with closing tags",
    comes: "XMPP <starttls/>",
    says: [
      ["c", STREAM],
      ["s", `${STREAM}\n${FEATURES}`],
      ["c", `\n<t:starttls xmlns:t = '${TLS_NAMESPACE}'></t:starttls>`],
      ["s", `<proceed xmlns='other'/><t:proceed xmlns:t='${TLS_NAMESPACE}'></t:proceed>`],
      ["C", HELLO],
    ],
  },
  {
    name: "XMPP, refused",
    comes: "never",
    says: [
      ["c", STREAM],
      ["c", `<starttls xmlns="${TLS_NAMESPACE}"/>`],
      ["s", `${STREAM}${FEATURES}<failure xmlns='${TLS_NAMESPACE}'/></stream:stream>`],
    ],
  },
  { name: "XMPP without", comes: "never", says: [["c", `${STREAM}<auth>STARTTLS</auth>`]] },
  { name: "XML that is no XMPP", comes: "never", says: [["c", "<soap:Envelope>"]] },
  { name: "XML with a DTD", comes: "never", says: [["c", "<!DOCTYPE a>"]] },
  {
    name: "PostgreSQL",
    comes: "PostgreSQL SSLRequest",
    says: [["c", SSL_REQUEST], ["s", "S"], ["C", HELLO], ["S", HELLO]],
  },
  {
    name: "PostgreSQL, which is first asked for GSSAPI",
    comes: "PostgreSQL SSLRequest",
    says: [["c", GSS_REQUEST], ["s", "N"], ["c", SSL_REQUEST], ["s", "S"], ["C", HELLO]],
  },
  {
    name: "PostgreSQL, with bytes sent ahead in the clear (CVE-2021-23222)",
    comes: "PostgreSQL SSLRequest",
    says: [["c", SSL_REQUEST], ["C", "\0\0\0\x09injected"], ["s", "S"], ["S", "Rinjected"]],
  },
  {
    name: "PostgreSQL, refused",
    comes: "never",
    says: [["c", `${SSL_REQUEST}\0\0\0\x29\0\x03\0\0user\0a\0`], ["s", "N"], ["s", "R"]],
  },
  { name: "PostgreSQL with GSSAPI", comes: "never", says: [["c", GSS_REQUEST], ["s", "G"]] },
  { name: "PostgreSQL that knows no such request", comes: "never", says: [["c", SSL_REQUEST], ["s", "E"]] },
  { name: "PostgreSQL in the clear", comes: "never", says: [["c", "\0\0\0\x29\0\x03\0\0user\0a\0"]] },
  {
    name: "MySQL",
    comes: "MySQL SSLRequest",
    says: [["s", mysqlGreeting(true)], ["c", MYSQL_REQUEST], ["C", HELLO], ["S", HELLO]],
  },
  { name: "MySQL without TLS", comes: "never", says: [["s", mysqlGreeting(false)]] },
  {
    name: "MySQL in the clear",
    comes: "never",
    says: [["s", mysqlGreeting(true)], ["c", packet(1, `\x85\xa6\xff\x19${"x".repeat(60)}`)]],
  },
  {
    name: "MySQL that takes no more connections",
    comes: "never",
    says: [["s", packet(0, "\xff\x10\x04Too many connections")]],
  },
  { name: "HTTP", comes: "never", says: [["c", "GET / HTTP/1.1\r\n\r\n"]] },
  { name: "TLS", comes: "never", says: [["c", HELLO]] },
  { name: "a server that greets otherwise", comes: "never", says: [["s", "SSH-2.0-OpenSSH_9.2\r\n"]] },
  {
    name: "a client that does not wait",
    comes: "never",
    says: [["c", "EHLO a\r\nSTARTTLS\r\n"], ["s", "220"]],
  },
  { name: "a server that is interrupted", comes: "never", says: [["s", "22"], ["c", "<stream/>"]] },
  {
    name: "a line without an end",
    comes: "never",
    says: [["s", "220 ready\r\n"], ["c", "x".repeat(10_000)], ["s", "200\r\n"]],
  },
  {
    name: "commands without an end",
    comes: "never",
    says: [["s", "220 ready\r\n"], ["c", "NOOP\r\n".repeat(11_000)]],
  },
];

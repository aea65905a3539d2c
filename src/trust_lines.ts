// The lines that make programs trust the monitor's own authority, and those that stop it: one text for `tcpmon ca`
// and for the page. Pure. Lines are commands, to be copied as they are; what needs a hand or an eye is said in `note`.
// It knows the certificate alone: the key has no part in any of this.

import type { AuthorityFacts } from "./model.ts";
import { shellWord } from "./shell_word.ts";

/** The system that tcpmon runs on. */
export type System = "linux" | "darwin" | "windows";

/** One kind of program or trust store. */
export interface TrustWay {
  /** What it is called on the command line: `tcpmon ca trust java`. */
  readonly id: string;
  readonly title: string;
  /** What is to be known before, in words; null where the lines say all. */
  readonly note: string | null;
  readonly trust: readonly string[];
  readonly stop: readonly string[];
}

/** What the lines are made from. */
export type Trusted = Pick<AuthorityFacts, "name" | "sha1" | "file">;

/** What the certificate is called where it was copied to, and in trust stores that name by file or alias. */
const COPY = "tcpmon-ca.crt";
const ALIAS = "tcpmon-ca";

/** All ways that are known, those of this system first; each line names the certificate's true path. */
export function trustWays(authority: Trusted, system: System): readonly TrustWay[] {
  const stores = [...linux(authority, system), macos(authority, system), windows(authority, system)];
  const own = stores.filter(({ id }) => OF_SYSTEM[system].includes(id));
  const others = stores.filter((way) => !own.includes(way));
  return [...own, ...browsers(authority, system), ...programs(authority, system), ...others];
}

/** The ids of all ways, for the command line. */
export const TRUST_IDS = [
  ...["debian", "fedora", "arch", "macos", "windows", "firefox", "chromium"],
  ...["curl", "node", "python", "java", "deno", "dotnet", "openssl"],
] as const;

const OF_SYSTEM: Readonly<Record<System, readonly string[]>> = {
  linux: ["debian", "fedora", "arch"],
  darwin: ["macos"],
  windows: ["windows"],
};

function linux({ file }: Trusted, system: System): TrustWay[] {
  const here = system === "linux";
  const path = here ? shellWord(file) : COPY;
  const note = here ? null : elsewhere("the Linux machine");
  const debian = `/usr/local/share/ca-certificates/${COPY}`;
  const arch = `/etc/ca-certificates/trust-source/anchors/${COPY}`;
  const fedora = `/etc/pki/ca-trust/source/anchors/${COPY}`;
  return [
    {
      id: "debian",
      title: "Debian, Ubuntu: the whole system",
      note,
      trust: [`sudo cp ${path} ${debian}`, "sudo update-ca-certificates"],
      stop: [`sudo rm ${debian}`, "sudo update-ca-certificates --fresh"],
    },
    {
      id: "fedora",
      title: "Fedora, RHEL: the whole system",
      note,
      trust: [`sudo cp ${path} ${fedora}`, "sudo update-ca-trust"],
      stop: [`sudo rm ${fedora}`, "sudo update-ca-trust"],
    },
    {
      id: "arch",
      title: "Arch Linux: the whole system",
      note,
      trust: [`sudo cp ${path} ${arch}`, "sudo update-ca-trust"],
      stop: [`sudo rm ${arch}`, "sudo update-ca-trust"],
    },
  ];
}

function macos({ file, sha1 }: Trusted, system: System): TrustWay {
  const here = system === "darwin";
  const keychain = "~/Library/Keychains/login.keychain-db";
  return {
    id: "macos",
    title: "macOS: Safari, Chrome, Edge, and what else uses your keychain",
    note: here ? "macOS asks for your password." : elsewhere("the Mac"),
    trust: [`security add-trusted-cert -r trustRoot -p ssl -k ${keychain} ${here ? shellWord(file) : COPY}`],
    stop: [`security delete-certificate -t -Z ${plain(sha1)} ${keychain}`],
  };
}

function windows({ file, sha1 }: Trusted, system: System): TrustWay {
  const here = system === "windows";
  return {
    id: "windows",
    title: "Windows: Edge, Chrome, .NET, and what else uses your certificate store",
    note: here ? "Windows shows the fingerprint and asks." : elsewhere("the Windows machine"),
    trust: [`certutil -user -addstore Root ${here ? `"${file}"` : COPY}`],
    stop: [`certutil -user -delstore Root ${plain(sha1)}`],
  };
}

function browsers({ name, file }: Trusted, system: System): TrustWay[] {
  const nickname = shellWord(name);
  const firefox =
    "for profile in ~/.mozilla/firefox/*.default* ~/snap/firefox/common/.mozilla/firefox/*.default*";
  const each = (line: string) => `${firefox}; do [ -d "$profile" ] && ${line}; done`;
  const byHand =
    "Or by hand: Settings, Privacy & Security, View Certificates, Authorities, Import or Delete.";
  const chromium = "sql:$HOME/.pki/nssdb";
  if (system !== "linux") {
    return [{
      id: "firefox",
      title: "Firefox",
      note: `It trusts what the system trusts: do that first, and start Firefox again. ` +
        `(about:config, security.enterprise_roots.enabled must be true.) ${byHand}`,
      trust: [],
      stop: [],
    }];
  }
  return [
    {
      id: "firefox",
      title: "Firefox",
      note: `certutil is in the package libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or nss (Arch). ` +
        `Start Firefox again afterwards. ${byHand}`,
      trust: [each(`certutil -d sql:"$profile" -A -t C,, -n ${nickname} -i ${shellWord(file)}`)],
      stop: [each(`certutil -d sql:"$profile" -D -n ${nickname}`)],
    },
    {
      id: "chromium",
      title: "Chromium, Chrome, Edge on Linux",
      note: "certutil is in the package libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or nss (Arch). " +
        "Start the browser again afterwards.",
      trust: [
        `mkdir -p "$HOME/.pki/nssdb" && { [ -f "$HOME/.pki/nssdb/cert9.db" ] || ` +
        `certutil -d ${chromium} -N --empty-password; }`,
        `certutil -d ${chromium} -A -t C,, -n ${nickname} -i ${shellWord(file)}`,
      ],
      stop: [`certutil -d ${chromium} -D -n ${nickname}`],
    },
  ];
}

function programs({ file }: Trusted, system: System): TrustWay[] {
  const path = system === "windows" ? `"${file}"` : shellWord(file);
  const set = (variables: Readonly<Record<string, string>>) =>
    system === "windows"
      ? Object.entries(variables).map(([key, value]) => `$env:${key} = '${value.replaceAll("'", "''")}'`)
      : [`export ${Object.entries(variables).map(([key, value]) => `${key}=${shellWord(value)}`).join(" ")}`];
  const unset = (...names: string[]) =>
    system === "windows" ? names.map((name) => `Remove-Item Env:${name}`) : [`unset ${names.join(" ")}`];
  // Where OpenSSL looks besides: with it, what else the system trusts stays trusted.
  const folder: Readonly<Record<string, string>> = system === "linux"
    ? { SSL_CERT_DIR: "/etc/ssl/certs" }
    : {};
  const openssl = { SSL_CERT_FILE: file, ...folder };
  const alone = "In place of the authorities that it trusts otherwise";
  // A company's own authorities are often named in the very same variables.
  const before = "Where a variable was set before, stop by setting it to that again.";
  return [
    {
      id: "curl",
      title: "curl",
      note: `${alone}, for one call (--cacert FILE) or for all that this terminal starts. ${before}` +
        (system === "windows"
          ? " The curl of Windows also wants --ssl-revoke-best-effort: there is no list of revoked ones."
          : ""),
      trust: set({ CURL_CA_BUNDLE: file }),
      stop: unset("CURL_CA_BUNDLE"),
    },
    {
      id: "node",
      title: "Node.js, npm, Electron, VS Code",
      note: `Besides the authorities that it has built in. ${before}`,
      trust: set({ NODE_EXTRA_CA_CERTS: file }),
      stop: unset("NODE_EXTRA_CA_CERTS"),
    },
    {
      id: "python",
      title: "Python: ssl, urllib, httpx; requests, pip",
      note: `${alone}${system === "linux" ? ", but ssl goes on to trust /etc/ssl/certs" : ""}. ${before}`,
      trust: set({ ...openssl, REQUESTS_CA_BUNDLE: file }),
      stop: unset(...Object.keys(openssl), "REQUESTS_CA_BUNDLE"),
    },
    {
      id: "java",
      title: "Java",
      note: "For all programs of the Java whose keytool this is; where it belongs to root, with sudo.",
      trust: [
        `keytool -importcert -cacerts -storepass changeit -noprompt -alias ${ALIAS} -file ${path}`,
      ],
      stop: [`keytool -delete -cacerts -storepass changeit -alias ${ALIAS}`],
    },
    {
      id: "deno",
      title: "Deno",
      note: `Besides the authorities that it has built in. ${before}`,
      trust: set({ DENO_CERT: file }),
      stop: unset("DENO_CERT"),
    },
    {
      id: "dotnet",
      title: ".NET",
      note: system === "linux"
        ? `On Linux it reads these variables; what else the system trusts stays trusted. ${before}`
        : "It trusts what the system trusts: do that.",
      trust: system === "linux" ? set(openssl) : [],
      stop: system === "linux" ? unset(...Object.keys(openssl)) : [],
    },
    {
      id: "openssl",
      title: "Go, Ruby, git, and what else uses OpenSSL's defaults",
      note: system === "linux"
        ? `git has a variable of its own. What else the system trusts stays trusted, but not by git. ${before}`
        : `${alone}. git has a variable of its own. Go does so on Linux only. ${before}`,
      trust: set({ ...openssl, GIT_SSL_CAINFO: file }),
      stop: unset(...Object.keys(openssl), "GIT_SSL_CAINFO"),
    },
  ];
}

function elsewhere(machine: string): string {
  return `First bring the certificate to ${machine}: tcpmon ca export ${COPY}`;
}

/** A fingerprint without its colons. */
function plain(fingerprint: string): string {
  return fingerprint.replaceAll(":", "");
}

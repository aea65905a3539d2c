// What some tests need beyond Deno, and where this machine has it: programs that are found in PATH.
// Run by itself it says which are missing, what is skipped for that, and the line that installs them.
// A test that needs one says `ignore: !tshark` and starts the program by this path.

/** Absolute path of a Chromium, or null. */
export const chromium = find("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

/** The same browser without its windows, in which a page takes half the time; where that is missing, `chromium`. */
export const windowless = find("chromium-headless-shell", "chrome-headless-shell") ?? chromium;

/** Absolute path of tshark, or null. */
export const tshark = find("tshark");

/** Absolute path of editcap, or null: a part of every Debian with tshark. */
export const editcap = find("editcap");

/** Absolute paths of dumpcap, mergecap and text2pcap, or null: with tshark in every Debian. */
export const dumpcap = find("dumpcap");
export const mergecap = find("mergecap");
export const text2pcap = find("text2pcap");

/** Absolute path of curl, or null. */
export const curl = find("curl");

/** Absolute path of a Redis server, or null. */
export const redis = find("redis-server");

/** Absolute path of an nginx, or null; Debian has it where only root looks. */
export const nginx = find("nginx") ?? (isFile("/usr/sbin/nginx") ? "/usr/sbin/nginx" : null);

/** Absolute path of tinyproxy and of Squid, two HTTP proxies, or null; Debian has Squid where only root looks. */
export const tinyproxy = find("tinyproxy");
export const squid = find("squid") ?? (isFile("/usr/sbin/squid") ? "/usr/sbin/squid" : null);

/** Absolute path of a Java that starts source files (17 or newer), or null. */
export const java = javaWithCompiler();

/** Absolute path of Java's keytool, or null: a part of every Java. */
export const keytool = find("keytool");

/** Absolute path of Node, or null: with npm what everything here needs. */
export const node = find("node");

/** Absolute path of a Python 3, or null. */
export const python = find("python3");

/** Debian's aiosmtpd, an SMTP server for its Python, or null. */
export const aiosmtpd = present("/usr/lib/python3/dist-packages/aiosmtpd/smtp.py");

/** Absolute path of PostgreSQL's server, beside which its other programs are, and of psql; or null. */
export const postgres = postgresServer();
export const psql = find("psql");

/** Absolute path of git, or null. */
export const git = find("git");

/** Absolute path of NSS's certutil, or null: what browsers on Linux trust. */
export const certutil = find("certutil");

/** Absolute path of what makes Debian's bundle of authorities, or null; Debian has it where only root looks. */
export const updateCaCertificates = find("update-ca-certificates") ??
  (isFile("/usr/sbin/update-ca-certificates") ? "/usr/sbin/update-ca-certificates" : null);

/** Absolute path of Info-ZIP's unzip, or null. */
export const unzip = find("unzip");

/** Absolute path of openssl, or null: a part of every Debian with curl. */
export const openssl = find("openssl");

/** Absolute path of `script`, which runs a program in a terminal of its own, or null: a part of every Debian. */
export const script = find("script");

/** Absolute path of the compiled program that the tests are to try as well, or null: TCPMON_BINARY, if it is there. */
export const binary = compiled();

function find(...names: string[]): string | null {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of names) {
      if (folder !== "" && isFile(`${folder}/${name}`)) return `${folder}/${name}`;
    }
  }
  return null;
}

/** Java starts source files only where its compiler's module is there, to which ct.sym belongs. Debian's JRE has it. */
function javaWithCompiler(): string | null {
  const path = find("java");
  if (path === null) return null;
  return isFile(Deno.realPathSync(path).replace(/bin\/[^/]+$/, "lib/ct.sym")) ? path : null;
}

function compiled(): string | null {
  const path = Deno.env.get("TCPMON_BINARY");
  if (path === undefined || path === "") return null;
  const absolute = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  if (!isFile(absolute)) {
    throw new Error(`Cannot test ${absolute}: no such file. Compile it, or unset TCPMON_BINARY.`);
  }
  return absolute;
}

function present(path: string): string | null {
  return isFile(path) ? path : null;
}

/** Debian keeps it in a folder for each version, out of PATH. */
function postgresServer(): string | null {
  const versions: string[] = [];
  try {
    for (const { name } of Deno.readDirSync("/usr/lib/postgresql")) versions.push(name);
  } catch {
    // There is none of Debian's.
  }
  const newest = versions.sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin/postgres`).find(isFile);
  return newest ?? find("postgres");
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const missing = [
    { path: chromium, name: "chromium", skipped: "the tests of the page in a browser" },
    { path: tshark, name: "tshark", skipped: "the tests that have tshark judge a capture" },
    { path: curl, name: "curl", skipped: "the tests that call through a listener with curl" },
    { path: redis, name: "redis-server", skipped: "the tests that talk to a Redis server" },
    { path: nginx, name: "nginx-light", skipped: "the tests with nginx as the server" },
    { path: tinyproxy, name: "tinyproxy-bin", skipped: "the tests that go through tinyproxy" },
    { path: squid, name: "squid", skipped: "the tests that go through Squid" },
    { path: aiosmtpd, name: "python3-aiosmtpd", skipped: "the tests with aiosmtpd as the SMTP server" },
    { path: postgres, name: "postgresql", skipped: "the tests with PostgreSQL as the server" },
    { path: certutil, name: "libnss3-tools", skipped: "the tests of what browsers trust" },
    { path: python, name: "python3", skipped: "the tests with Python programs as clients" },
    { path: unzip, name: "unzip", skipped: "the tests that have unzip judge an archive" },
    { path: java, name: "default-jre-headless", skipped: "the tests with Java programs as clients" },
  ].filter(({ path }) => path === null);
  for (const { name, skipped } of missing) console.log(`${name} is not installed: ${skipped} are skipped.`);
  if (chromium !== null && windowless === chromium) {
    console.log(
      "chromium-headless-shell is not installed: the tests of the page take twice as long without it.",
    );
  }
  if (missing.length > 0) {
    console.log(`To run them: apt-get install -y ${missing.map(({ name }) => name).join(" ")}`);
  }
  if (binary === null) {
    console.log("TCPMON_BINARY is not set: the tests of the compiled program are skipped.");
  }
}

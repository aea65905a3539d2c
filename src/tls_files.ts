// The files of a listener's TLS when it is added, changed or started: paths made whole, and everything that would only
// show with the first client told at once. Reads them for the relay when that needs them; keeps nothing of what is in them.

import { isAbsolute, relative, resolve, sep } from "node:path";
import type { CertificateFiles, ListenTls, TargetTls } from "./model.ts";
import { tlsLack } from "./tls_support.ts";
import { ListenerError } from "./ui/control.ts";

/** Of a Route or of a change of one. */
interface Tls {
  readonly targetScheme?: string | null;
  readonly targetTls?: TargetTls | null;
  readonly listenTls?: ListenTls | null;
}

/** The same with whole paths; those that are not are below `folder`. */
export function withWholePaths<Options extends Tls>(options: Options, folder: string): Options {
  const { targetTls, listenTls } = options;
  const whole = (certificate: CertificateFiles | undefined) =>
    certificate === undefined ? {} : {
      certificate: { cert: resolve(folder, certificate.cert), key: resolve(folder, certificate.key) },
    };
  return {
    ...options,
    ...(targetTls
      ? {
        targetTls: {
          ...targetTls,
          ...(targetTls.ca === undefined ? {} : { ca: resolve(folder, targetTls.ca) }),
          ...whole(targetTls.certificate),
        },
      }
      : {}),
    ...(listenTls ? { listenTls: { ...listenTls, ...whole(listenTls.certificate) } } : {}),
  };
}

/** A path as it is written in a file in `folder`: what lies below that, from there. */
export function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path);
  return way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? path : way;
}

/** Looks at the files that listeners name. */
export class TlsFiles {
  /**
   * `readVariable` reads the environment, for the password of encrypted keys; `notice` is told what works but should be
   * known; `readAuthority` rejects, with an Error in words, where the monitor's own authority cannot be read.
   */
  constructor(
    private readonly readVariable: (name: string) => string | undefined,
    private readonly notice: (text: string) => void,
    private readonly readAuthority: () => Promise<unknown>,
    private readonly version: string = Deno.version.deno,
  ) {}

  /** The same with whole paths. Rejects with ListenerError, at the member that is wrong. */
  async checked<Options extends Tls>(options: Options): Promise<Options> {
    if (!options.targetScheme && !options.targetTls && !options.listenTls) return options;
    const lack = tlsLack(this.version);
    if (lack !== null) {
      throw new ListenerError(
        `Cannot speak TLS: ${lack}. Take a newer build, or let TLS pass through as it is.`,
        options.targetScheme ? "targetScheme" : options.listenTls ? "listenTls" : "targetTls",
      );
    }
    const whole = withWholePaths(options, Deno.cwd());
    const { targetTls, listenTls } = whole;
    if (targetTls) await this.#look("targetTls", targetTls.certificate, targetTls.ca);
    if (listenTls) await this.#look("listenTls", listenTls.certificate);
    if (listenTls && !listenTls.certificate) await this.#lookAtAuthority();
    return whole;
  }

  /** What a listener shows to its peers. Rejects with an Error in words. */
  async certificate(certificate: CertificateFiles): Promise<{ readonly cert: string; readonly key: string }> {
    const files = await import("./ca/certificate_files.ts");
    return await files.readCertificateFiles(certificate, this.readVariable(files.KEY_PASSWORD), Date.now());
  }

  /** Whom a listener trusts besides the system's. Rejects with an Error in words. */
  async authorities(file: string): Promise<string> {
    const files = await import("./ca/certificate_files.ts");
    return await files.readAuthorities(file);
  }

  /** It is not made here, but where the first client needs it. */
  async #lookAtAuthority(): Promise<void> {
    try {
      await this.readAuthority();
    } catch (error) {
      throw new ListenerError(error instanceof Error ? error.message : String(error), "listenTls");
    }
  }

  async #look(member: string, certificate: CertificateFiles | undefined, ca?: string): Promise<void> {
    if (certificate === undefined && ca === undefined) return;
    // What reads certificates is only loaded where there are any.
    const files = await import("./ca/certificate_files.ts");
    try {
      if (ca !== undefined) await files.readAuthorities(ca);
      if (certificate === undefined) return;
      const password = this.readVariable(files.KEY_PASSWORD);
      const { notes } = await files.readCertificateFiles(certificate, password, Date.now());
      for (const note of notes) this.notice(note);
    } catch (error) {
      if (!(error instanceof files.CertificateFileError)) throw error;
      throw new ListenerError(error.message, `${member}.${error.field}`);
    }
  }
}

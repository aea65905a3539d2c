// The certificate that both ends of a measured TLS leg show. Nobody checks it.

/** The certificate, its key, and both in one file, all PEM. */
export interface Encryption {
  readonly cert: string;
  readonly key: string;
  readonly both: string;
}

/** Makes a certificate of its own for each run, P-256, in `folder`. */
export async function makeEncryption(folder: string): Promise<Encryption> {
  const [cert, key, both] = ["cert", "key", "both"].map((name) => `${folder}/${name}.pem`);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const { success } = await new Deno.Command("openssl", {
    args: ["req", "-x509", ...curve, "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"],
    stderr: "null",
  }).output();
  if (!success) throw new Error("Cannot make a certificate: openssl failed.");
  await Deno.writeTextFile(both, await Deno.readTextFile(cert) + await Deno.readTextFile(key));
  return { cert, key, both };
}

// A certificate for localhost, made for the test, and the client programs' way to a proxy.

import { openssl } from "../needs.ts";

/** A self-signed certificate and its key, as PEM. */
export async function certificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const folder = await Deno.makeTempDir();
  try {
    const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`];
    const { success, stderr } = await new Deno.Command(openssl!, {
      args: [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ]
        .concat(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .concat(["-keyout", key, "-out", cert]),
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

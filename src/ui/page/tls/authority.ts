// tcpmon's own authority, asked for when it is looked at; and whether the page shows how to trust it.

import { signal } from "@preact/signals";
import type { OwnAuthority } from "../../types.ts";
import { ApiFailure, call } from "../api.ts";

/** Where its certificate can be saved from. It is made where there is none yet. */
export const CERTIFICATE = "/api/ca.pem";

/** What is known of it; null while it was not asked for, a text where it cannot be told, in words. */
export const authority = signal<OwnAuthority | string | null>(null);

/** Whether the page shows how to trust it. */
export const isTrustOpen = signal(false);

/** Asks for it, and shows how it is trusted. */
export async function openTrust(): Promise<void> {
  isTrustOpen.value = true;
  await ask();
}

/** Has it made where it is not there yet. */
export async function makeIt(): Promise<void> {
  const answer = await fetch(CERTIFICATE).catch(() => null);
  await answer?.body?.cancel();
  await ask();
}

async function ask(): Promise<void> {
  try {
    authority.value = await call<OwnAuthority>("GET", "/api/ca");
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    authority.value = error.message;
  }
}

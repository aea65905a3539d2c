// tcpmon's own authority, asked for when it is looked at; and whether the page shows how to trust it.

import { signal } from "@preact/signals";
import type { OwnAuthority } from "../../types.ts";
import { ApiFailure, call, callForText } from "../api.ts";

/** Where its certificate can be saved from. It is made where there is none yet. */
export const CERTIFICATE = "/api/ca.pem";

/** What is known of it; null while it was not asked for, a text where it cannot be told, in words. */
export const authority = signal<OwnAuthority | string | null>(null);

/** Whether the page shows how to trust it. */
export const isTrustOpen = signal(false);

/** Asks for it, and shows how it is trusted. */
export async function openTrust(): Promise<void> {
  isTrustOpen.value = true;
  await learn(ask);
}

/** Has it made where it is not there yet. */
export async function makeIt(): Promise<void> {
  await learn(async () => {
    await callForText("GET", CERTIFICATE);
    return await ask();
  });
}

function ask(): Promise<OwnAuthority> {
  return call<OwnAuthority>("GET", "/api/ca");
}

/** Keeps what comes of it, or why nothing does. */
async function learn(asked: () => Promise<OwnAuthority>): Promise<void> {
  try {
    authority.value = await asked();
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    authority.value = error.message;
  }
}

/** Opens what this computer holds for the person of the page. */

import { secretOf } from "./session";
import { openStore } from "./store";
import { Vault } from "./vault";

/** The person of the page, as the server wrote it; nobody on the page of signing in. */
export function personOf(page: Document): string {
  return page.querySelector<HTMLMetaElement>("meta[name=person]")?.content ?? "";
}

/** The code of the person's unit. */
export function unitOf(page: Document): string {
  return page.querySelector<HTMLMetaElement>("meta[name=person]")?.dataset["unit"] ?? "";
}

/** Whether this browser can seal: it cannot where the page came without encryption (http). */
export function canSeal(): boolean {
  return window.isSecureContext && typeof indexedDB !== "undefined" && Boolean(crypto.subtle);
}

/** Nothing where the browser cannot seal, and where the server does not say who is signed in. */
export async function openVault(): Promise<Vault | null> {
  const person = personOf(document);
  if (!person || !canSeal()) return null;
  return Vault.open(await openStore(), person, () => secretOf(person));
}

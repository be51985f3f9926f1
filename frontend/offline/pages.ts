/**
 * Copies of pages, sealed, to be opened without a network; and the files they are made of.
 *
 * A page tells figures and names, so its copy is sealed. Scripts and styles tell nothing: they lie
 * in the browser's cache, as long as a copy needs them, even after the server has newer ones.
 */

import type { Vault } from "./vault";

/** The page about what this computer holds: it opens whenever a form does. */
export const HERE = "/viec/may-nay/";
/** What the browser says where it has nothing to open. */
export const NEUTRAL = "/ngoai-tuyen/";
export const CACHE = "nhasan";
const FRESH_MS = 12 * 3600 * 1000;
/** A form that was not opened with a network for so long is not kept. */
const LONGEST_MS = 90 * 24 * 3600 * 1000;

export interface PageCopy {
  readonly address: string;
  readonly title: string;
  readonly html: string;
  /** When it was made. */
  readonly at: string;
  readonly files: readonly string[];
}

/** Keeps a copy of the page shown, as it came; and of the page about this computer with it. */
export async function keepPage(vault: Vault, address: string, html: string): Promise<void> {
  const files = filesOf(document);
  await keepCopy(vault, { address, title: titleOf(document), html, at: now(), files });
  if (address !== HERE) await keepHere(vault, files);
  await tidy(vault);
}

async function keepHere(vault: Vault, common: readonly string[]): Promise<void> {
  const kept = await vault.get<PageCopy>("page", HERE);
  if (kept && Date.now() - Date.parse(kept.at) < FRESH_MS) return;
  const answer = await fetch(HERE, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const html = await answer.text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const files = [...new Set([...common, ...named(page)])];
  await keepCopy(vault, { address: HERE, title: titleOf(page), html, at: now(), files });
}

async function keepCopy(vault: Vault, copy: PageCopy): Promise<void> {
  const cache = await caches.open(CACHE);
  const missing: string[] = [];
  for (const file of copy.files) if (!(await cache.match(file))) missing.push(file);
  await cache.addAll(missing); // a copy without its script would look ready and be dead
  await vault.put("page", copy.address, copy, { files: copy.files });
}

/** Copies that grew old are let go, and the files that no copy on this computer needs any more. */
async function tidy(vault: Vault): Promise<void> {
  const oldest = new Date(Date.now() - LONGEST_MS).toISOString();
  for (const copy of await vault.all<PageCopy>("page")) {
    if (copy.at < oldest) await vault.remove("page", copy.address);
  }
  const cache = await caches.open(CACHE);
  const neutral = (await (await cache.match(NEUTRAL))?.text()) ?? "";
  const needed = new Set([...(await vault.files()), ...filesIn(neutral)]);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith("/static/") && !needed.has(pathname + search)) await cache.delete(request);
  }
}

/** The files a page names and those it fetched since: fonts, and parts of its scripts. */
function filesOf(page: Document): string[] {
  const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
  return [...new Set([...named(page), ...fetched.flatMap(own)])];
}

function named(page: Document): string[] {
  const links = [...page.querySelectorAll("script[src], link[href]")];
  return links.flatMap((each) => own(each.getAttribute("src") ?? each.getAttribute("href") ?? ""));
}

/** The static files that a page names, found without building it: a worker cannot. */
export function filesIn(html: string): string[] {
  return [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, file]) => file ?? "");
}

/** An address among our static files, without the host; nothing of another kind. */
function own(address: string): string[] {
  const { origin, pathname, search } = new URL(address, location.href);
  return origin === location.origin && pathname.startsWith("/static/") ? [pathname + search] : [];
}

function titleOf(page: Document): string {
  return page.querySelector("h1")?.textContent?.trim() ?? page.title;
}

function now(): string {
  return new Date().toISOString();
}

/**
 * The service worker of the workbench. With a network it changes nothing. Without one it answers
 * with the sealed copy of a page, for the person whose things are unlocked on this computer;
 * otherwise with a page that names nobody.
 *
 * It keeps no state and knows no version: copies name the files they need.
 */

import { deliveries } from "./waiting";
import { flush } from "./deliver";
import { CACHE, filesIn, HERE, NEUTRAL, type PageCopy } from "./pages";
import { openStore } from "./store";
import { unlockedPerson, Vault } from "./vault";

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface ServiceWorkerScope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "fetch", act: (event: Fetching) => void): void;
  addEventListener(name: "install" | "activate" | "sync", act: (event: Extendable) => void): void;
}

declare const self: ServiceWorkerScope;

/** A line that carries nothing for so long is as good as none, when there is a copy. */
const PATIENCE_MS = 15_000;

self.addEventListener("install", (event) => {
  event.waitUntil(prepare().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(file(request));
});
// The browser itself may call when there is a network again, even with no page open
self.addEventListener("sync", (event) => event.waitUntil(deliverAll()));

/** The page that names nobody, with the style it needs. */
async function prepare(): Promise<void> {
  const cache = await caches.open(CACHE);
  const answer = await fetch(NEUTRAL, { cache: "reload" });
  const html = await answer.clone().text();
  await cache.put(NEUTRAL, answer);
  await cache.addAll(filesIn(html));
}

async function page(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const answer = fetch(request);
  if (request.method !== "GET") return answer.catch(() => neutral());
  const late = pause(PATIENCE_MS).then(async () => {
    const copy = await copyOf(pathname, search);
    return copy ? shown(copy) : answer;
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } catch {
    const copy = await copyOf(pathname, search);
    if (copy) return shown(copy);
    return (await copyOf(HERE, "")) ? Response.redirect(HERE, 302) : neutral();
  }
}

async function copyOf(pathname: string, search: string): Promise<PageCopy | null> {
  const vault = await unlocked().catch(() => null);
  if (!vault) return null;
  const exact = await vault.get<PageCopy>("page", pathname + search);
  return exact ?? (search.includes("trang=") ? null : vault.get<PageCopy>("page", pathname));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function unlocked(): Promise<Vault | null> {
  const store = await openStore();
  const person = await unlockedPerson(store);
  return person ? Vault.open(store, person, () => Promise.resolve(null)) : null;
}

/** A copy, marked as one, under the same policy as every page of the house. */
async function shown({ html, at }: PageCopy): Promise<Response> {
  const policy = (await neutral()).headers.get("Content-Security-Policy") ?? "default-src 'none'";
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
  };
  return new Response(html.replace("<html", `<html data-copy="${at}"`), { headers });
}

async function neutral(): Promise<Response> {
  return (await caches.match(NEUTRAL)) ?? Response.error();
}

async function file(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (lost) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw lost;
  }
}

/** The browser calls again, later each time, as long as this fails. */
async function deliverAll(): Promise<void> {
  const vault = await unlocked();
  if (!vault) return;
  await flush(vault);
  const rest = (await deliveries(vault)).filter(({ state }) => state === "waiting");
  if (rest.length > 0) throw new Error("something still waits");
}

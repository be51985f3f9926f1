/**
 * On every page of the workbench: says what waits on this computer, tries to deliver it, and locks
 * what belongs to somebody else. Signing out locks everything.
 */

import { flush, whenOnline } from "./deliver";
import { HERE } from "./pages";
import { openStore, type Store } from "./store";
import { canSeal, openVault, personOf } from "./start";
import { lock, seen, type Vault } from "./vault";
import { deliveries, isOpen } from "./waiting";

const WORKER = "/ngoai-tuyen.js";
const SCOPE = "/viec/";
const SIGNING_OUT = "nhasan:dang-xuat";

export async function watchOver(page: Document): Promise<void> {
  if (!canSeal()) return;
  const person = personOf(page);
  const copy = page.documentElement.dataset["copy"] !== undefined;
  try {
    const store = await openStore();
    lockOnSigningOut(page, store);
    if (!person) return await tellLocked(page, store);
    if (!copy && owesSigningOut(page)) return;
    await lock(store, person);
    if (!copy) await seen(store, person);
    register();
    if (enters(page) || (await store.all()).some((row) => row.person === person)) await tell(page);
  } catch {
    // A browser that keeps nothing: the pages work as they do without this
  }
}

/** Whether this person fills reports: then the key is here before the first one is opened. */
function enters(page: Document): boolean {
  return page.querySelector<HTMLMetaElement>("meta[name=person]")?.dataset["enters"] !== undefined;
}

function register(): void {
  if (!("serviceWorker" in navigator)) return;
  void navigator.serviceWorker.register(WORKER, { scope: SCOPE }).catch(() => undefined);
}

/**
 * Unlocks what is here, so that it opens without a network from now on; delivers what waits and says
 * what is left; a form says it of its own report (`away.ts`).
 */
async function tell(page: Document): Promise<void> {
  const bar = page.getElementById("may-nay-con");
  const vault = await openVault();
  if (!vault) return;
  await forgetSent(page, vault);
  const draw = async (): Promise<void> => {
    const open = (await deliveries(vault)).filter(isOpen);
    if (!bar) return;
    const own = page.querySelector<HTMLElement>("form[data-report]")?.dataset["report"];
    const others = open.filter(({ assignment }) => assignment !== own);
    bar.hidden = others.length === 0 || location.pathname === HERE; // there it stands in full
    for (const place of bar.querySelectorAll("[data-count]")) place.textContent = String(others.length);
  };
  await draw();
  const again = async (): Promise<void> => {
    await flush(vault);
    await draw();
  };
  whenOnline(() => void again());
  await again();
}

/** A page that shows a report as sent: its form is not to be filled, and its copy can go. */
async function forgetSent(page: Document, vault: Vault): Promise<void> {
  const sent = page.querySelector<HTMLElement>("[data-sent-report]")?.dataset["sentReport"];
  if (sent) await vault.remove("page", `/viec/bao-cao/${sent}/`);
}

/** On the page of signing in: that something waits here, and not what. */
async function tellLocked(page: Document, store: Store): Promise<void> {
  await settleSigningOut(page);
  const bar = page.getElementById("may-nay-khoa");
  if (bar) bar.hidden = !(await store.all()).some(({ unsent }) => unsent);
}

/**
 * First the key goes, then the session. Without a network the session ends as soon as there is
 * one; what this computer holds is locked at once.
 */
function lockOnSigningOut(page: Document, store: Store): void {
  const form = page.querySelector<HTMLFormElement>("form[data-sign-out]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void signOut(form, store);
  });
}

async function signOut(form: HTMLFormElement, store: Store): Promise<void> {
  await lock(store);
  localStorage.setItem(SIGNING_OUT, "1");
  try {
    const how = { method: "POST", body: new FormData(form), redirect: "manual" } as const;
    await fetch(form.action, { ...how, credentials: "same-origin" });
    location.assign(form.dataset["signOut"] ?? "/");
  } catch {
    location.assign(SCOPE); // the worker says that there is no network, and names nobody
  }
}

/** Somebody signed out while there was no network: the session ends before anything is shown. */
function owesSigningOut(page: Document): boolean {
  if (localStorage.getItem(SIGNING_OUT) === null) return false;
  const form = page.querySelector<HTMLFormElement>("form[data-sign-out]");
  if (!form) return false;
  form.submit();
  return true;
}

async function settleSigningOut(page: Document): Promise<void> {
  if (page.querySelector("form[data-sign-out]") === null) localStorage.removeItem(SIGNING_OUT);
}

/**
 * Delivers what waits: once, whoever asks and however often, in the name of the one who filled it.
 *
 * Whatever happens on the way, a delivery stays on this computer until the server has said what
 * became of it. Sending it again is harmless: it carries its own id.
 */

import type { Saved, TheirChange } from "../islands/report-grid/queue";
import { alone } from "./locks";
import { HERE } from "./pages";
import { askSession, type Asked } from "./session";
import { changeDraft } from "./shelf";
import type { Vault } from "./vault";
import { deliveries, type Delivery, keep } from "./waiting";

const SOON_MS = [0, 2_000, 6_000, 15_000];

/** Why something still waits; nothing when all was delivered. */
export type Rest = "" | "offline" | "signed-out" | "another-person";

/** Refusals of the one who is signed in, not of what was sent. */
const SIGN_IN: ReadonlySet<string> = new Set(["sign-in", "csrf", "change-password"]);

interface Answer {
  readonly arrival: "sent" | "saved" | "met" | "changed" | "stopped";
  readonly message: string;
  readonly saved: readonly Saved[];
  readonly conflicts: readonly TheirChange[];
  readonly submission: string;
  readonly receipt: string;
}

export function flush(vault: Vault, ask: () => Promise<Asked> = askSession): Promise<Rest> {
  return alone("deliver", async () => {
    const waiting = (await deliveries(vault)).filter(({ state }) => state === "waiting");
    if (waiting.length === 0) return "";
    const session = await ask();
    if (typeof session === "string") return session;
    if (session.person !== vault.person) return "another-person";
    for (const delivery of waiting) {
      const rest = await deliver(vault, delivery, session.token);
      if (rest) return rest;
    }
    return "";
  });
}

/** A browser says that it is online before its network carries anything: it is tried a few times. */
export function whenOnline(act: () => void): void {
  window.addEventListener("online", () => SOON_MS.forEach((wait) => setTimeout(act, wait)));
}

/** Asks the browser to call the worker when there is a network, even with no page open. */
export async function askToBeCalled(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration(HERE);
  const { sync } = (worker ?? {}) as { sync?: { register(tag: string): Promise<void> } };
  await sync?.register("nhasan:gui").catch(() => undefined); // not every browser does
}

async function deliver(vault: Vault, delivery: Delivery, token: string): Promise<Rest> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(addressOf(delivery), {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
      body: JSON.stringify(bodyOf(delivery, vault.person)),
    });
    answer = await response.json();
  } catch {
    return "offline";
  }
  if (response.ok) await arrived(vault, delivery, answer as Answer);
  else if (SIGN_IN.has(codeOf(answer))) return "signed-out";
  else if (response.status >= 500 || response.status === 429) return "offline";
  else await keep(vault, { ...delivery, state: "held", message: messageOf(answer) });
  return "";
}

function addressOf({ saveUrl, id }: Delivery): string {
  return saveUrl.replace(/cells$/, `deliveries/${id}`);
}

function bodyOf({ changes, reasons, seen, send }: Delivery, person: string): object {
  return { changes, reasons, seen, send, person };
}

/** The server said what became of it: keeps the answer, and of the draft what is still open. */
async function arrived(vault: Vault, delivery: Delivery, answer: Answer): Promise<void> {
  const { arrival, message, receipt, submission } = answer;
  const done = arrival === "sent" || arrival === "saved";
  await changeDraft(vault, delivery.assignment, (draft) => {
    const cells = { ...draft.cells };
    const reasons = { ...draft.reasons };
    const open = new Set(answer.conflicts.map(({ cell }) => cell));
    for (const { cell, text, base } of delivery.changes) {
      if (open.has(cell)) cells[cell] = { text, base }; // met: its person chooses, in the form
      else if (cells[cell]?.text === text) delete cells[cell];
    }
    for (const [key, reason] of Object.entries(delivery.reasons)) {
      if (reasons[key] === reason) delete reasons[key];
    }
    const news = answer.saved.map(({ cell, text, version }) => [cell, { text, version }] as const);
    const known = arrival === "sent" ? {} : { ...draft.known, ...Object.fromEntries(news) };
    return { cells, reasons, known };
  });
  const state = done ? arrival : "held";
  await keep(vault, {
    ...delivery, state, message: done ? "" : message, receipt, submission, changes: [], reasons: {},
  });
  if (arrival === "sent") await vault.remove("page", delivery.address);
}

function codeOf(answer: unknown): string {
  return String(((answer ?? {}) as { code?: unknown }).code);
}

function messageOf(answer: unknown): string {
  const { message } = (answer ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : "";
}

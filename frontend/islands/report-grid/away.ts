/**
 * Sending without a network: the report is looked at here, put among what waits, and goes by
 * itself when there is a network and its person is signed in. The words stand in the page
 * (`parts/away.html`); this decides which of them are shown.
 */

import { askToBeCalled, flush, type Rest, whenOnline } from "../../offline/deliver";
import { alone } from "../../offline/locks";
import { keepPage } from "../../offline/pages";
import { askSession } from "../../offline/session";
import { SealedShelf } from "../../offline/shelf";
import { openVault } from "../../offline/start";
import type { Vault } from "../../offline/vault";
import { type Delivery, deliveries, forget, keep, pendingOf } from "../../offline/waiting";
import { type Draft, PlainShelf, type Shelf } from "./drafts";
import type { Batch } from "./queue";

const TRY_AGAIN_MS = 30_000;

/** What the page does when it is asked. */
export interface Desk {
  unsaved(): Batch;
  /** Looks at the whole form, its empty cells too; tells whether it may be sent. */
  ready(): boolean;
  /** Saves nothing by itself while the report waits to be delivered, or does again. */
  pause(paused: boolean): void;
}

type Step = "offer" | "waiting" | "sent" | "held";

export class Away {
  private desk: Desk | null = null;
  private readonly panel = document.getElementById("grid-away");
  private readonly assignment: string;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly vault: Vault,
    private pending: Delivery | undefined,
  ) {
    this.assignment = form.dataset["report"] ?? "";
  }

  /** The page is ready: shows what waits, and tries to deliver it. */
  start(desk: Desk): void {
    this.desk = desk;
    this.listen();
    if (this.pending) {
      this.stay(true);
      this.show("waiting");
      void this.deliver();
    } else void this.tellHeld();
    const more = (): void => void this.deliver();
    whenOnline(more);
    document.addEventListener("visibilitychange", more);
    setInterval(more, TRY_AGAIN_MS);
  }

  private listen(): void {
    const on = (name: string, act: () => void): void =>
      this.panel?.querySelectorAll(`[data-${name}]`).forEach((button) => button.addEventListener("click", act));
    on("queue", () => void this.queue());
    on("again", () => void this.deliver(true));
    on("edit", () => void this.edit());
  }

  /** A token of the session that there is now, if it is of the same person. */
  async token(): Promise<string> {
    const session = await askSession();
    return typeof session !== "string" && session.person === this.vault.person ? session.token : "";
  }

  /** The reader wishes to send and there is no way to the server; tells whether this took it up. */
  offer(): boolean {
    if (!this.panel || Number(this.form.dataset["parts"] ?? 1) > 1) return false;
    if (this.pending) return this.show("waiting", true);
    if (this.desk?.ready()) return this.show("offer", true);
    document.getElementById("grid-summary")?.focus();
    return true;
  }

  private async queue(): Promise<void> {
    const { form, assignment } = this;
    // Typed into since it was offered
    if (!this.desk?.ready()) {
      this.hide();
      document.getElementById("grid-summary")?.focus();
      return;
    }
    const { changes, reasons } = this.desk.unsaved();
    const delivery: Delivery = {
      format: 1, id: crypto.randomUUID?.() ?? uuid(), unit: form.dataset["unit"] ?? "", assignment,
      title: document.querySelector("h1")?.textContent?.trim() ?? "", address: location.pathname,
      saveUrl: form.dataset["saveUrl"] ?? "", send: true, changes, reasons,
      seen: Number(form.dataset["seen"] ?? 0), at: new Date().toISOString(), state: "waiting",
      message: "", receipt: "", submission: "",
    };
    await keep(this.vault, delivery);
    void navigator.storage?.persist?.(); // refused or not is told on the page about this computer
    this.pending = delivery;
    this.stay(true);
    this.show("waiting", true);
    void askToBeCalled();
    void this.deliver();
  }

  /** Takes the report back from what waits, unless it is just on its way. */
  private async edit(): Promise<void> {
    const taken = await alone("deliver", async () => {
      const pending = await pendingOf(this.vault, this.assignment);
      if (pending) await forget(this.vault, pending);
      return pending;
    });
    if (this.pending && !taken) return this.deliver(true);
    this.pending = undefined;
    this.stay(false);
    this.hide();
    this.form.querySelector<HTMLElement>("[data-cell]")?.focus();
  }

  private async deliver(wanted = false): Promise<void> {
    if (!this.pending || (!wanted && document.visibilityState === "hidden")) return;
    const { id } = this.pending;
    const rest = await flush(this.vault);
    const now = (await deliveries(this.vault)).find((each) => each.id === id);
    if (now?.state === "waiting") return this.why(rest);
    this.pending = undefined;
    if (now?.state === "sent") this.sent(now);
    else if (now) this.held(now);
  }

  private why(rest: Rest): void {
    for (const line of this.panel?.querySelectorAll<HTMLElement>("[data-why]") ?? []) {
      line.hidden = line.dataset["why"] !== rest;
    }
  }

  private sent({ receipt, submission }: Delivery): void {
    for (const place of this.panel?.querySelectorAll("[data-receipt]") ?? []) place.textContent = receipt;
    const link = this.panel?.querySelector<HTMLAnchorElement>("a[data-sent]");
    if (link) link.href = (link.dataset["sent"] ?? "").replace("00000000-0000-0000-0000-000000000000", submission);
    this.show("sent", true);
  }

  /** The server kept what it could and did not send: says why; the form is opened anew. */
  private held({ message }: Delivery): void {
    for (const place of this.panel?.querySelectorAll("[data-held]") ?? []) place.textContent = message;
    this.show("held", true);
  }

  /** What was not sent is told once, in the form where it is to be mended. */
  private async tellHeld(): Promise<void> {
    if (isCopy() || this.form.dataset["readonly"] !== undefined) return;
    const found = (await deliveries(this.vault)).filter(
      ({ assignment, state }) => assignment === this.assignment && state === "held",
    );
    const last = found.at(-1);
    if (!last) return;
    for (const place of this.panel?.querySelectorAll("[data-held]") ?? []) place.textContent = last.message;
    this.panel?.querySelectorAll<HTMLElement>("[data-reopen]").forEach((link) => (link.hidden = true));
    this.show("held");
    for (const each of found) await forget(this.vault, each);
  }

  /** While a report waits it stays as it was looked at. */
  private stay(fixed: boolean): void {
    this.desk?.pause(fixed);
    for (const place of this.form.querySelectorAll<HTMLElement>("[data-cell]")) {
      const fields = place.matches("input, select") ? [place] : [...place.querySelectorAll("input")];
      for (const field of fields) {
        if (field instanceof HTMLInputElement && field.type !== "radio") field.readOnly = fixed;
        else field.toggleAttribute("disabled", fixed);
      }
    }
    for (const button of this.form.querySelectorAll<HTMLElement>(".thanh-luu button, textarea")) {
      button.toggleAttribute("disabled", fixed);
    }
  }

  private show(step: Step, focus = false): boolean {
    const { panel } = this;
    if (!panel) return false;
    panel.hidden = false;
    for (const part of panel.querySelectorAll<HTMLElement>("[data-step]")) {
      part.hidden = part.dataset["step"] !== step;
      if (!part.hidden) panel.setAttribute("aria-labelledby", part.querySelector("h2")?.id ?? "");
    }
    panel.classList.toggle("bao-tot", step === "sent");
    panel.classList.toggle("bao-mang", step !== "sent");
    const offline = document.getElementById("grid-offline");
    if (offline) offline.hidden = true; // this says the same and more
    if (focus) {
      panel.focus();
      panel.scrollIntoView({ block: "nearest" });
    }
    return true;
  }

  private hide(): void {
    if (this.panel) this.panel.hidden = true;
  }
}

/**
 * Where the drafts of a form lie, and how it is sent without a network. A browser that cannot seal
 * keeps drafts in its plain storage and sends only with a network, as before.
 */
export async function openAway(form: HTMLFormElement, plain: PlainShelf): Promise<{ shelf: Shelf; away: Away | null }> {
  const source = isCopy() ? "" : `<!doctype html>\n${document.documentElement.outerHTML}`;
  const assignment = form.dataset["report"] ?? "";
  try {
    const vault = assignment ? await openVault() : null;
    if (!vault) return { shelf: plain, away: null };
    const shelf = await SealedShelf.open(vault, assignment, plain);
    if (isCopy()) layOver(form, shelf.first.known);
    else if (form.dataset["readonly"] === undefined) {
      await shelf.change((draft) => ({ ...draft, known: {} }));
      const part = new URLSearchParams(location.search).get("trang");
      const address = location.pathname + (part ? `?trang=${part}` : "");
      void keepPage(vault, address, source).then(tellKept, () => undefined);
    }
    return { shelf, away: new Away(form, vault, await pendingOf(vault, assignment)) };
  } catch {
    return { shelf: plain, away: null };
  }
}

/** From now on this report opens without a network. */
function tellKept(): void {
  const line = document.getElementById("grid-kept");
  if (line) line.hidden = false;
}

/** Whether this page comes from the copy on this computer, and not from the server. */
export function isCopy(): boolean {
  return document.documentElement.dataset["copy"] !== undefined;
}

/** What the server kept since the copy was made is what the copy arrives with. */
function layOver(form: HTMLFormElement, known: Draft["known"]): void {
  for (const place of form.querySelectorAll<HTMLElement>("[data-cell]")) {
    const kept = known[place.dataset["cell"] ?? ""];
    if (!kept) continue;
    place.dataset["version"] = String(kept.version);
    if (place instanceof HTMLInputElement) place.value = place.defaultValue = kept.text;
    for (const option of place.querySelectorAll("option")) {
      option.selected = option.defaultSelected = option.value === kept.text;
    }
    for (const answer of place.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      answer.checked = answer.defaultChecked = answer.value === kept.text;
    }
  }
}

/** For browsers before `crypto.randomUUID`. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

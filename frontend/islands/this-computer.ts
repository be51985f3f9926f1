/**
 * The page about this computer: what waits to be sent, which forms open without a network, whether
 * the browser promised to keep them, and files to carry to another computer.
 */

import { type Cargo, pack, SHORTEST, unpack } from "../offline/carry";
import { askToBeCalled, flush, whenOnline } from "../offline/deliver";
import { HERE, keepPage, type PageCopy } from "../offline/pages";
import { changeDraft } from "../offline/shelf";
import { canSeal, openVault, unitOf } from "../offline/start";
import type { Vault } from "../offline/vault";
import { deliveries, type Delivery, forget, isOpen, keep } from "../offline/waiting";
import { type Draft, draftOf, isBare } from "./report-grid/drafts";

const LIST_FRESH_MS = 5_000;

async function begin(): Promise<void> {
  const source = `<!doctype html>\n${document.documentElement.outerHTML}`;
  if (!canSeal()) return show("may-nay-khong");
  const vault = await openVault();
  if (!vault) return show("may-nay-dong");
  show("may-nay-mo");
  const page = new ThisComputer(vault);
  await page.start();
  if (document.documentElement.dataset["copy"] === undefined) await keepPage(vault, HERE, source);
}

class ThisComputer {
  private readonly cards = byId("cho-gui");
  private readonly ready = byId("san-sang");

  constructor(private readonly vault: Vault) {}

  async start(): Promise<void> {
    await this.draw();
    await this.promise();
    button("xin-giu", async () => {
      await navigator.storage.persist();
      await this.promise();
    });
    button("gui-ngay", () => this.send());
    form("luu-tep", (fields) => this.save(fields));
    form("mo-tep", (fields) => this.open(fields));
    whenOnline(() => void this.send());
    setInterval(() => void this.draw(), LIST_FRESH_MS);
    await this.send();
  }

  private async send(): Promise<void> {
    const rest = await flush(this.vault);
    for (const line of document.querySelectorAll<HTMLElement>("[data-why]")) {
      line.hidden = line.dataset["why"] !== rest;
    }
    await this.draw();
  }

  private async draw(): Promise<void> {
    const all = await deliveries(this.vault);
    refill(this.cards, all.map((each) => this.card(each)));
    hide("cho-gui-khong", all.length > 0);
    hide("cho-gui-nut", !all.some(({ state }) => state === "waiting"));
    const copies = (await this.vault.all<PageCopy>("page")).filter(({ address }) => address !== HERE);
    refill(this.ready, copies.map((copy) => this.copy(copy)));
    hide("san-sang-khong", copies.length > 0);
    hide("luu-tep-phan", (await this.cargo()) === null);
  }

  private card(delivery: Delivery): HTMLElement {
    const made = template("mau-cho-gui");
    fill(made, "title", delivery.title);
    fill(made, "at", moment(delivery.at));
    fill(made, "cells", String(delivery.changes.length));
    fill(made, "message", delivery.message);
    fill(made, "receipt", delivery.receipt);
    for (const part of made.querySelectorAll<HTMLElement>("[data-state]")) {
      part.hidden = !(part.dataset["state"] ?? "").split(" ").includes(delivery.state);
    }
    link(made, "open", delivery.address);
    const sent = made.querySelector<HTMLAnchorElement>("a[data-sent]");
    if (sent) sent.href = (sent.dataset["sent"] ?? "").replace(/0{8}-[0-]+/, delivery.submission);
    press(made, "again", async () => {
      await keep(this.vault, { ...delivery, state: "waiting", message: "" });
      await this.send();
    });
    const drop = async (): Promise<void> => {
      await forget(this.vault, delivery);
      await this.draw();
    };
    press(made, "forget", drop);
    press(made, "drop", drop);
    // What is only here is not thrown away by one press
    press(made, "ask", () => {
      made.querySelectorAll<HTMLElement>("[data-sure]").forEach((part) => (part.hidden = false));
      made.querySelector<HTMLElement>("[data-sure] button")?.focus();
    });
    const again = made.querySelector<HTMLElement>("[data-again]");
    if (again && delivery.changes.length === 0) again.hidden = true;
    return made;
  }

  private copy({ address, title, at }: PageCopy): HTMLElement {
    const made = template("mau-san-sang");
    link(made, "open", address);
    fill(made, "title", title);
    fill(made, "at", moment(at));
    return made;
  }

  /** Whether the browser promised not to clear what lies here by itself. */
  private async promise(): Promise<void> {
    const kept = (await navigator.storage?.persisted?.()) ?? false;
    hide("giu-roi", !kept);
    hide("giu-chua", kept);
  }

  /** What a file would carry: all that has not arrived. Nothing, if there is nothing. */
  private async cargo(): Promise<Cargo | null> {
    const open = (await deliveries(this.vault)).filter((each) => isOpen(each) && each.changes.length > 0);
    const waiting = (await deliveries(this.vault)).filter(({ state }) => state === "waiting");
    const all = [...new Map([...open, ...waiting].map((each) => [each.id, each])).values()];
    const drafts = await this.drafts(new Set(all.map(({ assignment }) => assignment)));
    if (all.length + drafts.length === 0) return null;
    const unitName = document.querySelector(".don-vi")?.textContent?.trim() ?? "";
    return { unit: unitOf(document), unitName, at: new Date().toISOString(), deliveries: all, drafts };
  }

  /** Cells typed into a form and neither saved nor put among what waits. */
  private async drafts(taken: ReadonlySet<string>): Promise<Cargo["drafts"]> {
    const found: { from: Delivery; draft: Draft }[] = [];
    for (const copy of await this.vault.all<PageCopy>("page")) {
      const assignment = /^\/viec\/bao-cao\/(\d+)\/$/.exec(copy.address)?.[1];
      if (assignment === undefined || taken.has(assignment)) continue;
      const draft = draftOf(await this.vault.get("draft", assignment));
      if (!isBare(draft)) found.push({ from: ofDraft(copy, assignment, draft), draft });
    }
    return found;
  }

  private async save(fields: FormData): Promise<void> {
    const [passphrase, again] = [String(fields.get("mat-khau")), String(fields.get("mat-khau-lai"))];
    const short = passphrase.length < SHORTEST;
    fault("mat-khau", short);
    fault("mat-khau-lai", !short && passphrase !== again);
    const cargo = await this.cargo();
    if (short || passphrase !== again || !cargo) return;
    const day = cargo.at.slice(0, 10);
    offer(await pack(cargo, passphrase), `nha-san-${cargo.unit.toLowerCase()}-${day}.nhasan`);
    say("luu-tep-xong");
  }

  private async open(fields: FormData): Promise<void> {
    const file = fields.get("tep");
    const content = file instanceof File ? await file.text() : "";
    const cargo = await unpack(content, String(fields.get("mat-khau-tep")));
    const others = typeof cargo !== "string" && cargo.unit !== unitOf(document);
    fault("tep", cargo === "not-ours" || others, others ? "other-unit" : "not-ours");
    fault("mat-khau-tep", cargo === "wrong-passphrase");
    if (typeof cargo === "string" || others) return;
    const count = await this.take(cargo);
    for (const place of document.querySelectorAll("[data-taken]")) place.textContent = String(count);
    say("mo-tep-xong");
    void askToBeCalled();
    await this.send();
  }

  /** Puts what a file carried among what waits here; what is here under the same id stays. */
  private async take({ deliveries: carried, drafts }: Cargo): Promise<number> {
    const known = new Set((await deliveries(this.vault)).map(({ id }) => id));
    const wanted = [...carried, ...drafts.map(({ from }) => from)].filter(({ id }) => !known.has(id));
    for (const delivery of wanted) {
      const cells = delivery.changes.map(({ cell, text, base }) => [cell, { text, base }] as const);
      await changeDraft(this.vault, delivery.assignment, (draft) => ({
        ...draft,
        cells: { ...draft.cells, ...Object.fromEntries(cells) },
        reasons: { ...draft.reasons, ...delivery.reasons },
      }));
      await keep(this.vault, { ...delivery, state: "waiting", message: "" });
    }
    return wanted.length;
  }
}

/** A draft as a delivery of cells only: the same draft in two files has the same id. */
function ofDraft(copy: PageCopy, assignment: string, draft: Draft): Delivery {
  const changes = Object.entries(draft.cells).map(([cell, kept]) => ({ cell, ...kept }));
  return {
    format: 1, id: crypto.randomUUID(), unit: unitOf(document), assignment, title: copy.title,
    address: copy.address, saveUrl: `/api/v1/assignments/${assignment}/cells`, send: false, changes,
    reasons: draft.reasons, seen: 0, at: new Date().toISOString(), state: "waiting", message: "",
    receipt: "", submission: "",
  };
}

function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

function show(id: string): void {
  hide(id, false);
  hide("may-nay-doi", true);
}

function hide(id: string, hidden: boolean): void {
  const place = byId(id);
  if (place) place.hidden = hidden;
}

function say(id: string): void {
  hide(id, false);
  byId(id)?.focus();
}

/** Replaces a list only when something in it changed: what has the focus keeps it. */
function refill(list: HTMLElement | null, items: readonly HTMLElement[]): void {
  const now = items.map(({ outerHTML }) => outerHTML).join("");
  if (!list || list.dataset["drawn"] === now) return;
  list.dataset["drawn"] = now;
  list.replaceChildren(...items);
}

function template(id: string): HTMLElement {
  const made = byId(id) as HTMLTemplateElement;
  return made.content.firstElementChild?.cloneNode(true) as HTMLElement;
}

function fill(made: HTMLElement, name: string, words: string): void {
  for (const place of made.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = words;
}

function link(made: HTMLElement, name: string, address: string): void {
  for (const place of made.querySelectorAll<HTMLAnchorElement>(`a[data-${name}]`)) place.href = address;
}

function press(made: HTMLElement, name: string, act: () => unknown): void {
  made.querySelector(`[data-${name}]`)?.addEventListener("click", () => void act());
}

function button(id: string, act: () => unknown): void {
  byId(id)?.addEventListener("click", () => void act());
}

function form(id: string, act: (fields: FormData) => Promise<void>): void {
  const found = byId(id) as HTMLFormElement | null;
  found?.addEventListener("submit", (event) => {
    event.preventDefault();
    void act(new FormData(found));
  });
}

/** Shows beside a field what is wrong in it, and leads there. */
function fault(id: string, wrong: boolean, which = ""): void {
  const field = byId(id);
  field?.setAttribute("aria-invalid", String(wrong));
  field?.closest(".truong")?.classList.toggle("co-loi", wrong);
  for (const line of document.querySelectorAll<HTMLElement>(`[data-fault="${id}"]`)) {
    line.hidden = !wrong || (line.dataset["which"] ?? "") !== which;
  }
  if (wrong) field?.focus();
}

function moment(at: string): string {
  return new Date(at).toLocaleString("vi", {
    hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric",
  });
}

function offer(content: string, name: string): void {
  const made = document.createElement("a");
  made.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  made.download = name;
  document.body.append(made);
  made.click();
  made.remove();
  setTimeout(() => URL.revokeObjectURL(made.href), 60_000);
}

void begin();

/**
 * The report grid: what is typed is added up, checked, kept in this browser and saved by
 * changed cells. The rules are those of the server (`rules/`).
 */

import { Decimal } from "../../rules/decimal";
import { reading } from "../../rules/grid";
import type { Finding, Grid } from "../../rules/kinds";
import { filled, OWN_CODES, translate } from "../../rules/messages";
import { tidy } from "../../rules/numbers";
import { type OutsideJson, outsideOf } from "../../rules/references";
import { saveBeforeCarrying } from "./carry";
import type { Away } from "./away";
import { blanks, isBlank } from "./blanks";
import { element, readJson } from "./dom";
import { Drafts, PlainShelf, plainStorage, type Shelf } from "./drafts";
import { Extras } from "./extras";
import { cellOf } from "./field";
import { offerMarkers } from "./markers";
import { Marks } from "./marks";
import { followLinks, moveByKey, reserveFrozen, selectOnEntry } from "./moving";
import { noticesOf, reasonKey } from "./notices";
import { Pasting } from "./pasting";
import { Queue } from "./queue";
import { type Answer, Saving, type State } from "./saving";
import { Sheet } from "./sheet";
import { StatusLine } from "./status";

const AFTER_CELL_MS = 1_000;
const WHILE_TYPING_MS = 3_000;
const BETWEEN_KEYS_MS = 80; // a slow phone must not add up thousands of cells at every key

export function startGrid(
  form: HTMLFormElement,
  shelf: Shelf = new PlainShelf(form.dataset["draftKey"] ?? "", plainStorage()),
  away: Away | null = null,
): Page | null {
  const grid = readJson<Grid | null>("grid-layout", null);
  if (!grid) return null;
  translate(readJson("grid-words", {}));
  const page = new Page(form, grid, shelf, away);
  page.start();
  return page;
}

export class Page {
  private readonly sheet: Sheet;
  private readonly queue = new Queue();
  private readonly drafts: Drafts;
  private readonly saving: Saving;
  private readonly marks: Marks;
  private readonly status: StatusLine;
  private readonly pasting: Pasting;
  private readonly extras: Extras;
  private readonly reasons: Record<string, string>;
  private readonly ruleIds: ReadonlySet<string>;
  private readonly summary = document.getElementById("grid-summary");
  private others: readonly Finding[] = [];
  private entered = "";
  private pointerDown = false;
  private waitingForPointer = false;
  private adding: ReturnType<typeof setTimeout> | undefined;
  private checking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    grid: Grid,
    shelf: Shelf,
    private readonly away: Away | null,
  ) {
    const previous = readJson<Record<string, string>>("grid-previous", {});
    const before = Object.entries(previous).map(([cell, value]) => [cell, Decimal.of(value)] as const);
    const outside = outsideOf(readJson<OutsideJson>("grid-outside", {}));
    this.sheet = new Sheet(form, grid, new Map(before), outside);
    this.reasons = readJson<Record<string, string>>("grid-reasons", {});
    this.ruleIds = new Set(grid.rules.map(({ id }) => id));
    this.drafts = new Drafts(shelf);
    this.saving = new Saving(
      form.dataset["saveUrl"] ?? "",
      () => token(form),
      this.queue,
      this.drafts,
      { saved: (answer) => this.onSaved(answer), state: (state) => this.onState(state) },
      () => this.away?.token() ?? Promise.resolve(""),
    );
    this.marks = new Marks(this.sheet, this.summary, {
      reasonOf: (key) => this.reasons[key] ?? "",
      explain: (key, reason) => this.explain(key, reason),
      choose: (cell, whose) => this.choose(cell, whose),
    });
    this.pasting = new Pasting(this.sheet, form.querySelector("[data-undo]"), {
      tidied: (cell, text) => this.tidied(cell, text),
      write: (texts) => this.write(texts),
      flagged: () => new Set(this.findings().map(({ cell }) => cell)),
      say: (words) => this.status.deed(words),
    });
    this.extras = new Extras(this.sheet, () => token(form));
    this.status = new StatusLine(
      form.querySelector("[data-status]"),
      document.getElementById("grid-offline"),
      form.dataset["signInUrl"] ?? "",
    );
    this.others = this.foreign(readJson<Finding[]>("grid-findings", []));
  }

  start(): void {
    const readonly = this.form.dataset["readonly"] !== undefined;
    document.documentElement.style.overflowAnchor = "none"; // `Marks` keeps the reader's place
    reserveFrozen(this.form);
    for (const [cell, { place, arrived }] of this.sheet.inputs) {
      this.queue.arrived(cell, arrived, Number(place.dataset["version"] ?? 0));
    }
    this.listen(readonly);
    if (!readonly) this.restore();
    this.recompute();
    this.check();
    this.extras.start();
    saveBeforeCarrying(document, this.saving, (words) => this.status.deed(words));
    followLinks(document, this.sheet);
    this.away?.start({
      unsaved: () => this.queue.unsaved(),
      ready: () => this.ready(),
      pause: (paused) => this.saving.pause(paused),
    });
    if (this.queue.isEmpty) return;
    this.status.progress(this.sheet.progress());
    void this.saving.flush();
  }

  private listen(readonly: boolean): void {
    const { form } = this;
    form.addEventListener("keydown", (event) => this.onKey(event));
    selectOnEntry(form);
    form.addEventListener("focusin", (event) => {
      const cell = cellOf(event);
      if (cell) this.entered = this.sheet.text(cell);
    });
    window.addEventListener("resize", () => reserveFrozen(form));
    if (readonly) return;
    form.addEventListener("input", (event) => this.onInput(event));
    form.addEventListener("change", (event) => this.onChange(event));
    form.addEventListener("paste", (event) => this.pasting.take(event));
    form.addEventListener("submit", (event) => this.onSubmit(event));
    offerMarkers(form, (cell, text) => this.write(new Map([[cell, text]])));
    // A row of words drawn between press and release would move the button from under the pointer
    document.addEventListener("pointerdown", () => (this.pointerDown = true), true);
    for (const name of ["pointerup", "pointercancel"]) {
      document.addEventListener(name, () => setTimeout(() => this.onPointerUp()), true);
    }
    window.addEventListener("online", () => {
      this.status.online();
      this.saving.retry();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.saving.flush(true);
      else this.saving.retry();
    });
    window.addEventListener("pagehide", () => this.drafts.write(this.queue.unsaved()));
    window.addEventListener("beforeunload", (event) => {
      if (!this.queue.isEmpty && !this.drafts.works) event.preventDefault();
    });
  }

  /** Takes up what this browser still holds, and what it put back into the fields by itself. */
  private restore(): void {
    let count = 0;
    const { changes, reasons } = this.drafts.read((cell) => this.sheet.inputs.has(cell));
    for (const change of changes) {
      const field = this.sheet.inputs.get(change.cell);
      if (!field || field.arrived === change.text) continue;
      this.sheet.set(change.cell, change.text);
      this.queue.restore(change);
      count += 1;
    }
    for (const [cell, { text, arrived }] of this.sheet.inputs) {
      if (text !== arrived && !changes.some((change) => change.cell === cell)) {
        this.queue.change(cell, text);
      }
    }
    for (const [key, reason] of Object.entries(reasons)) {
      this.reasons[key] = reason;
      this.queue.explain(key, reason);
    }
    if (count) {
      this.status.deed(filled("Đã lấy lại {count} ô bạn nhập lần trước mà chưa kịp lưu.", { count }));
    }
    this.drafts.write(this.queue.unsaved());
  }

  private onKey(event: KeyboardEvent): void {
    if (this.pasting.takesKey(event)) return;
    moveByKey(event, this.sheet, {
      restore: (cell) => this.write(new Map([[cell, this.entered]])),
      clear: (cell) => this.write(new Map([[cell, ""]])),
      leave: () => document.querySelector<HTMLElement>("[data-leave]")?.focus(),
    });
  }

  private onInput(event: Event): void {
    const cell = cellOf(event);
    const field = cell ? this.sheet.inputs.get(cell) : undefined;
    if (!field || !cell) return;
    this.pasting.typed();
    this.sheet.highlight([]);
    this.sheet.texts.set(cell, field.text);
    this.typed(cell, field.text, WHILE_TYPING_MS);
    clearTimeout(this.adding);
    this.adding = setTimeout(() => this.recompute(), BETWEEN_KEYS_MS);
  }

  private onChange(event: Event): void {
    const cell = cellOf(event);
    const field = cell ? this.sheet.inputs.get(cell) : undefined;
    if (!field || !cell) return;
    const deed = this.understood(cell);
    this.sheet.set(cell, this.tidied(cell, field.text));
    this.typed(cell, field.text, AFTER_CELL_MS);
    this.recompute();
    // A cell tells of its change while it loses the focus: look when the next one has it
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check());
    this.status.deed(deed);
  }

  /** A number as its column writes it; the server keeps the same. */
  private tidied(cell: string, text: string): string {
    const column = this.sheet.columnOf(cell);
    return column ? tidy(text, column.kind, column.unit) : text;
  }

  /** How a number was understood, when that is worth a word. */
  private understood(cell: string): string {
    const column = this.sheet.columnOf(cell);
    if (column?.kind.name === "choice") return ""; // picked, not typed
    const finding = column && reading(column, this.sheet.text(cell)).finding;
    return finding?.severity === "note" ? finding.message : "";
  }

  private typed(cell: string, text: string, delay: number): void {
    this.others = this.others.filter((finding) => finding.cell !== cell);
    this.queue.change(cell, text);
    this.touch(delay);
    this.status.progress(this.sheet.progress());
  }

  /** Writes many cells at once: a paste, its undoing, a choice between two values. */
  private write(texts: ReadonlyMap<string, string>): void {
    for (const [cell, text] of texts) {
      this.sheet.set(cell, text);
      this.queue.change(cell, text);
    }
    this.others = this.others.filter((finding) => !texts.has(finding.cell));
    this.recompute();
    this.check();
    this.status.progress(this.sheet.progress());
    this.touch(AFTER_CELL_MS);
  }

  private recompute(): void {
    this.sheet.recompute();
    this.extras.recomputed();
  }

  private touch(delay: number): void {
    this.saving.touch(delay);
    if (this.queue.isEmpty) this.status.settled(this.queue.conflicts.size);
  }

  private explain(key: string, reason: string): void {
    this.reasons[key] = reason;
    this.queue.explain(key, reason);
    this.touch(AFTER_CELL_MS);
    this.check();
  }

  private choose(cell: string, whose: "mine" | "theirs"): void {
    const text = this.queue.choose(cell, whose);
    this.write(new Map([[cell, text]]));
    this.sheet.inputs.get(cell)?.focus();
  }

  private findings(): Finding[] {
    return this.sheet.findings(this.others);
  }

  /** Looks at the whole form, its empty cells too; tells whether it may be sent. */
  private ready(): boolean {
    this.others = [...this.others.filter((each) => !isBlank(each)), ...blanks(this.sheet.grid, this.sheet.texts)];
    this.check();
    return this.queue.conflicts.size === 0 && this.findings().every((finding) => {
      const explained = (this.reasons[reasonKey(finding)] ?? "").trim() !== "";
      return finding.severity === "note" || (finding.severity === "warning" && explained);
    });
  }

  private check(): void {
    if (this.pointerDown) {
      this.waitingForPointer = true;
      return;
    }
    const where = (cell: string): string => this.sheet.where(cell);
    const findings = this.findings();
    this.marks.draw(noticesOf(findings, this.queue.conflicts.values(), where));
    this.extras.checked(findings);
  }

  private onPointerUp(): void {
    this.pointerDown = false;
    if (this.waitingForPointer) {
      this.waitingForPointer = false;
      this.check();
    }
  }

  /** Of the server's findings, those that the browser cannot find by itself on this page. */
  private foreign(findings: readonly Finding[]): Finding[] {
    return findings.filter(({ code, cell }) => {
      const own = OWN_CODES.has(code) || this.ruleIds.has(code);
      return !own || (cell !== "" && !this.sheet.columnOf(cell));
    });
  }

  /** An answer to a save knows nothing of reasons for a return, nor of cells still empty. */
  private onSaved(answer: Answer): void {
    const lasting = this.others.filter(({ code, severity, cell }) =>
      code === "blank" ? this.sheet.text(cell).trim() === "" : severity === "note",
    );
    const told = new Set(lasting.map(reasonKey));
    const news = this.foreign(answer.findings).filter((finding) => !told.has(reasonKey(finding)));
    this.others = [...lasting, ...news];
    this.check();
  }

  private onState(state: State): void {
    this.status.state(state, this.queue.size, this.queue.conflicts.size);
  }

  /** Saves what is pending, then lets the form go without its cells: they are already there. */
  private onSubmit(event: SubmitEvent): void {
    if (this.form.dataset["sending"] !== undefined) return;
    event.preventDefault();
    const { submitter } = event;
    // While this event lasts, the browser passes over any other wish to send the form
    setTimeout(() => void this.send(submitter));
  }

  private async send(submitter: HTMLElement | null): Promise<void> {
    const all = await this.saving.flush();
    if (!all && this.saving.isCut && this.away?.offer()) return;
    if (!all || this.queue.conflicts.size > 0 || !navigator.onLine) {
      this.status.unsent(all && this.queue.conflicts.size > 0 ? this.summary : null);
      return;
    }
    for (const field of this.sheet.inputs.values()) field.silence(true);
    if (!this.form.querySelector("input[name=saved]")) {
      this.form.append(element("input", { type: "hidden", name: "saved", value: "1" }));
    }
    this.form.dataset["sending"] = "";
    // Safari before 16 knows only the plain way, which asks nobody and names no button
    if (typeof this.form.requestSubmit === "function") this.form.requestSubmit(submitter);
    else this.form.submit();
    delete this.form.dataset["sending"];
    for (const field of this.sheet.inputs.values()) field.silence(false);
  }
}

function token(form: HTMLFormElement): string {
  const field = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return field?.value ?? document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
}

/**
 * The report grid: what is typed is added up, checked, kept in this browser and saved by
 * changed cells. The rules are those of the server (`rules/`).
 */

import { Decimal } from "../../rules/decimal";
import { reading } from "../../rules/grid";
import type { Finding, Grid } from "../../rules/kinds";
import { filled, OWN_CODES, translate } from "../../rules/messages";
import { tidy } from "../../rules/numbers";
import { isBlock, parseBlock } from "./clipboard";
import { element, readJson } from "./dom";
import { Drafts } from "./drafts";
import { Marks } from "./marks";
import { moveByKey, reserveFrozen } from "./moving";
import { noticesOf, reasonKey } from "./notices";
import { planPaste, Undo } from "./paste";
import { Queue } from "./queue";
import { type Answer, Saving, type State } from "./saving";
import { Sheet } from "./sheet";
import { StatusLine } from "./status";

const AFTER_CELL_MS = 1_000;
const WHILE_TYPING_MS = 3_000;
const BETWEEN_KEYS_MS = 80; // a slow phone must not add up thousands of cells at every key

export function startGrid(form: HTMLFormElement): Page | null {
  const grid = readJson<Grid | null>("grid-layout", null);
  if (!grid) return null;
  translate(readJson("grid-words", {}));
  const page = new Page(form, grid);
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
  private readonly undoButton: HTMLButtonElement | null;
  private readonly reasons: Record<string, string>;
  private readonly ruleIds: ReadonlySet<string>;
  private others: readonly Finding[] = [];
  private undo: Undo | null = null;
  private entered = "";
  private pointerDown = false;
  private waitingForPointer = false;
  private adding: ReturnType<typeof setTimeout> | undefined;
  private checking: ReturnType<typeof setTimeout> | undefined;
  private ready = false;

  constructor(
    private readonly form: HTMLFormElement,
    grid: Grid,
  ) {
    const previous = readJson<Record<string, string>>("grid-previous", {});
    const before = Object.entries(previous).map(([cell, value]) => [cell, Decimal.of(value)] as const);
    this.sheet = new Sheet(form, grid, new Map(before));
    this.reasons = readJson<Record<string, string>>("grid-reasons", {});
    this.ruleIds = new Set(grid.tables.flatMap((table) => table.checks.map(({ id }) => id)));
    this.drafts = new Drafts(form.dataset["draftKey"] ?? location.pathname, storage());
    this.saving = new Saving(
      form.dataset["saveUrl"] ?? "",
      () => token(form),
      this.queue,
      this.drafts,
      { saved: (answer) => this.onSaved(answer), state: (state) => this.onState(state) },
    );
    this.marks = new Marks(this.sheet, document.getElementById("grid-summary"), {
      reasonOf: (key) => this.reasons[key] ?? "",
      explain: (key, reason) => this.explain(key, reason),
      choose: (cell, whose) => this.choose(cell, whose),
    });
    this.undoButton = form.querySelector("[data-undo]");
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
    for (const [cell, input] of this.sheet.inputs) {
      this.queue.arrived(cell, input.defaultValue, Number(input.dataset["version"] ?? 0));
    }
    this.listen(readonly);
    if (!readonly) this.restore();
    this.sheet.recompute();
    this.check();
    if (this.queue.isEmpty) return;
    this.status.progress(this.sheet.progress());
    void this.saving.flush();
  }

  private listen(readonly: boolean): void {
    const { form } = this;
    form.addEventListener("keydown", (event) => this.onKey(event));
    form.addEventListener("focusin", (event) => {
      const cell = cellOf(event);
      if (cell) this.entered = this.sheet.text(cell);
    });
    window.addEventListener("resize", () => reserveFrozen(form));
    if (readonly) return;
    form.addEventListener("input", (event) => this.onInput(event));
    form.addEventListener("change", (event) => this.onChange(event));
    form.addEventListener("paste", (event) => this.onPaste(event));
    form.addEventListener("submit", (event) => this.onSubmit(event));
    this.undoButton?.addEventListener("click", () => this.undoPaste());
    // A row of words drawn between press and release would move the button from under the pointer
    document.addEventListener("pointerdown", () => (this.pointerDown = true), true);
    for (const name of ["pointerup", "pointercancel"]) {
      document.addEventListener(name, () => setTimeout(() => this.onPointerUp()), true);
    }
    window.addEventListener("online", () => this.saving.retry());
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
    const { changes, reasons } = this.drafts.read();
    for (const change of changes) {
      const input = this.sheet.inputs.get(change.cell);
      if (!input || input.defaultValue === change.text) continue;
      this.sheet.set(change.cell, change.text);
      this.queue.restore(change);
      count += 1;
    }
    for (const [cell, input] of this.sheet.inputs) {
      if (input.value !== input.defaultValue && !changes.some((change) => change.cell === cell)) {
        this.queue.change(cell, input.value);
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
    const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (undo && !event.shiftKey && this.undo && this.ready) {
      event.preventDefault();
      this.undoPaste();
      return;
    }
    moveByKey(event, this.sheet, (cell) => this.write(new Map([[cell, this.entered]])));
  }

  private onInput(event: Event): void {
    const cell = cellOf(event);
    const input = cell ? this.sheet.inputs.get(cell) : undefined;
    if (!input || !cell) return;
    this.ready = false; // from here Ctrl+Z is the field's own
    this.sheet.highlight([]);
    this.sheet.texts.set(cell, input.value);
    this.typed(cell, input.value, WHILE_TYPING_MS);
    clearTimeout(this.adding);
    this.adding = setTimeout(() => this.sheet.recompute(), BETWEEN_KEYS_MS);
  }

  private onChange(event: Event): void {
    const cell = cellOf(event);
    const input = cell ? this.sheet.inputs.get(cell) : undefined;
    if (!input || !cell) return;
    const deed = this.understood(cell);
    this.sheet.set(cell, this.tidied(cell, input.value));
    this.typed(cell, input.value, AFTER_CELL_MS);
    this.sheet.recompute();
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
    const finding = column && reading(column, this.sheet.text(cell)).finding;
    return finding?.severity === "note" ? finding.message : "";
  }

  private typed(cell: string, text: string, delay: number): void {
    this.others = this.others.filter((finding) => finding.cell !== cell);
    this.queue.change(cell, text);
    this.saving.touch(delay);
    this.status.progress(this.sheet.progress());
  }

  /** Writes many cells at once: a paste, its undoing, a choice between two values. */
  private write(texts: ReadonlyMap<string, string>): void {
    for (const [cell, text] of texts) {
      this.sheet.set(cell, text);
      this.queue.change(cell, text);
    }
    this.others = this.others.filter((finding) => !texts.has(finding.cell));
    this.sheet.recompute();
    this.check();
    this.status.progress(this.sheet.progress());
    this.saving.touch(AFTER_CELL_MS);
  }

  private onPaste(event: ClipboardEvent): void {
    const cell = cellOf(event);
    const at = cell ? this.sheet.positionOf(cell) : undefined;
    const block = parseBlock(event.clipboardData?.getData("text/plain") ?? "");
    if (!at || !isBlock(block)) return; // one value: the browser puts it at the caret
    event.preventDefault();
    const plan = planPaste(block, this.sheet.linesOf(at.table), at.row, at.column);
    const texts = new Map([...plan.texts].map(([name, text]) => [name, this.tidied(name, text)]));
    this.undo = new Undo(texts, (name) => this.sheet.text(name));
    this.write(texts);
    this.sheet.highlight(plan.texts.keys());
    this.ready = true;
    const facts = { count: this.undo.size };
    if (this.undoButton) {
      this.undoButton.hidden = false;
      this.undoButton.textContent = filled("Hoàn tác lần dán {count} ô", facts);
    }
    this.status.deed(this.pasteWords(plan.texts, plan.onComputed, plan.outside));
  }

  /** One line after a paste: how many cells, and how many need a look. */
  private pasteWords(
    texts: ReadonlyMap<string, string>,
    onComputed: ReadonlyMap<string, string>,
    outside: number,
  ): string {
    const flagged = new Set(this.findings().map(({ cell }) => cell));
    const look = [...texts.keys()].filter((cell) => flagged.has(cell)).length;
    const differ = [...onComputed].filter(([cell, text]) => this.differs(cell, text)).length;
    const facts = { count: texts.size, look, differ, outside };
    return [
      look
        ? filled("Đã dán {count} ô, {look} ô cần xem lại.", facts)
        : filled("Đã dán {count} ô.", facts),
      differ ? filled("{differ} ô máy tính ra khác số dán vào: xem lại có dán lệch cột không.", facts) : "",
      outside ? filled("{outside} ô thừa ra ngoài bảng, không dán.", facts) : "",
    ].filter(Boolean).join(" ");
  }

  private differs(cell: string, text: string): boolean {
    const column = this.sheet.columnOf(cell);
    if (!column || text === "") return false;
    const pasted = reading({ ...column, kind: { ...column.kind, minimum: null } }, text).figure?.value;
    const computed = reading({ ...column, kind: { ...column.kind, minimum: null } }, this.sheet.shown(cell));
    return pasted ? !computed.figure?.value?.equals(pasted) : true;
  }

  private undoPaste(): void {
    if (!this.undo) return;
    const texts = this.undo.restored((cell) => this.sheet.text(cell));
    this.undo = null;
    this.ready = false;
    if (this.undoButton) {
      const focused = document.activeElement === this.undoButton;
      this.undoButton.hidden = true;
      if (focused) this.sheet.inputs.get([...texts.keys()][0] ?? "")?.focus();
    }
    this.write(texts);
    this.sheet.highlight([]);
    this.status.deed(filled("Đã hoàn tác lần dán {count} ô.", { count: texts.size }));
  }

  private explain(key: string, reason: string): void {
    this.reasons[key] = reason;
    this.queue.explain(key, reason);
    this.saving.touch(AFTER_CELL_MS);
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

  private check(): void {
    if (this.pointerDown) {
      this.waitingForPointer = true;
      return;
    }
    const where = (cell: string): string => this.sheet.inputs.get(cell)?.getAttribute("aria-label") ?? cell;
    this.marks.draw(noticesOf(this.findings(), this.queue.conflicts.values(), where));
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
    this.status.state(state, this.queue.size);
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
    if (!all || this.queue.conflicts.size > 0) {
      document.getElementById("grid-summary")?.focus();
      return;
    }
    for (const input of this.sheet.inputs.values()) input.removeAttribute("name");
    if (!this.form.querySelector("input[name=saved]")) {
      this.form.append(element("input", { type: "hidden", name: "saved", value: "1" }));
    }
    this.form.dataset["sending"] = "";
    // Safari before 16 knows only the plain way, which asks nobody and names no button
    if (typeof this.form.requestSubmit === "function") this.form.requestSubmit(submitter);
    else this.form.submit();
    delete this.form.dataset["sending"];
  }
}

function cellOf(event: Event): string | undefined {
  return event.target instanceof HTMLInputElement ? event.target.dataset["cell"] : undefined;
}

function token(form: HTMLFormElement): string {
  const field = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return field?.value ?? document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
}

/** This browser's storage, or one that forgets where the browser forbids it. */
function storage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    return window.localStorage;
  } catch {
    const refuse = (): never => {
      throw new Error("no storage");
    };
    return { getItem: () => null, setItem: refuse, removeItem: refuse };
  }
}

/**
 * On a phone: one row of a table at a time, a card of questions, and the way to the next one.
 * Rows that are not open are not drawn at all, so that thousands of boxes cost a slow phone
 * nothing.
 */

import { filled } from "../../rules/messages";
import { element } from "./dom";
import type { Field } from "./field";
import { goTo } from "./moving";
import type { Sheet } from "./sheet";

/** What is filled in one after another: a row with its boxes, or the totals at the end. */
interface Step {
  readonly rows: readonly HTMLElement[];
  readonly label: string;
  readonly fields: readonly Field[];
}

export class Sequence {
  private readonly steps: readonly Step[];
  private readonly choice = element("select");
  private readonly progress = element("p", { role: "status", class: "nho" });
  private readonly back = button(filled("Trước", {}));
  private readonly onward = button(filled("Tiếp theo", {}), "nut nut-chinh");
  private readonly whole = button(filled("Xem cả bảng", {}), "nut-chu");
  private readonly above: HTMLElement;
  private readonly below: HTMLElement;
  private at = 0;
  private on = false;
  private wanted = true;
  private wrong: ReadonlySet<string> = new Set();

  constructor(
    sheet: Sheet,
    private readonly table: HTMLTableElement,
    leave: () => void,
  ) {
    this.steps = stepsOf(sheet, table);
    const what = table.tHead?.querySelector(".dau-dong")?.textContent?.trim() ?? "";
    this.choice.id = `buoc-${table.dataset["table"] ?? ""}`;
    this.choice.append(...this.steps.map((_, at) => element("option", { value: String(at) })));
    const label = element("label", { for: this.choice.id }, what);
    this.above = element("div", { class: "tung-buoc" }, label, this.choice, this.progress, this.whole);
    this.below = element("p", { class: "tung-buoc hang-nut" }, this.back, this.onward);
    this.choice.addEventListener("change", () => this.step(Number(this.choice.value)));
    this.back.addEventListener("click", () => this.step(this.at - 1));
    this.onward.addEventListener("click", () => (this.at + 1 < this.steps.length ? this.step(this.at + 1) : leave()));
    this.whole.addEventListener("click", () => this.toggle());
  }

  /** Whether there is more than one row to go through. */
  get worthwhile(): boolean {
    return this.steps.length > 2;
  }

  /** Begins or ends going row by row. */
  narrow(on: boolean): void {
    if (on === this.on) return;
    this.on = on;
    const frame = this.table.closest(".luoi");
    if (on) {
      frame?.before(this.above);
      frame?.after(this.below);
      this.open(this.first());
    } else {
      this.above.remove();
      this.below.remove();
    }
    this.draw();
  }

  /** Opens the row in which a cell stands, before it is gone to. */
  reveal(place: Element): void {
    if (!this.on) return;
    const row = place.closest("tr");
    const at = this.steps.findIndex(({ rows }) => rows.some((each) => each === row));
    if (at >= 0) this.open(at);
  }

  /** Something was typed or checked: the list says where something is left to do. */
  told(wrong: ReadonlySet<string>): void {
    this.wrong = wrong;
    if (this.on) this.describe();
  }

  private step(to: number): void {
    const [field] = this.steps[to]?.fields ?? [];
    this.open(to);
    this.above.scrollIntoView({ block: "start" });
    if (field) goTo(field);
  }

  private toggle(): void {
    this.wanted = !this.wanted;
    this.whole.textContent = this.wanted ? filled("Xem cả bảng", {}) : filled("Nhập từng dòng một", {});
    this.draw();
  }

  private open(at: number): void {
    for (const row of this.steps[this.at]?.rows ?? []) row.classList.remove("dang-mo");
    this.at = at;
    for (const row of this.steps[at]?.rows ?? []) row.classList.add("dang-mo");
    this.choice.value = String(at);
    this.back.disabled = at === 0;
    const last = at + 1 === this.steps.length;
    this.onward.textContent = last ? filled("Xong bảng này", {}) : filled("Tiếp theo", {});
    this.describe();
  }

  private draw(): void {
    const byOne = this.on && this.wanted;
    this.table.classList.toggle("tung-the", byOne);
    this.table.closest("section")?.classList.toggle("co-tung-the", byOne);
    this.below.hidden = !byOne;
    if (this.on) this.describe();
  }

  /** Where to begin: what is wrong, else what is not yet filled, else the first row. */
  private first(): number {
    const wrong = this.steps.findIndex((step) => this.isWrong(step));
    const open = this.steps.findIndex((step) => leftIn(step) > 0);
    return Math.max(0, wrong >= 0 ? wrong : open);
  }

  private isWrong({ fields }: Step): boolean {
    return fields.some(({ place }) => this.wrong.has(place.dataset["cell"] ?? ""));
  }

  private describe(): void {
    const asked = this.steps.filter(({ fields }) => fields.length > 0);
    const done = asked.filter((step) => leftIn(step) === 0 && !this.isWrong(step)).length;
    const words = filled("Đã xong {done} trên {all} dòng.", { done, all: asked.length });
    if (this.progress.textContent !== words) this.progress.textContent = words;
    this.steps.forEach((step, at) => {
      const option = this.choice.options[at];
      const label = this.words(step);
      if (option && option.textContent !== label) option.textContent = label;
    });
  }

  private words(step: Step): string {
    const { label, fields } = step;
    const left = leftIn(step);
    if (!fields.length) return label;
    if (this.isWrong(step)) return filled("{label}: có chỗ phải xem", { label });
    if (!left) return filled("{label}: xong", { label });
    return left === fields.length
      ? filled("{label}: chưa nhập", { label })
      : filled("{label}: còn {left} ô", { label, left });
  }
}

function stepsOf(sheet: Sheet, table: HTMLTableElement): Step[] {
  const lines = sheet.linesOf(table.dataset["table"] ?? "");
  const steps: Step[] = [];
  const totals: HTMLElement[] = [];
  table.querySelectorAll<HTMLElement>("tr[data-row], tr.nhom").forEach((row, at) => {
    const places = lines[at]?.places ?? [];
    const fields = places.flatMap((place) => (place?.typed && sheet.inputs.get(place.cell)) || []);
    const label = lines[at]?.label ?? "";
    if (fields.length) steps.push({ rows: [row], label, fields });
    else if (!row.classList.contains("nhom")) totals.push(row);
  });
  if (totals.length) steps.push({ rows: totals, label: filled("Các dòng cộng", {}), fields: [] });
  return steps;
}

function leftIn({ fields }: Step): number {
  return fields.filter(({ text }) => text.trim() === "").length;
}

function button(words: string, css = "nut"): HTMLButtonElement {
  return element("button", { type: "button", class: css }, words);
}

const NARROW = "(max-width: 640px)";

/** Every table of the page, row by row while the window is as narrow as a phone. */
export class Sequences {
  private readonly all: Sequence[] = [];

  constructor(sheet: Sheet) {
    const tables = [...sheet.form.querySelectorAll<HTMLTableElement>("table[data-table]")];
    tables.forEach((table, at) => {
      const leave = (): void => {
        const next = tables[at + 1] ?? document.querySelector<HTMLElement>("[data-leave]");
        next?.scrollIntoView({ block: "center" });
        if (next instanceof HTMLButtonElement) next.focus();
      };
      const one = new Sequence(sheet, table, leave);
      if (one.worthwhile) this.all.push(one);
    });
    sheet.form.addEventListener("reveal", ({ target }) => {
      for (const each of this.all) if (target instanceof Element) each.reveal(target);
    });
    // The key of the keypad that leads on says so
    sheet.form.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLInputElement) target.enterKeyHint = "next";
    });
  }

  start(): void {
    const narrow = window.matchMedia(NARROW);
    const follow = (): void => {
      for (const each of this.all) each.narrow(narrow.matches);
    };
    narrow.addEventListener("change", follow);
    follow();
  }

  told(wrong: ReadonlySet<string>): void {
    for (const each of this.all) each.told(wrong);
  }
}

/** Draws notices where their cause is: a mark in the cell, a sentence under its row, a summary. */

import { filled } from "../../rules/messages";
import { describe, described } from "./describing";
import { element } from "./dom";
import { isListed } from "./moving";
import { type Notice, titleOf } from "./notices";
import type { Sheet } from "./sheet";

const MOST_LISTED = 10;

export interface Deeds {
  reasonOf(key: string): string;
  explain(key: string, reason: string): void;
  choose(cell: string, whose: "mine" | "theirs"): void;
}

export class Marks {
  private drawn = "";

  constructor(
    private readonly sheet: Sheet,
    private readonly summary: HTMLElement | null,
    private readonly deeds: Deeds,
  ) {}

  /** Redraws when something changed, and keeps the reader's place on the screen and in the text. */
  draw(notices: readonly Notice[]): void {
    const signature = JSON.stringify([notices, notices.map(({ key }) => this.explained(key))]);
    if (signature === this.drawn) return;
    this.drawn = signature;
    const keep = keepPlace();
    this.clear();
    for (const notice of notices) this.mark(notice);
    this.rows(notices);
    this.summarise(notices);
    keep();
  }

  private explained(key: string): boolean {
    return this.deeds.reasonOf(key).trim() !== "";
  }

  private clear(): void {
    const { form } = this.sheet;
    for (const old of form.querySelectorAll("[data-mark]")) old.remove();
    for (const cell of form.querySelectorAll(".o-loi, .o-canh-bao")) {
      cell.classList.remove("o-loi", "o-canh-bao");
    }
    for (const input of form.querySelectorAll("[data-cell][aria-describedby], [data-cell][aria-invalid]")) {
      describe(input, "marks", "");
      input.removeAttribute("aria-invalid");
    }
  }

  private mark(notice: Notice): void {
    const { name, id, cell } = notice;
    const target = this.sheet.element(cell);
    const box = target?.closest("td");
    if (!target || !box) return;
    const wrong = isWrong(notice);
    box.classList.add(wrong ? "o-loi" : "o-canh-bao");
    const words = name.toLowerCase();
    box.append(element("span", { class: wrong ? "loi-o" : "canh-o", id, "data-mark": "" }, words));
    if (target.dataset["cell"] === undefined) return;
    describe(target, "marks", [described(target, "marks"), id, `${id}-noi`].filter(Boolean).join(" "));
    if (wrong) target.setAttribute("aria-invalid", "true");
  }

  /**
   * One row of sentences under each row that has something to be said about; where the cells
   * stand one under another, each sentence stands in its cell.
   */
  private rows(notices: readonly Notice[]): void {
    const byRow = new Map<HTMLTableRowElement, Notice[]>();
    const inCells: [box: Element, notice: Notice][] = [];
    const listed = new Map<Element | null, boolean>();
    for (const notice of notices) {
      const box = this.sheet.element(notice.cell)?.closest("td");
      const row = box?.closest("tr");
      if (!box || !row) continue;
      const table = row.closest("table");
      if (!listed.has(table)) listed.set(table, isListed(row));
      if (listed.get(table)) inCells.push([box, notice]);
      else byRow.set(row, [...(byRow.get(row) ?? []), notice]);
    }
    for (const [box, notice] of inCells) {
      const css = isWrong(notice) ? "dong-loi loi-noi" : "dong-giai-thich loi-noi";
      box.append(element("div", { class: css, "data-mark": "" }, this.sentence(notice)));
    }
    for (const [row, found] of byRow) {
      const columns = [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
      const made = (kind: string, some: readonly Notice[]): HTMLElement => {
        const parts = some.map((notice) => this.sentence(notice));
        const cell = element("td", { colspan: String(columns) }, ...parts);
        return element("tr", { class: kind, "data-mark": "" }, cell);
      };
      const wrong = found.filter(isWrong);
      const strange = found.filter((notice) => !isWrong(notice));
      if (strange.length) row.after(made("dong-giai-thich", strange));
      if (wrong.length) row.after(made("dong-loi", wrong));
    }
  }

  private sentence(notice: Notice): HTMLElement {
    const { kind, id, name } = notice;
    const line = element("p", { id: `${id}-noi` }, element("strong", {}, `${name}.`), ` ${this.told(notice)}`);
    if (kind === "conflict") line.append(...this.choices(notice));
    if (kind !== "warning") return kind === "note" ? element("div", { class: "o-giai-thich" }, line) : line;
    const picture = this.sheet.picture(notice.key.split("|")[0] ?? "", notice.cell);
    return element("div", { class: "o-giai-thich" }, line, ...picture, ...this.reason(notice));
  }

  private choices({ cell, conflict }: Notice): (Node | string)[] {
    const button = (whose: "mine" | "theirs", words: string): HTMLElement => {
      const made = element("button", { type: "button", class: "nut nut-nho" }, words);
      made.addEventListener("click", () => this.deeds.choose(cell, whose));
      return made;
    };
    const facts = { mine: conflict?.mine ?? "", theirs: conflict?.theirs ?? "" };
    return [
      " ",
      button("mine", filled("Giữ số của tôi ({mine})", facts)),
      " ",
      button("theirs", filled("Lấy số kia ({theirs})", facts)),
    ];
  }

  private reason({ id, key }: Notice): HTMLElement[] {
    const area = element("textarea", {
      class: "truong-chu", id: `ly-do-${id}`, rows: "1", maxlength: "1000", "data-reason": key,
    });
    area.value = this.deeds.reasonOf(key);
    area.addEventListener("input", () => this.deeds.explain(key, area.value));
    return [element("label", { for: area.id }, filled("Lý do", {})), area];
  }

  private summarise(notices: readonly Notice[]): void {
    const { summary } = this;
    if (!summary) return;
    const wrong = notices.filter(isWrong);
    const warnings = notices.filter(({ kind }) => kind === "warning");
    const open = warnings.filter(({ key }) => !this.explained(key));
    const listed = [...wrong, ...warnings]; // notes stand at their cells only
    summary.hidden = listed.length === 0;
    summary.classList.toggle("bao-loi", wrong.length > 0);
    summary.classList.toggle("bao-nhac", wrong.length === 0);
    const title = summary.querySelector("h2");
    if (title) title.textContent = titleOf(wrong.length, open.length);
    const list = summary.querySelector("ul");
    list?.replaceChildren(...listed.slice(0, MOST_LISTED).map((notice) => this.line(notice)));
    if (listed.length > MOST_LISTED) {
      const more = { count: listed.length - MOST_LISTED };
      list?.append(element("li", {}, filled("và {count} điều nữa, xem trong bảng.", more)));
    }
  }

  /** What was explained is asked for no more. */
  private told({ key, message }: Notice): string {
    const ask = filled("Nếu đúng, viết một câu lý do.", {});
    return this.explained(key) && message.endsWith(ask) ? message.slice(0, -ask.length).trimEnd() : message;
  }

  private line(notice: Notice): HTMLElement {
    const { name, kind, key, cell, where } = notice;
    const target = this.sheet.element(cell);
    const place = where || filled("Cả biểu", {});
    const anchor = target?.id ? element("a", { href: `#${target.id}` }, place) : place;
    const told = kind === "warning" && this.explained(key);
    const tail = told ? [" ", filled("Đã có lời giải thích, mời đọc lại.", {})] : [];
    return element("li", {}, element("strong", {}, `${name}.`), " ", anchor, `: ${this.told(notice)}`, ...tail);
  }
}

function isWrong({ kind }: Notice): boolean {
  return kind === "error" || kind === "conflict";
}

/** What the reader was at stays where it was on the screen, and keeps the caret. */
function keepPlace(): () => void {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || !active.closest("[data-grid]")) return () => undefined;
  const scroller = active.closest<HTMLElement>(".luoi");
  const key = active.dataset["reason"];
  const caret = active instanceof HTMLTextAreaElement ? active.selectionStart : 0;
  const outer = scroller?.getBoundingClientRect().top ?? 0;
  const inner = active.getBoundingClientRect().top - outer;
  return () => {
    const again = active.isConnected
      ? active
      : document.querySelector<HTMLTextAreaElement>(`[data-reason="${CSS.escape(key ?? "")}"]`);
    if (scroller) window.scrollBy(0, scroller.getBoundingClientRect().top - outer);
    if (!again) return;
    if (again !== active) again.focus({ preventScroll: true });
    if (again !== active && again instanceof HTMLTextAreaElement) again.setSelectionRange(caret, caret);
    const top = scroller?.getBoundingClientRect().top ?? 0;
    const moved = again.getBoundingClientRect().top - top - inner;
    if (scroller) scroller.scrollTop += moved;
  };
}

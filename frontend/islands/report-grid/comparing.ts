/** The same cell in an earlier period, and the difference: beside each cell, when it is wanted. */

import type { Decimal } from "../../rules/decimal";
import { isNumeric } from "../../rules/kinds";
import { filled } from "../../rules/messages";
import { display } from "../../rules/numbers";
import { describe } from "./describing";
import { element } from "./dom";
import type { Sheet } from "./sheet";

const KEPT = "nhasan:so-voi";

/** An earlier period: what it is called, and its numbers by cell. */
export interface Earlier {
  readonly label: string;
  readonly values: ReadonlyMap<string, Decimal>;
}

interface Shown {
  readonly box: HTMLElement;
  readonly change: HTMLElement;
  readonly words: HTMLElement;
}

export class Comparing {
  private shown = new Map<string, Shown>();
  private chosen = "";

  constructor(
    private readonly sheet: Sheet,
    private readonly earlier: Readonly<Record<string, Earlier>>,
    private readonly choice: HTMLSelectElement | null,
  ) {
    choice?.addEventListener("change", () => {
      remember(choice.value);
      this.show(choice.value);
    });
  }

  start(): void {
    const { choice } = this;
    const [label] = choice?.labels ?? [];
    const usable = choice !== null && choice.options.length > 1;
    if (label) label.hidden = !usable;
    if (!choice || !usable) return;
    const kept = remembered();
    if ([...choice.options].some(({ value }) => value === kept)) choice.value = kept;
    this.show(choice.value);
  }

  /** What the cell said in each earlier period, in words for the line of the current cell. */
  words(cell: string): string {
    return Object.values(this.earlier).flatMap(({ label, values }) => {
      const before = values.get(cell);
      const column = this.sheet.columnOf(cell);
      if (!before || !column) return [];
      const change = this.sheet.change(cell, before);
      const facts = { period: label, before: display(before, column.kind), change };
      return [change ? filled("{period}: {before}, khác {change}", facts) : filled("{period}: {before}", facts)];
    }).join("; ");
  }

  /** Numbers were typed: the differences follow. */
  recomputed(): void {
    const values = this.earlier[this.chosen]?.values;
    for (const [cell, { change, words }] of this.shown) {
      const before = values?.get(cell);
      const told = before ? this.sheet.change(cell, before) : "";
      change.hidden = !/[1-9]/.test(told); // what stayed the same needs no word
      if (words.textContent !== told) words.textContent = told;
    }
  }

  private show(which: string): void {
    for (const [cell, { box }] of this.shown) {
      box.remove();
      const place = this.sheet.element(cell);
      if (place) describe(place, "earlier", "");
    }
    this.shown = new Map();
    this.chosen = which;
    const earlier = this.earlier[which];
    this.sheet.form.classList.toggle("co-so-truoc", earlier !== undefined);
    if (!earlier) return;
    for (const [cell, before] of earlier.values) this.put(cell, before, earlier.label);
    this.recomputed();
  }

  private put(cell: string, before: Decimal, label: string): void {
    const place = this.sheet.element(cell);
    const column = this.sheet.columnOf(cell);
    const td = place?.closest("td");
    if (!place || !column || !td || !isNumeric(column.kind)) return;
    const id = `truoc-${cell.replaceAll("/", "-")}`;
    const words = element("span");
    const change = element("span", { class: "muc-doi" }, element("span", { class: "an" }, filled(", khác", {})), " ", words);
    const box = element(
      "span",
      { class: "so-truoc", id },
      element("span", { class: "an" }, `${label}: `),
      display(before, column.kind),
      change,
    );
    td.append(box);
    if (place !== td) describe(place, "earlier", id);
    this.shown.set(cell, { box, change, words });
  }
}

function remember(which: string): void {
  try {
    localStorage.setItem(KEPT, which);
  } catch {
    return; // a browser that keeps nothing forgets this, too
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

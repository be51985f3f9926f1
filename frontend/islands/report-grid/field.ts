/** What people fill a cell with: a box to type into, a list, or a row of answers to pick from. */

import { reading } from "../../rules/grid";
import type { Column } from "../../rules/kinds";
import { element } from "./dom";

export interface Field {
  /** The element that is the cell: it carries its id, its words and its marks. */
  readonly place: HTMLElement;
  /** What the page arrived with. */
  readonly arrived: string;
  /** What the cell says; a choice is found again in whatever way it was written. */
  text: string;
  readonly fixed: boolean;
  focus(): void;
  /** Leaves the cell out of what the form sends, or lets it in again. */
  silence(silent: boolean): void;
}

/** The field of an element with `data-cell`, or nothing if the machine fills it. */
export function fieldOf(place: HTMLElement, column: Column): Field | null {
  if (place instanceof HTMLInputElement) return new TextField(place);
  if (place instanceof HTMLSelectElement) return new ListField(place, column);
  return place.getAttribute("role") === "radiogroup" ? new AnswersField(place, column) : null;
}

/** The cell that an event speaks of. */
export function cellOf(event: Event): string | undefined {
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest<HTMLElement>("[data-cell]")?.dataset["cell"];
}

class TextField implements Field {
  constructor(readonly place: HTMLInputElement) {}

  get arrived(): string {
    return this.place.defaultValue;
  }

  get text(): string {
    return this.place.value;
  }

  set text(text: string) {
    if (this.place.value !== text) this.place.value = text;
  }

  /** A report among others that receives nothing any more is passed over. */
  get fixed(): boolean {
    return this.place.disabled || this.place.dataset["closed"] !== undefined;
  }

  /** Typing then replaces what stands there, as in a spreadsheet. */
  focus(): void {
    this.place.focus({ preventScroll: true });
    this.place.select();
  }

  silence(silent: boolean): void {
    muted(this.place, silent);
  }
}

class ListField implements Field {
  constructor(
    readonly place: HTMLSelectElement,
    private readonly column: Column,
  ) {}

  get arrived(): string {
    const options = [...this.place.options];
    return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
  }

  get text(): string {
    return this.place.value;
  }

  set text(text: string) {
    const known = match([...this.place.options], text, this.column);
    if (known === undefined) this.place.append(element("option", { value: text }, text));
    this.place.value = known ?? text;
  }

  get fixed(): boolean {
    return this.place.disabled;
  }

  focus(): void {
    this.place.focus({ preventScroll: true });
  }

  silence(silent: boolean): void {
    muted(this.place, silent);
  }
}

class AnswersField implements Field {
  constructor(
    readonly place: HTMLElement,
    private readonly column: Column,
  ) {}

  private get answers(): HTMLInputElement[] {
    return [...this.place.querySelectorAll<HTMLInputElement>("input")];
  }

  get arrived(): string {
    return this.answers.find((answer) => answer.defaultChecked)?.value ?? "";
  }

  get text(): string {
    return this.answers.find((answer) => answer.checked)?.value ?? "";
  }

  set text(text: string) {
    const known = match(this.answers, text, this.column);
    if (known === undefined) this.offer(text);
    for (const answer of this.answers) answer.checked = answer.value === (known ?? text);
  }

  /** What is not among the answers stays to be seen, until one is picked. */
  private offer(text: string): void {
    const [first] = this.answers;
    const added = element("input", { type: "radio", name: first?.name ?? "", value: text });
    this.place.append(element("label", {}, added, ` ${text}`));
  }

  get fixed(): boolean {
    return this.answers.every((answer) => answer.disabled);
  }

  focus(): void {
    const answers = this.answers;
    (answers.find((answer) => answer.checked) ?? answers[0])?.focus({ preventScroll: true });
  }

  silence(silent: boolean): void {
    for (const answer of this.answers) muted(answer, silent);
  }
}

/** The offered value that means the same: "1", "đạt" and "Đạt" are one answer. */
function match(offered: readonly { value: string }[], text: string, column: Column): string | undefined {
  const values = offered.map(({ value }) => value);
  if (values.includes(text)) return text;
  const meant = reading(column, text).figure;
  if (!meant) return undefined;
  return values.find((value) => {
    const figure = reading(column, value).figure;
    if (figure?.status !== meant.status) return false;
    return figure.value === null || meant.value === null
      ? figure.value === meant.value
      : figure.value.equals(meant.value);
  });
}

/** Without a name a field is not sent; with it, radio buttons are one group again. */
function muted(field: HTMLInputElement | HTMLSelectElement, silent: boolean): void {
  if (silent && field.name) field.dataset["name"] = field.name;
  if (silent) field.removeAttribute("name");
  else if (field.dataset["name"]) field.name = field.dataset["name"];
}

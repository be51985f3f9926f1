/** Moving from cell to cell with the keyboard, as in a spreadsheet, never under a frozen head. */

import type { Field } from "./field";
import { cellOf } from "./field";
import type { Sheet } from "./sheet";

type Step = readonly [down: number, right: number];

const WAYS: Readonly<Record<string, Step>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** What the keys of the grid may ask of the page. */
export interface Wishes {
  /** Gives back the text that stood when the cell was entered. */
  restore(cell: string): void;
  clear(cell: string): void;
  /** Goes to the button under the tables. */
  leave(): void;
}

/** The step that a key asks for, unless the caret still has text to walk through. */
function stepOf(event: KeyboardEvent, place: HTMLElement): Step | null {
  if (event.key === "Enter") return [event.shiftKey ? -1 : 1, 0];
  const step = WAYS[event.key];
  if (!step || place.getAttribute("role") === "radiogroup") return null; // there, arrows pick an answer
  if (!(place instanceof HTMLInputElement) || step[0] !== 0) return step;
  const { selectionStart: start, selectionEnd: end, value } = place;
  const edge = step[1] < 0 ? 0 : value.length;
  const all = start === 0 && end === value.length;
  return all || (start === edge && end === edge) ? step : null;
}

/** Handles a key in a cell. */
export function moveByKey(event: KeyboardEvent, sheet: Sheet, wishes: Wishes): void {
  const cell = cellOf(event);
  const field = cell === undefined ? undefined : sheet.inputs.get(cell);
  if (!field || cell === undefined || event.altKey || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    jump(event, sheet, cell, wishes);
    return;
  }
  if (event.shiftKey && event.key !== "Enter") return;
  const { place } = field;
  if (place instanceof HTMLSelectElement && isOpen(place)) return;
  if (event.key === "Escape") {
    wishes.restore(cell);
  } else if (event.key === "F2" && place instanceof HTMLInputElement) {
    place.setSelectionRange(place.value.length, place.value.length);
  } else if (isClearing(event) && !(place instanceof HTMLInputElement)) {
    event.preventDefault();
    wishes.clear(cell);
  } else {
    step(event, sheet, cell, place);
  }
}

function isClearing(event: KeyboardEvent): boolean {
  return event.key === "Delete" || event.key === "Backspace";
}

function step(event: KeyboardEvent, sheet: Sheet, cell: string, place: HTMLElement): void {
  const [down, right] = stepOf(event, place) ?? [0, 0];
  if (!down && !right) return;
  // Enter must never send the form, even at the last row
  event.preventDefault();
  const listed = isListed(place);
  const next = listed && down ? sheet.following(cell, down) : sheet.neighbour(cell, down, right);
  if (next) goTo(next);
}

/** The first and the last cell of the table, or the way out of it. */
function jump(event: KeyboardEvent, sheet: Sheet, cell: string, wishes: Wishes): void {
  const ends: Readonly<Record<string, number>> = { Home: 0, End: -1 };
  const end = ends[event.key];
  if (event.shiftKey || (end === undefined && event.key !== "Enter")) return;
  event.preventDefault();
  if (end === undefined) {
    wishes.leave();
    return;
  }
  const target = sheet.end(cell, end);
  if (target) goTo(target);
}

/** Whether the cells of a record stand one under another, each with its question. */
export function isListed(place: Element): boolean {
  const head = place.closest("table")?.tHead;
  return head ? getComputedStyle(head).display === "none" : false;
}

/** A list that is open has the arrows for itself. */
function isOpen(list: HTMLSelectElement): boolean {
  try {
    return list.matches(":open");
  } catch {
    return false; // an older browser, which keeps the keys of an open list to itself
  }
}

export function goTo(field: Field): void {
  field.place.dispatchEvent(new Event("reveal", { bubbles: true })); // on a phone it may not be drawn
  field.focus();
  field.place.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/**
 * Whatever way a cell is entered, its text is selected: typing replaces it. A second press
 * puts the caret where it points.
 */
export function selectOnEntry(form: HTMLElement): void {
  let pressed = false;
  let fresh: EventTarget | null = null;
  form.addEventListener("pointerdown", (event) => {
    pressed = true;
    fresh = event.target === document.activeElement ? null : event.target;
  });
  form.addEventListener("focusin", ({ target }) => {
    if (!pressed && isCell(target)) target.select();
    // What was selected in the cell before must not take what is typed here
    if (target instanceof HTMLSelectElement) document.getSelection()?.removeAllRanges();
  });
  for (const name of ["click", "pointercancel"]) {
    form.addEventListener(name, ({ target }) => {
      // A press that was drawn over some of the text has chosen that
      const chosen = isCell(target) && target.selectionStart !== target.selectionEnd;
      if (isCell(target) && target === fresh && !chosen) target.select();
      pressed = false;
      fresh = null;
    });
  }
  // A press that ends elsewhere is no click here
  document.addEventListener("pointerup", () => setTimeout(() => (pressed = false)));
}

function isCell(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.dataset["cell"] !== undefined;
}

/** Leads a link to a cell into the cell itself, ready to be typed over. */
export function followLinks(page: Document, sheet: Sheet): void {
  const byId = (hash: string): Field | undefined => {
    const id = decodeURIComponent(hash.replace(/^#/, ""));
    return [...sheet.inputs.values()].find(({ place }) => place.id === id);
  };
  const arrived = location.hash ? byId(location.hash) : undefined;
  if (arrived) goTo(arrived);
  page.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const href = link?.getAttribute("href") ?? "";
    const field = href.startsWith("#") && href.length > 1 ? byId(href) : undefined;
    if (!field) return;
    event.preventDefault();
    goTo(field);
  });
}

/** Measures what is frozen, so that the browser scrolls a focused cell clear of it. */
export function reserveFrozen(form: HTMLElement): void {
  for (const scroller of form.querySelectorAll<HTMLElement>(".luoi")) {
    const head = scroller.querySelector<HTMLElement>("thead");
    const label = scroller.querySelector<HTMLElement>("tbody .dau-dong");
    const frozen = label !== null && getComputedStyle(label).position === "sticky";
    const top = head && getComputedStyle(head).position === "sticky" ? head.offsetHeight : 0;
    scroller.style.scrollPadding = `${top + 8}px 8px 8px ${(frozen ? label.offsetWidth : 0) + 8}px`;
  }
  const bar = document.querySelector<HTMLElement>(".thanh-luu");
  if (bar) document.documentElement.style.scrollPaddingBottom = `${bar.offsetHeight + 8}px`;
}

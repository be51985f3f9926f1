/** Moving from cell to cell with the keyboard, as in a spreadsheet, never under a frozen head. */

import type { Sheet } from "./sheet";

/** The step that a key asks for, unless the caret still has text to walk through. */
function stepOf(event: KeyboardEvent, input: HTMLInputElement): [down: number, right: number] | null {
  const { selectionStart: start, selectionEnd: end, value } = input;
  const all = start === 0 && end === value.length;
  switch (event.key) {
    case "ArrowUp":
      return [-1, 0];
    case "ArrowDown":
      return [1, 0];
    case "Enter":
      return [event.shiftKey ? -1 : 1, 0];
    case "ArrowLeft":
      return all || (start === 0 && end === 0) ? [0, -1] : null;
    case "ArrowRight":
      return all || (start === value.length && end === value.length) ? [0, 1] : null;
    default:
      return null;
  }
}

/** Handles a key in a cell. `restore` gives back the text that stood when the cell was entered. */
export function moveByKey(event: KeyboardEvent, sheet: Sheet, restore: (cell: string) => void): void {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.dataset["cell"] === undefined) return;
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (modified || (event.shiftKey && event.key !== "Enter")) return;
  if (event.key === "Escape") {
    restore(input.dataset["cell"]);
    return;
  }
  if (event.key === "F2") {
    input.setSelectionRange(input.value.length, input.value.length);
    return;
  }
  const step = stepOf(event, input);
  if (!step) return;
  // Enter must never send the form, even at the last row
  event.preventDefault();
  const next = sheet.neighbour(input.dataset["cell"], ...step);
  if (next) goTo(next);
}

export function goTo(input: HTMLInputElement): void {
  input.focus({ preventScroll: true });
  input.select();
  input.scrollIntoView({ block: "nearest", inline: "nearest" });
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

/** Why there is no number, by one touch: the keypad of a phone has neither letters nor dots. */

/** Shows the buttons while a cell for numbers has the focus, and writes what is touched into it. */
export function offerMarkers(form: HTMLElement, write: (cell: string, text: string) => void): void {
  const bar = form.querySelector<HTMLElement>("[data-markers]");
  if (!bar) return;
  const numeric = (target: Element): string | undefined =>
    target instanceof HTMLInputElement && target.inputMode ? target.dataset["cell"] : undefined;
  let current: string | undefined;
  form.addEventListener("focusin", ({ target }) => {
    if (target instanceof Node && bar.contains(target)) return;
    current = target instanceof Element ? numeric(target) : undefined;
    bar.hidden = current === undefined;
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && form.contains(relatedTarget))) bar.hidden = true;
  });
  // The cell keeps the focus, and the keypad stays
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", ({ target }) => {
    const text = target instanceof HTMLElement ? target.dataset["marker"] : undefined;
    if (text !== undefined && current !== undefined) write(current, text);
  });
}

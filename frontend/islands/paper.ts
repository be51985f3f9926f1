/** What stands on paper and on a small screen: a button that prints, long tables folded away. */

const LONG = 12; // more rows than these are folded on a phone

export function offerPrinting(page: Document): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-in]")) {
    button.hidden = false;
    button.addEventListener("click", () => page.defaultView?.print());
  }
}

/** On a phone a long table is one line until it is asked for; on paper it is always there. */
export function foldTables(page: Document): void {
  const view = page.defaultView;
  const folds = [...page.querySelectorAll<HTMLDetailsElement>("details[data-gap-hep]")];
  if (!view?.matchMedia("(max-width: 640px)").matches) return;
  for (const fold of folds) fold.open = fold.querySelectorAll("tr").length <= LONG;
  view.addEventListener("beforeprint", () => {
    for (const fold of folds) fold.open = true;
  });
}

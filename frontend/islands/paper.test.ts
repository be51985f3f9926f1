/** Printing, and folding what is long on a phone. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { foldTables, offerPrinting } from "./paper";

const rows = (count: number): string => "<tr><td>1</td></tr>".repeat(count);

function page(narrow: boolean): HTMLDetailsElement[] {
  document.body.innerHTML = `<button type="button" data-in hidden>In</button>
    <details open data-gap-hep><summary>dài</summary><table>${rows(54)}</table></details>
    <details open data-gap-hep><summary>ngắn</summary><table>${rows(3)}</table></details>`;
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: narrow } as MediaQueryList);
  foldTables(document);
  return [...document.querySelectorAll("details")];
}

afterEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

describe("paper and small screens", () => {
  it("folds what is long on a phone, and opens it for paper", () => {
    const [long, short] = page(true);
    expect([long?.open, short?.open]).toEqual([false, true]);
    window.dispatchEvent(new Event("beforeprint"));
    expect(long?.open).toBe(true);
  });

  it("leaves everything open where there is room", () => {
    expect(page(false).every((fold) => fold.open)).toBe(true);
  });

  it("prints on request", () => {
    page(false);
    const print = vi.fn();
    vi.stubGlobal("print", print);
    window.print = print;
    offerPrinting(document);
    const button = document.querySelector<HTMLButtonElement>("[data-in]");
    expect(button?.hidden).toBe(false);
    button?.click();
    expect(print).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});

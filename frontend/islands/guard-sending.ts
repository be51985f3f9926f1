/** A slow network invites a second press: the second one sends nothing. */

const PATIENCE_MS = 8000; // a download leaves the page standing, so the guard must let go

export function guardSending(page: Document): void {
  const sent = new WeakMap<HTMLFormElement, number>();

  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    const before = sent.get(form);
    if (before !== undefined && Date.now() - before < PATIENCE_MS) {
      event.preventDefault();
      return;
    }
    sent.set(form, Date.now());
  });

  // Coming back by the browser's button brings the page back as it was: it may send again
  page.defaultView?.addEventListener("pageshow", () => {
    for (const form of page.forms) sent.delete(form);
  });
}

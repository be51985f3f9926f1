import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { guardSending } from "./guard-sending";

guardSending(document);

function press(form: HTMLFormElement): boolean {
  return form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

function form(method: string): HTMLFormElement {
  document.body.innerHTML = `<form method="${method}"></form>`;
  return document.forms[0] as HTMLFormElement;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("a second press sends nothing", () => {
  const sending = form("post");
  expect(press(sending)).toBe(true);
  expect(press(sending)).toBe(false);
});

it("a page that still stands after a while may send again", () => {
  const sending = form("post");
  press(sending);
  vi.advanceTimersByTime(9000);
  expect(press(sending)).toBe(true);
});

it("a page brought back by the browser may send again", () => {
  const sending = form("post");
  press(sending);
  window.dispatchEvent(new Event("pageshow"));
  expect(press(sending)).toBe(true);
});

it("a search may be sent as often as one likes", () => {
  const asking = form("get");
  press(asking);
  expect(press(asking)).toBe(true);
});

/** The one line that says what was kept, and what a paste did. */

import { filled } from "../../rules/messages";
import { element } from "./dom";
import type { State } from "./saving";

export class StatusLine {
  private readonly pasted = element("span");
  private readonly kept = element("span", { class: "da-luu" });
  private readonly rest = element("span");

  constructor(
    private readonly line: HTMLElement | null,
    private readonly offline: HTMLElement | null,
    private readonly signIn: string,
  ) {
    // What the server wrote, "Đã lưu lúc … Đã nhập …", stays until there is something newer
    const words = line?.textContent?.trim() ?? "";
    const [, saved = "", more = words] = /^(.*?\.)\s+(.*)$/.exec(words) ?? [];
    put(this.kept, saved);
    put(this.rest, more);
    this.line?.replaceChildren(this.pasted, " ", this.kept, " ", this.rest);
  }

  progress({ filled: done, all }: { filled: number; all: number }): void {
    put(this.rest, filled("Đã nhập {done} trên {all} ô.", { done, all }));
  }

  /** What just happened to the cells: a paste, its undoing, how a number was understood. */
  deed(words: string): void {
    put(this.pasted, words);
  }

  state(state: State, waiting: number): void {
    if (this.offline) this.offline.hidden = state.name !== "offline";
    if (state.name === "saved") begun();
    this.kept.className = state.name === "saved" ? "da-luu" : "chua-luu";
    this.kept.ariaHidden = state.name === "waiting" ? "true" : null; // seen, not read aloud at every cell
    put(this.kept, this.words(state, waiting));
    if (state.name === "signed-out" && this.signIn) {
      this.kept.append(" ", element("a", { href: this.signIn }, filled("Đăng nhập lại", {})));
    }
  }

  private words(state: State, waiting: number): string {
    switch (state.name) {
      case "saved":
        return filled("Đã lưu lúc {time}.", { time: /T(\d\d:\d\d)/.exec(state.at)?.[1] ?? "" });
      case "waiting":
        return filled("Đang lưu…", {});
      case "offline":
        return filled("{waiting} ô đang giữ trên máy này, sẽ tự gửi khi có mạng.", { waiting });
      default: {
        const kept = filled("Số đã nhập vẫn được giữ trên máy này.", {});
        return state.message ? `${state.message} ${kept}` : kept;
      }
    }
  }
}

/** A report that was not begun is, from its first save on. */
function begun(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-before-save]")) place.hidden = true;
  for (const place of document.querySelectorAll<HTMLElement>("[data-after-save]")) place.hidden = false;
}

function put(place: HTMLElement, words: string): void {
  if (place.textContent !== words) place.textContent = words;
}

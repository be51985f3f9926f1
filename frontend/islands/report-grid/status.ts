/** The one line that says what was kept, and what a paste did. */

import { filled } from "../../rules/messages";
import { element } from "./dom";
import type { State } from "./saving";

export class StatusLine {
  private readonly pasted = element("span");
  private readonly kept = element("span", { class: "da-luu" });
  private readonly rest = element("span");
  private readonly atFirst: string;
  private now: State | null = null;
  private last: Extract<State, { name: "saved" }> | null = null;

  constructor(
    private readonly line: HTMLElement | null,
    private readonly offline: HTMLElement | null,
    private readonly signIn: string,
  ) {
    // What the server wrote, "Đã lưu lúc … Đã nhập …", stays until there is something newer
    const words = line?.textContent?.trim() ?? "";
    const [, saved = "", more = words] = /^(.*?\.)\s+(.*)$/.exec(words) ?? [];
    this.atFirst = saved;
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

  state(state: State, waiting: number, conflicts: number): void {
    this.now = state;
    if (state.name === "saved") {
      begun();
      this.last = state;
    }
    this.warnOffline(state.name === "offline", false);
    // Nothing is all saved while two people's numbers stand side by side
    const open = state.name === "saved" && conflicts > 0;
    this.kept.className = state.name === "saved" && !open ? "da-luu" : "chua-luu";
    this.kept.ariaHidden = state.name === "waiting" ? "true" : null; // seen, not read aloud at every cell
    put(this.kept, open ? stillOpen(conflicts) : this.words(state, waiting));
    if (state.name === "signed-out" && this.signIn) {
      this.kept.append(" ", element("a", { href: this.signIn }, filled("Đăng nhập lại", {})));
    }
  }

  /** Nothing is left to send, for it was taken back: what was saved last is what stands. */
  settled(conflicts: number): void {
    if (this.now && this.now.name !== "waiting" && this.now.name !== "saved") return;
    if (this.last) this.state(this.last, 0, conflicts);
    else {
      this.kept.className = "da-luu";
      put(this.kept, this.atFirst);
    }
  }

  /** The report was not sent: leads to where it says why. */
  unsent(conflicts: HTMLElement | null): void {
    const offline = !conflicts && (this.now?.name === "offline" || !navigator.onLine);
    if (offline) this.warnOffline(true, true);
    const place = conflicts ?? (offline ? this.offline : this.line);
    if (!place) return;
    place.tabIndex = -1;
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  }

  /** The network is back; what is still to be saved speaks for itself. */
  online(): void {
    if (this.now?.name !== "offline") this.warnOffline(false, false);
  }

  private warnOffline(offline: boolean, unsent: boolean): void {
    if (!this.offline) return;
    this.offline.hidden = !offline;
    const wish = this.offline.querySelector<HTMLElement>("[data-unsent]");
    if (wish) wish.hidden = !(offline && (unsent || !wish.hidden));
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

function stillOpen(count: number): string {
  return filled("Còn {count} ô hai người cùng sửa, chưa lưu: hãy chọn số đúng.", { count });
}

/** A report that was not begun is, from its first save on. */
function begun(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-before-save]")) place.hidden = true;
  for (const place of document.querySelectorAll<HTMLElement>("[data-after-save]")) place.hidden = false;
}

function put(place: HTMLElement, words: string): void {
  if (place.textContent !== words) place.textContent = words;
}

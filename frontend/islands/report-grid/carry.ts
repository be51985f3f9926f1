/** Before the period before is carried over, what was typed here is saved: the page comes anew. */

import { filled } from "../../rules/messages";
import type { Saving } from "./saving";

export function saveBeforeCarrying(page: Document, saving: Saving, say: (words: string) => void): void {
  const button = page.querySelector<HTMLButtonElement>("[data-carry]");
  const target = button?.form;
  if (!button || !target) return;
  button.hidden = false;
  target.addEventListener("submit", (event) => {
    event.preventDefault();
    void saving.flush().then((all) => {
      if (all) target.submit();
      else say(filled("Chưa lấy được số kỳ trước: các ô vừa nhập còn chưa lưu xong.", {}));
    });
  });
}

/** Notes and papers beside a cell: a mark at the cell, and a box to read and write them in. */

import { filled } from "../../rules/messages";
import { describe } from "./describing";
import { element } from "./dom";
import type { Sheet } from "./sheet";

export interface Paper {
  readonly name: string;
  readonly url: string;
}

/** What stands beside one cell. */
export interface Beside {
  readonly cell: string;
  readonly text: string;
  readonly by: string;
  readonly papers: readonly Paper[];
}

export class Notes {
  private readonly beside = new Map<string, Beside>();
  private readonly marks = new Map<string, HTMLElement>();
  private readonly heading: HTMLElement;
  private readonly area: HTMLTextAreaElement;
  private readonly file: HTMLInputElement | null;
  private readonly list: HTMLElement;
  private readonly problem: HTMLElement;
  private cell = "";
  private busy = false;

  constructor(
    private readonly sheet: Sheet,
    private readonly box: HTMLDialogElement,
    found: readonly Beside[],
    private readonly token: () => string,
    private readonly say: Readonly<Record<"words" | "about", (cell: string) => string>>,
  ) {
    this.heading = part(box, "h2");
    this.area = part(box, "textarea");
    this.file = box.querySelector<HTMLInputElement>("input[type=file]");
    this.list = part(box, "ul");
    this.problem = part(box, "[data-problem]");
    for (const each of found) this.put(each);
    part(box, "[data-close]").addEventListener("click", () => box.close());
    box.querySelector("[data-keep]")?.addEventListener("click", () => void this.keep());
    box.addEventListener("close", () => this.left());
  }

  /** Opens the box for a cell. */
  open(cell: string): void {
    if (!this.sheet.columnOf(cell)) return;
    const { text = "", papers = [] } = this.beside.get(cell) ?? {};
    this.cell = cell;
    this.heading.textContent = this.sheet.where(cell);
    part(this.box, "[data-facts]").textContent = this.say.words(cell);
    part(this.box, "[data-about]").textContent = this.say.about(cell);
    this.area.value = text;
    if (this.file) this.file.value = "";
    this.show(papers);
    this.tell("");
    this.box.showModal();
    this.area.focus();
  }

  /** A link at a cell leads into the box; without this script it leads to a page. */
  listen(page: EventTarget): void {
    page.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-noted]") : null;
      if (!link) return;
      event.preventDefault();
      this.open(link.dataset["noted"] ?? "");
    });
  }

  private show(papers: readonly Paper[]): void {
    part(this.box, "[data-papers]").hidden = papers.length === 0;
    this.list.replaceChildren(...papers.map(({ name, url }) =>
      element("li", {}, element("a", { href: url, download: "" }, name))));
  }

  private tell(words: string): void {
    this.problem.textContent = words;
    this.problem.hidden = words === "";
  }

  /** Sends what changed; the box closes only when all of it has arrived. */
  private async keep(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.tell("");
    try {
      if (this.area.value.trim() !== (this.beside.get(this.cell)?.text ?? "")) await this.keepText();
      const paper = this.file?.files?.[0];
      if (paper) await this.keepPaper(paper);
      this.box.close();
    } catch (refused) {
      this.tell(refused instanceof Refused ? refused.message : filled(
        "Máy đang không có mạng nên chưa lưu được. Chữ bạn viết vẫn còn ở đây, đừng đóng trang.", {}));
    } finally {
      this.busy = false;
    }
  }

  private async keepText(): Promise<void> {
    const body = JSON.stringify({ cell: this.cell, text: this.area.value.trim() });
    await this.send("notesUrl", "PUT", body, { "Content-Type": "application/json" });
  }

  private async keepPaper(paper: File): Promise<void> {
    const limit = Number(this.box.dataset["limit"] ?? 10);
    if (paper.size > limit * 1024 * 1024) {
      throw new Refused(filled("Tệp nặng quá {limit} MB nên không được nhận.", { limit }));
    }
    const body = new FormData();
    body.set("cell", this.cell);
    body.set("file", paper);
    await this.send("evidenceUrl", "POST", body, {});
  }

  private async send(
    address: string, method: string, body: BodyInit, more: Readonly<Record<string, string>>,
  ): Promise<void> {
    const response = await fetch(this.box.dataset[address] ?? "", {
      method, body, credentials: "same-origin", headers: { "X-CSRFToken": this.token(), ...more },
    });
    const answer = (await response.json()) as Beside & { message?: string };
    if (!response.ok) throw new Refused(answer.message ?? "");
    this.put(answer);
  }

  /** Marks a cell beside which something stands. */
  private put(found: Beside): void {
    const { cell, text, papers } = found;
    this.beside.set(cell, found);
    this.marks.get(cell)?.remove();
    this.sheet.form.querySelector(`a[data-noted="${CSS.escape(cell)}"]`)?.remove();
    const place = this.sheet.element(cell);
    const td = place?.closest("td");
    if (!place || !td) return;
    const id = `co-${cell.replaceAll("/", "-")}`;
    describe(place, "notes", text || papers.length ? id : "");
    if (!text && !papers.length) return;
    const address = `${this.box.dataset["pageUrl"] ?? ""}?o=${encodeURIComponent(cell)}#ghi`;
    const words = papers.length
      ? filled("{count} tài liệu", { count: papers.length })
      : filled("ghi chú", {});
    const mark = element("a", { class: "co-ghi-chu", id, href: address, "data-noted": cell }, words);
    td.append(mark);
    this.marks.set(cell, mark);
  }

  /** Back to the cell from which the box was opened. */
  private left(): void {
    this.sheet.inputs.get(this.cell)?.focus();
  }
}

/** The server took it not, and says why. */
class Refused extends Error {}

function part<Found extends HTMLElement>(within: Element, selector: string): Found {
  const found = within.querySelector<Found>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** A block from a spreadsheet: laid over the cells, told in one line, taken back in one step. */

import { reading } from "../../rules/grid";
import { filled } from "../../rules/messages";
import { isBlock, parseBlock } from "./clipboard";
import { cellOf } from "./field";
import { planPaste, Undo } from "./paste";
import type { Sheet } from "./sheet";

/** What a paste needs of the page around it. */
export interface Ground {
  tidied(cell: string, text: string): string;
  write(texts: ReadonlyMap<string, string>): void;
  flagged(): ReadonlySet<string>;
  say(words: string): void;
}

export class Pasting {
  private undo: Undo | null = null;
  /** Whether Ctrl+Z is the table's own; once something is typed it is the field's again. */
  private ready = false;

  constructor(
    private readonly sheet: Sheet,
    private readonly button: HTMLButtonElement | null,
    private readonly ground: Ground,
  ) {
    button?.addEventListener("click", () => this.turn());
  }

  typed(): void {
    this.ready = false;
  }

  take(event: ClipboardEvent): void {
    const cell = cellOf(event);
    const at = cell ? this.sheet.positionOf(cell) : undefined;
    const block = parseBlock(event.clipboardData?.getData("text/plain") ?? "");
    const atCaret = event.target instanceof HTMLInputElement && event.target.type !== "radio";
    if (!at || (!isBlock(block) && atCaret)) return; // one value: the browser puts it at the caret
    event.preventDefault();
    const plan = planPaste(block, this.sheet.linesOf(at.table), at.row, at.column);
    const texts = new Map([...plan.texts].map(([name, text]) => [name, this.ground.tidied(name, text)]));
    this.undo = new Undo(texts, (name) => this.sheet.text(name));
    this.ground.write(texts);
    this.undo.wrote((name) => this.sheet.text(name));
    this.sheet.highlight(plan.texts.keys());
    this.ready = true;
    this.offer();
    this.ground.say(this.words(plan.texts, plan.onComputed, plan.outside));
  }

  /** Ctrl+Z takes the paste back; Ctrl+Y and Ctrl+Shift+Z do it again. */
  takesKey(event: KeyboardEvent): boolean {
    if (!this.ready || !this.undo || !(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    const back = key === "z" && !event.shiftKey;
    const again = key === "y" || (key === "z" && event.shiftKey);
    if (!(this.undo.standing ? back : again)) return false;
    event.preventDefault();
    this.turn();
    return true;
  }

  private turn(): void {
    const { undo } = this;
    if (!undo) return;
    const texts = undo.turn((cell) => this.sheet.text(cell));
    this.ground.write(texts);
    this.sheet.highlight(undo.standing ? texts.keys() : []);
    this.ready = true;
    this.offer();
    const facts = { count: texts.size };
    this.ground.say(undo.standing
      ? filled("Đã dán lại {count} ô.", facts)
      : filled("Đã hoàn tác lần dán {count} ô.", facts));
  }

  private offer(): void {
    if (!this.button || !this.undo) return;
    const facts = { count: this.undo.size };
    this.button.hidden = false;
    this.button.textContent = this.undo.standing
      ? filled("Hoàn tác lần dán {count} ô", facts)
      : filled("Dán lại {count} ô", facts);
  }

  /** One line after a paste: how many cells, and how many need a look. */
  private words(
    texts: ReadonlyMap<string, string>,
    onComputed: ReadonlyMap<string, string>,
    outside: number,
  ): string {
    const flagged = this.ground.flagged();
    const look = [...texts.keys()].filter((cell) => flagged.has(cell)).length;
    const differ = [...onComputed].filter(([cell, text]) => this.differs(cell, text)).length;
    const facts = { count: texts.size, look, differ, outside };
    return [
      look
        ? filled("Đã dán {count} ô, {look} ô cần xem lại.", facts)
        : filled("Đã dán {count} ô.", facts),
      differ ? filled("{differ} ô máy tính ra khác số dán vào: xem lại có dán lệch cột không.", facts) : "",
      outside ? filled("{outside} ô thừa ra ngoài bảng, không dán.", facts) : "",
    ].filter(Boolean).join(" ");
  }

  private differs(cell: string, text: string): boolean {
    const column = this.sheet.columnOf(cell);
    if (!column || text === "") return false;
    const pasted = reading({ ...column, kind: { ...column.kind, minimum: null } }, text).figure?.value;
    const computed = reading({ ...column, kind: { ...column.kind, minimum: null } }, this.sheet.shown(cell));
    return pasted ? !computed.figure?.value?.equals(pasted) : true;
  }
}

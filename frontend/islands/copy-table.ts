/** Copies a table so that a spreadsheet receives rows, columns and numbers. */

const NUMBER = /^[+−-]?\d{1,3}(\.\d{3})*(,\d+)?$/;

/**
 * Numbers lose the dots between thousands and take a plain minus. The comma stays: it is what
 * a spreadsheet set to Vietnamese reads, and whole numbers are read by every one.
 */
export function cellText(cell: HTMLTableCellElement): string {
  const field = cell.querySelector<HTMLInputElement | HTMLSelectElement>(
    'input[type="radio"]:checked, input:not([type="radio"]), select',
  );
  const seen = field ? field.value : visibleText(cell);
  const text = seen.replace(/\s+/g, " ").trim();
  return NUMBER.test(text) ? text.replace(/\./g, "").replace("−", "-").replace("+", "") : text;
}

function visibleText(cell: HTMLTableCellElement): string {
  const copy = cell.cloneNode(true) as HTMLTableCellElement;
  for (const hidden of copy.querySelectorAll(".an, .loi-o, .canh-o")) hidden.remove();
  return copy.textContent ?? "";
}

/** Rows as tabbed text; a cell that spans columns leaves the next ones empty. */
export function tableText(table: HTMLTableElement): string {
  const held: number[] = []; // rows still covered from above, by column
  const lines: string[] = [];
  for (const row of table.rows) {
    if (row.matches(".dong-loi, .dong-giai-thich")) continue;
    const line: string[] = [];
    for (const cell of row.cells) {
      while ((held[line.length] ?? 0) > 0) cover(line, held);
      const text = cellText(cell);
      for (let n = 0; n < cell.colSpan; n += 1) {
        held[line.length] = cell.rowSpan - 1;
        line.push(n === 0 ? text : "");
      }
    }
    while ((held[line.length] ?? 0) > 0) cover(line, held);
    lines.push(line.join("\t"));
  }
  return lines.join("\n");
}

function cover(line: string[], held: number[]): void {
  held[line.length] = (held[line.length] ?? 0) - 1;
  line.push("");
}

/** Puts the text on the clipboard; the old way serves pages that came without HTTPS. */
async function put(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // refused by the browser's settings: try the old way
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "an";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** Copies the table that the button names, and says beside the button what happened. */
export async function copyTable(button: HTMLButtonElement): Promise<void> {
  const table = document.getElementById(button.dataset["chep"] ?? "");
  if (!(table instanceof HTMLTableElement)) return;
  const done = await put(tableText(table));
  say(button, (done ? button.dataset["xong"] : button.dataset["hong"]) ?? "");
  button.focus();
}

function say(button: HTMLButtonElement, text: string): void {
  let line = button.nextElementSibling;
  if (!line?.classList.contains("loi-nhan-chep")) {
    line = document.createElement("span");
    line.className = "loi-nhan-chep";
    line.setAttribute("role", "status");
    button.after(line);
  }
  line.textContent = text;
}

/** What Excel and LibreOffice put on the clipboard: tabbed lines, cells quoted when they must be. */

export function parseBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let at = 0;
  const endCell = (): void => {
    rows[rows.length - 1]?.push(cell);
    cell = "";
  };
  while (at < text.length) {
    const char = text[at];
    if (char === '"' && cell === "" && atCellStart(text, at)) {
      const [quoted, next] = readQuoted(text, at);
      cell = quoted;
      at = next;
    } else if (char === "\t") {
      endCell();
      at += 1;
    } else if (char === "\n" || char === "\r") {
      endCell();
      rows.push([]);
      at += char === "\r" && text[at + 1] === "\n" ? 2 : 1;
    } else {
      cell += char;
      at += 1;
    }
  }
  endCell();
  const last = rows[rows.length - 1];
  // A spreadsheet ends its last line too
  if (rows.length > 1 && last?.length === 1 && last[0] === "") rows.pop();
  return rows;
}

function atCellStart(text: string, at: number): boolean {
  return at === 0 || /[\t\r\n]/.test(text[at - 1] ?? "");
}

/** The content of a quoted cell and where it ends; a quote that never closes is a plain sign. */
function readQuoted(text: string, start: number): [content: string, next: number] {
  let content = "";
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') {
      content += text[at];
    } else if (text[at + 1] === '"') {
      content += '"';
      at += 1;
    } else {
      return /^(?:[\t\r\n]|$)/.test(text.slice(at + 1, at + 2)) ? [content, at + 1] : ['"', start + 1];
    }
  }
  return ['"', start + 1];
}

export function isBlock(rows: readonly (readonly string[])[]): boolean {
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1;
}

/** What is still empty, as `check_complete` of the server says it: asked before a report is sent. */

import { place, type Texts, typedCells } from "../../rules/grid";
import type { Column, Finding, Grid, Row, Table } from "../../rules/kinds";
import { filled } from "../../rules/messages";

/** So many empty cells of one table are named one by one; beyond that the table is named. */
const MOST_NAMED = 20;
const CODES: ReadonlySet<string> = new Set(["blank", "no-rows"]);

export function isBlank({ code }: Finding): boolean {
  return CODES.has(code);
}

export function blanks(grid: Grid, texts: Texts): Finding[] {
  return grid.tables.flatMap((table) => blanksOf(table, texts));
}

function blanksOf(table: Table, texts: Texts): Finding[] {
  const cells = [...typedCells(table)];
  const [first] = cells;
  if (!first) return unnamed(table);
  const empty = cells.filter(([cell, , { kind }]) => kind.name !== "text" && !texts.get(cell)?.trim());
  if (empty.length > MOST_NAMED) {
    const message = filled(
      "Bảng còn {count} ô trống. Nhập số (không có thì nhập 0), hoặc “...” nếu chưa thu thập được.",
      { count: empty.length },
    );
    return [{ code: "blank", severity: "error", message, cell: empty[0]?.[0] ?? "", where: table.title }];
  }
  return empty.map(([cell, row, column]) => blank(cell, row, column));
}

/** A table whose rows the unit names, and none is named. */
function unnamed(table: Table): Finding[] {
  if (table.rows.some((row) => !row.heading && row.sum.length === 0)) return [];
  const message = filled("Bảng chưa có dòng nào. Hãy thêm dòng, hoặc giải thích vì sao không có.", {});
  return [{ code: "no-rows", severity: "warning", message, cell: `${table.id}//`, where: table.title }];
}

function blank(cell: string, row: Row, column: Column): Finding {
  const choices = (column.kind.choices ?? []).map(([, label]) => `“${label}”`).join(", ");
  const message =
    column.kind.name === "choice"
      ? filled("Chưa trả lời. Hãy chọn {choices}, hoặc “...” nếu chưa thu thập được.", { choices })
      : filled("Ô còn trống. Nhập số (không có thì nhập 0), hoặc “...” nếu chưa thu thập được.", {});
  return { code: "blank", severity: "error", message, cell, where: place(row, column) };
}

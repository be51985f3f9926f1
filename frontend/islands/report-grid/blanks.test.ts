import { describe, expect, it } from "vitest";
import type { Column, Grid, Row, Table } from "../../rules/kinds";
import { blanks, isBlank } from "./blanks";

const NUMBER = { name: "integer", decimals: 0 } as const;
const column = (id: string, more: Partial<Column> = {}): Column => ({
  id, label: id, kind: NUMBER, unit: "", formula: null, ...more,
});
const row = (id: string, sum: string[] = []): Row => ({ id, label: id, sum, heading: false });
const table = (rows: Row[], columns: Column[]): Table =>
  ({ id: "T", title: "Bảng", rows, columns }) as unknown as Table;
const grid = (...tables: Table[]): Grid => ({ form: "F", version: "1", tables, rules: [] }) as unknown as Grid;

describe("what is still empty", () => {
  it("is named cell by cell; texts, sums and computed cells may stay empty", () => {
    const answer = { kind: { name: "choice" as const, choices: [["1", "Có"], ["0", "Không"]] as const } };
    const columns = [
      column("a"), column("b", answer), column("c", { formula: "[a]" }), column("d", { kind: { name: "text" } }),
    ];
    const found = blanks(grid(table([row("r"), row("all", ["r"])], columns)), new Map([["T/r/a", " "]]));
    expect(found.map(({ cell, severity }) => [cell, severity])).toEqual([
      ["T/r/a", "error"],
      ["T/r/b", "error"],
    ]);
    expect(found[1]?.message).toBe("Chưa trả lời. Hãy chọn “Có”, “Không”, hoặc “...” nếu chưa thu thập được.");
    expect(found.every(isBlank)).toBe(true);
    expect(blanks(grid(table([row("r")], [column("a")])), new Map([["T/r/a", "..."]]))).toEqual([]);
  });

  it("is counted once there is much of it", () => {
    const rows = Array.from({ length: 21 }, (_, at) => row(`r${at}`));
    const found = blanks(grid(table(rows, [column("a")])), new Map());
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ cell: "T/r0/a", where: "Bảng" });
    expect(found[0]?.message).toContain("Bảng còn 21 ô trống.");
  });

  it("is a whole table when the unit named no row of it", () => {
    const found = blanks(grid(table([row("all", ["*"])], [column("a")])), new Map());
    expect(found).toMatchObject([{ code: "no-rows", severity: "warning", cell: "T//" }]);
  });
});

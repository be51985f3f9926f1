import { describe, expect, it } from "vitest";
import { type Line, planPaste, Undo } from "./paste";

const line = (row: string, label: string): Line => ({
  label,
  places: [
    { cell: `T/${row}/a`, typed: true },
    { cell: `T/${row}/rate`, typed: false },
    { cell: `T/${row}/b`, typed: true },
  ],
});
const lines: Line[] = [
  line("1", "Bó Lù"),
  { label: "Vùng cao", places: [null, null, null] },
  line("2", "Cốc Tộc"),
];

describe("a pasted block", () => {
  it("lies over the visible cells, those of the machine passed over", () => {
    const plan = planPaste([["1", "50,0", "2"], ["", "", ""], ["3", "", "4"]], lines, 0, 0);
    expect([...plan.texts]).toEqual([
      ["T/1/a", "1"],
      ["T/1/b", "2"],
      ["T/2/a", "3"],
      ["T/2/b", "4"],
    ]);
    expect([...plan.onComputed]).toEqual([
      ["T/1/rate", "50,0"],
      ["T/2/rate", ""],
    ]);
    expect(plan.outside).toBe(0);
  });

  it("starts at the focused cell and says what had no place", () => {
    const plan = planPaste([["8", "9"], ["10", "11"]], lines, 2, 2);
    expect([...plan.texts]).toEqual([["T/2/b", "8"]]);
    expect(plan.outside).toBe(3);
  });

  it("leaves out a first column that repeats the labels of the rows", () => {
    const block = [["bo lu", "1"], ["Vùng cao", ""], ["CỐC TỘC", "3"]];
    expect([...planPaste(block, lines, 0, 0).texts]).toEqual([
      ["T/1/a", "1"],
      ["T/2/a", "3"],
    ]);
    const other = planPaste([["Bó Lù", "1"], ["Vùng cao", ""], ["Nà Chảo", "3"]], lines, 0, 0);
    expect(other.texts.get("T/1/a")).toBe("Bó Lù");
  });

  it("empties a cell where the block is empty, and makes one line of several", () => {
    const plan = planPaste([["", "", "a\r\n  b "]], lines, 0, 0);
    expect([...plan.texts]).toEqual([
      ["T/1/a", ""],
      ["T/1/b", "a b"],
    ]);
  });

  it("is taken back in one step, except where somebody typed since", () => {
    const now = new Map([["a", "1"], ["b", "2"]]);
    const current = (cell: string): string => now.get(cell) ?? "";
    const undo = new Undo(new Map([["a", "10"], ["b", "20"], ["c", "30"]]), current);
    now.set("a", "10").set("b", "21").set("c", "30");
    expect(undo.size).toBe(3);
    expect([...undo.turn(current)]).toEqual([["a", "1"], ["c", ""]]);
  });
});

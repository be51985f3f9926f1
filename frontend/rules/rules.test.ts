/** The browser's rules run the tables of the Python ones: one rule, two runners. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Decimal } from "./decimal";
import { BadFormula, columns, evaluate, givesCondition, parse } from "./formulas";
import { check, compute, typedCells } from "./grid";
import type { Figure, Finding, Grid, Kind, Status, Table } from "./kinds";
import { display, readText, show, tidy } from "./numbers";
import { type OutsideJson, outsideOf } from "./references";

function table<T>(name: string): T {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../../tests/spec/${name}.json`, "utf-8"));
}

interface Numbers {
  kinds: Record<string, Kind>;
  read: { kind: string; text: string; value: string | null; status: string; code: string; severity: string; message: string; tidy: string }[];
  show: { kind: string; value: string | null; status: Status; shown: string; displayed: string }[];
}

const numbers = table<Numbers>("numbers");

describe("numbers", () => {
  it.each(numbers.read)("reads $text in a column of $kind", (row) => {
    const kind = numbers.kinds[row.kind] as Kind;
    const { text, figure, finding } = readText(row.text, kind, row.kind === "percent" ? "%" : "");
    expect({
      text,
      value: figure?.value?.toString() ?? null,
      status: figure?.status ?? "",
      code: finding?.code ?? "",
      severity: finding?.severity ?? "",
      message: finding?.message ?? "",
      kind: row.kind,
      tidy: tidy(row.text, kind, row.kind === "percent" ? "%" : ""),
    }).toEqual(row);
  });

  it.each(numbers.show)("shows $value $status in a column of $kind", (row) => {
    const kind = numbers.kinds[row.kind] as Kind;
    const value = row.value === null ? null : Decimal.of(row.value);
    const figure: Figure = { value, status: row.status };
    expect(show(figure, kind)).toBe(row.shown);
    expect(display(value, kind)).toBe(row.displayed);
  });
});

interface Formulas {
  values: Record<string, string | null>;
  evaluate: { formula: string; columns: string[]; condition: boolean; result: string | boolean | null }[];
  refuse: { formula: string; position: number; reason: string }[];
}

const formulas = table<Formulas>("formulas");
const values = new Map(
  Object.entries(formulas.values).map(([name, value]) => [name, value === null ? null : Decimal.of(value)]),
);

describe("formulas", () => {
  it.each(formulas.evaluate)("gives $result for $formula", (row) => {
    const tree = parse(row.formula);
    expect(columns(tree)).toEqual(row.columns);
    expect(givesCondition(tree)).toBe(row.condition);
    const result = evaluate(tree, values);
    expect(result instanceof Decimal ? result.toString() : result).toBe(row.result);
  });

  it.each(formulas.refuse)("refuses $formula", (row) => {
    try {
      parse(row.formula);
    } catch (refused) {
      expect(refused).toBeInstanceOf(BadFormula);
      expect((refused as BadFormula).position).toBe(row.position);
      expect((refused as BadFormula).reason).toBe(row.reason);
      return;
    }
    throw new Error("was accepted");
  });
});

interface Grids {
  grids: {
    name: string;
    grid: Grid;
    cells: Record<string, string>;
    computed: Record<string, string | null>;
    findings: Finding[];
  }[];
}

describe("grids", () => {
  it.each(table<Grids>("grids").grids)("adds up and checks: $name", (row) => {
    const texts = new Map(Object.entries(row.cells));
    const typed = new Set(row.grid.tables.flatMap((one) => [...typedCells(one)].map(([cell]) => cell)));
    const computed = Object.fromEntries(
      row.grid.tables
        .flatMap((one) => [...compute(one, texts)])
        .filter(([cell]) => !typed.has(cell))
        .map(([cell, value]) => [cell, value?.toString() ?? null]),
    );
    const expected = Object.fromEntries(
      Object.entries(row.computed).map(([cell, value]) => [
        cell,
        value === null ? null : Decimal.of(value).toString(),
      ]),
    );
    expect(computed).toEqual(expected);
    expect(check(row.grid, texts)).toEqual(row.findings);
  });

  it("computes a form of 3,600 cells between two keystrokes", () => {
    const grid: Grid = {
      form: "F",
      version: "1",
      tables: [
        {
          id: "T",
          title: "",
          rows: [
            ...Array.from({ length: 120 }, (_, at) => ({ id: `r${at}`, label: `R${at}`, sum: [], heading: false })),
            { id: "s", label: "S", sum: Array.from({ length: 120 }, (_, at) => `r${at}`), heading: false },
          ],
          columns: Array.from({ length: 30 }, (_, at) => ({
            id: `c${at}`,
            label: `C${at}`,
            kind: { name: at % 10 === 9 ? "decimal" : "integer", decimals: 1 } as Kind,
            unit: "",
            formula: at % 10 === 9 ? `[c${at - 1}] / [c${at - 2}] * 100` : null,
          })),
        },
      ],
      rules: [
        {
          id: "k", test: "[c0] <= [c1] + [c2]", message: "{c0}", severity: "error", each: "T", column: "", cell: "",
        },
      ],
    };
    const texts = new Map<string, string>();
    for (const [cell] of typedCells(grid.tables[0] as Table)) texts.set(cell, "1.234");
    const started = performance.now();
    const found = check(grid, texts);
    const took = performance.now() - started;
    expect(found).toEqual([]);
    expect(compute(grid.tables[0] as Table, texts).get("T/s/c0")?.toString()).toBe("148080");
    expect(took).toBeLessThan(1000);
    console.info(`checked 3,240 cells in ${took.toFixed(0)} ms`);
  });
});

interface Rules {
  cases: { name: string; grid: Grid; outside: OutsideJson; cells: Record<string, string>; findings: Finding[] }[];
}

describe("rules", () => {
  it.each(table<Rules>("rules").cases)("finds what the table says: $name", (row) => {
    const texts = new Map(Object.entries(row.cells));
    expect(check(row.grid, texts, outsideOf(row.outside))).toEqual(row.findings);
  });
});

import { describe, expect, it } from "vitest";
import { Decimal } from "../../rules/decimal";
import type { Column } from "../../rules/kinds";
import { outsideOf } from "../../rules/references";
import { pictureOf } from "./unusual";

const COLUMN: Column = {
  id: "a", label: "A", unit: "", formula: null,
  kind: { name: "integer", decimals: 0, minimum: "0", maximum: null, choices: [] },
};
const OUTSIDE = outsideOf({
  own: { "T/r/a": ["500", "1500", "1000", 3] },
  peers: { "T/q/a": [null, "3000", "1000", 92] },
  periods: ["Năm 2025", "Năm 2024", "Năm 2023"],
  past: { "T/r/a": ["1000", null, "900"] },
});

describe("an unusual figure", () => {
  it("is drawn among the periods before, and told in numbers", () => {
    const [box] = pictureOf("unusual-change", "T/r/a", COLUMN, Decimal.of(4000), OUTSIDE);
    expect(box?.querySelectorAll(".muc-truoc")).toHaveLength(2);
    expect(box?.querySelector(".muc-nay")?.getAttribute("d")).toBe("M226 18l6-7 6 7-6 7z");
    const told = [...(box?.querySelectorAll("dl > div") ?? [])].map((line) => line.textContent);
    expect(told).toEqual([
      "Số này4.000", "Mức thường thấy1.000", "Thường không dưới500", "Thường không quá1.500",
      "Năm 20251.000", "Năm 2023900",
    ]);
  });

  it("is drawn beside its peers without any single one of them", () => {
    const [box] = pictureOf("unusual-among-peers", "T/q/a", COLUMN, Decimal.of(52000), OUTSIDE);
    expect(box?.querySelectorAll(".muc-truoc")).toHaveLength(0);
    expect(box?.textContent).not.toContain("Chấm");
  });

  it.each([
    ["other", "T/r/a", COLUMN, Decimal.of(1)],
    ["unusual-among-peers", "T/r/a", COLUMN, Decimal.of(1)],
    ["unusual-change", "T/r/a", undefined, Decimal.of(1)],
    ["unusual-change", "T/r/a", COLUMN, null],
  ] as const)("draws nothing for %s at %s without what it needs", (code, cell, column, now) => {
    expect(pictureOf(code, cell, column, now, OUTSIDE)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { Decimal } from "./decimal";

const of = Decimal.of;

describe("decimals", () => {
  it("adds tenths without the noise of binary fractions", () => {
    expect(of("0.1").plus(of("0.2")).toString()).toBe("0.3");
    expect(of("12.3").times(of("100")).toString()).toBe("1230");
  });

  it("keeps 28 digits, rounded half even", () => {
    expect(of("2").over(of("3"))?.toString()).toBe("0.6666666666666666666666666667");
    expect(of("1").over(of("8"))?.toString()).toBe("0.125");
    expect(of("1").over(of("0"))).toBeNull();
    const even = of("12345678901234567890123456785").plus(Decimal.zero).times(of(1));
    expect(even.toString()).toBe("12345678901234567890123456780");
    const odd = of("12345678901234567890123456775").plus(Decimal.zero);
    expect(odd.toString()).toBe("12345678901234567890123456780");
  });

  it("rounds for a column half away from zero", () => {
    expect(of("2.5").rounded(0).toString()).toBe("3");
    expect(of("-2.25").rounded(1).toString()).toBe("-2.3");
    expect(of("2.24999").rounded(1).toString()).toBe("2.2");
    expect(of("1200").rounded(2).toString(2)).toBe("1200.00");
  });

  it("knows its size and its decimals", () => {
    expect(of("123").magnitude).toBe(2);
    expect(of("0.05").magnitude).toBe(-2);
    expect(of("12.50").decimals).toBe(1);
    expect(of("1200").decimals).toBe(0);
  });

  it("compares by value, not by spelling", () => {
    expect(of("1.0").equals(of("1"))).toBe(true);
    expect(of("-1").compare(of("0.5"))).toBe(-1);
    expect(of("-0").isNegative).toBe(false);
  });

  it("refuses what is not machine notation", () => {
    expect(() => of("1,5")).toThrow();
    expect(() => of("")).toThrow();
    expect(of("1.5e3").toString()).toBe("1500");
  });
});

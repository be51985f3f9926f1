import { describe, expect, it } from "vitest";
import { isBlock, parseBlock } from "./clipboard";

describe("a block from a spreadsheet", () => {
  it("has rows and columns, whatever ends its lines", () => {
    for (const end of ["\r\n", "\n", "\r"]) {
      expect(parseBlock(`1\t2${end}3\t4${end}`)).toEqual([["1", "2"], ["3", "4"]]);
    }
  });

  it("keeps empty cells and empty rows inside", () => {
    expect(parseBlock("1\t\t3\n\t\t\n7\t8\t\n")).toEqual([
      ["1", "", "3"],
      ["", "", ""],
      ["7", "8", ""],
    ]);
  });

  it("unquotes cells with line breaks, tabs and quotes", () => {
    expect(parseBlock('"Bó Lù\r\nthôn vùng cao"\t62\n"a ""b"" c"\t"x\ty"\n')).toEqual([
      ["Bó Lù\r\nthôn vùng cao", "62"],
      ['a "b" c', "x\ty"],
    ]);
  });

  it("leaves a quote that is only a sign", () => {
    expect(parseBlock('5"\t"mở\n"x"y\t1')).toEqual([['5"', '"mở'], ['"x"y', "1"]]);
  });

  it("is one value when it has one cell, even with its line end", () => {
    expect(isBlock(parseBlock("1.234\r\n"))).toBe(false);
    expect(isBlock(parseBlock(""))).toBe(false);
    expect(isBlock(parseBlock("1\t2"))).toBe(true);
    expect(isBlock(parseBlock("1\n2"))).toBe(true);
  });
});

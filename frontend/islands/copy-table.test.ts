import { beforeEach, describe, expect, it, vi } from "vitest";
import { copyTable, tableText } from "./copy-table";

function table(html: string): HTMLTableElement {
  document.body.innerHTML = `<table id="t">${html}</table>`;
  return document.getElementById("t") as HTMLTableElement;
}

describe("a copied table", () => {
  it("gives a spreadsheet numbers, not pictures of numbers", () => {
    const found = table(
      "<tr><th>Tỉnh</th><td>1.845.492</td><td>36,1</td><td>−5</td><td>+6</td><td>chưa có</td></tr>",
    );
    expect(tableText(found)).toBe("Tỉnh\t1845492\t36,1\t-5\t6\tchưa có");
  });

  it("leaves codes and dates as they are written", () => {
    const found = table("<tr><td>01.02</td><td>28/11/2025</td><td>1.2.3</td><td>0412</td></tr>");
    expect(tableText(found)).toBe("01.02\t28/11/2025\t1.2.3\t0412");
  });

  it("keeps columns under their heads when cells span", () => {
    const found = table(`
      <thead><tr><th rowspan="2">Thôn</th><th colspan="2">Hộ nghèo</th><th rowspan="2">Cộng</th></tr>
      <tr><th>Số hộ</th><th>DTTS</th></tr></thead>
      <tbody><tr><th>Bó Lù</th><td>62</td><td>61</td><td>123</td></tr></tbody>`);
    expect(tableText(found).split("\n")).toEqual([
      "Thôn\tHộ nghèo\t\tCộng",
      "\tSố hộ\tDTTS\t",
      "Bó Lù\t62\t61\t123",
    ]);
  });

  it("takes the answer that was picked", () => {
    const found = table(`<tr><td><label><input type="radio" name="q" value=""> bỏ trống</label>
      <label><input type="radio" name="q" value="Có" checked> Có</label></td>
      <td><select><option>Đạt</option><option selected>Chưa đạt</option></select></td></tr>`);
    expect(tableText(found)).toBe("Có\tChưa đạt");
  });

  it("takes what was typed, and nothing that only a screen reader or a checker says", () => {
    const found = table(`
      <tr><td><input value="1.204"><span class="loi-o">lỗi 1</span></td><td>402<span class="an">, sẽ trả lại</span></td></tr>
      <tr class="dong-loi"><td colspan="2">Lỗi 1</td></tr>`);
    expect(tableText(found)).toBe("1204\t402");
  });
});

describe("the copy button", () => {
  const written: string[] = [];

  beforeEach(() => {
    written.length = 0;
    vi.stubGlobal("navigator", {
      clipboard: { writeText: async (text: string) => void written.push(text) },
    });
  });

  it("copies its table and says so in words", async () => {
    table("<tr><td>1.000</td></tr>");
    const button = document.createElement("button");
    button.dataset["chep"] = "t";
    button.dataset["xong"] = "Đã chép";
    document.body.append(button);
    await copyTable(button);
    await copyTable(button);
    expect(written).toEqual(["1000", "1000"]);
    expect(document.querySelectorAll("[role=status]")).toHaveLength(1);
    expect(document.querySelector("[role=status]")?.textContent).toBe("Đã chép");
  });
});

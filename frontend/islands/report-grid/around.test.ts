/** What stands around the cells: earlier numbers, notes, carrying over, one row at a time. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { form, input, key, page, paste, server, settled, status, type } from "./page-fixture";

const EARLIER = {
  previous: { label: "Quý II năm 2025" },
  year: { label: "Quý III năm 2024", values: { "T/r1/total": "60" } },
};
const choice = (): HTMLSelectElement => document.querySelector("[data-compare]") as HTMLSelectElement;
const line = (): HTMLElement => document.querySelector("[data-current]") as HTMLElement;
const box = (): HTMLDialogElement => document.querySelector("dialog") as HTMLDialogElement;
const area = (): HTMLTextAreaElement => box().querySelector("textarea") as HTMLTextAreaElement;

function choose(value: string): void {
  choice().value = value;
  choice().dispatchEvent(new Event("change"));
}

/** What a screen reader says of a cell besides its name. */
function saidOf(cell: string): string {
  const ids = (input(cell).getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  return ids.map((id) => document.getElementById(id)?.textContent ?? `no ${id}`).join(" | ");
}

function besideOf(cell: string): string {
  return input(cell).closest("td")?.querySelector(".so-truoc")?.textContent?.trim() ?? "";
}

describe("earlier numbers", () => {
  it("stand beside the cells when they are wanted, with the difference", () => {
    page({ previous: { "T/r1/total": "60", "T/all/total": "100" }, earlier: EARLIER });
    expect(document.querySelector(".so-truoc")).toBeNull();
    choose("previous");
    expect(besideOf("T/r1/total")).toBe("Quý II năm 2025: 60, khác +2");
    expect(saidOf("T/r1/total")).toBe("Quý II năm 2025: 60, khác +2");
    const total = document.querySelector('[data-computed="T/all/total"]') as HTMLElement;
    expect(total.textContent).toContain("Quý II năm 2025: 100, khác −38");
    choose("year");
    expect(besideOf("T/r1/total")).toContain("Quý III năm 2024");
    choose("");
    expect(document.querySelector(".so-truoc")).toBeNull();
    expect(saidOf("T/r1/total")).toBe("");
  });

  it("follow what is typed, and say nothing of what stayed", () => {
    page({ previous: { "T/r1/total": "60" }, earlier: EARLIER });
    choose("previous");
    type("T/r1/total", "55");
    expect(besideOf("T/r1/total")).toContain("−5");
    type("T/r1/total", "60");
    const change = input("T/r1/total").closest("td")?.querySelector<HTMLElement>(".muc-doi");
    expect(change?.hidden).toBe(true);
  });

  it("are remembered for the next report", () => {
    page({ previous: { "T/r1/total": "60" }, earlier: EARLIER });
    choose("previous");
    page({ previous: { "T/r1/total": "60" }, earlier: EARLIER });
    expect(choice().value).toBe("previous");
    expect(besideOf("T/r1/total")).toContain("60");
  });

  it("leave the words of a mistake beside their own", () => {
    page({ previous: { "T/r1/poor": "10" }, earlier: EARLIER });
    choose("previous");
    type("T/r1/poor", "70");
    expect(saidOf("T/r1/poor")).toContain("lỗi 1");
    expect(saidOf("T/r1/poor")).toContain("Quý II năm 2025: 10, khác +60");
    type("T/r1/poor", "11");
    expect(saidOf("T/r1/poor")).toBe("Quý II năm 2025: 10, khác +1");
  });

  it("are not offered when there are none", () => {
    page();
    expect(choice().closest("label")?.hidden).toBe(true);
  });
});

describe("the line of the cell", () => {
  it("says where one is and what it was", () => {
    page({ previous: { "T/r1/total": "60" }, earlier: EARLIER });
    expect(line().hidden).toBe(false);
    input("T/r1/total").focus();
    expect(line().textContent).toContain("Bó Lù, total");
    expect(line().textContent).toContain("Quý II năm 2025: 60, khác +2; Quý III năm 2024: 60, khác +2");
    type("T/r1/total", "70");
    expect(line().textContent).toContain("khác +10");
  });
});

describe("notes", () => {
  const answer = (more: object): Response =>
    Response.json({ cell: "T/r1/poor", text: "Theo rà soát.", by: "Mai", papers: [], ...more });
  const calls: { url: string; method: string; body: unknown }[] = [];

  beforeEach(() => {
    calls.length = 0;
    vi.stubGlobal("fetch", (url: string, options: RequestInit) => {
      calls.push({ url, method: options.method ?? "", body: options.body });
      return Promise.resolve(answer({}));
    });
  });

  it("open at the cell by the key of a spreadsheet, and are kept with a mark", async () => {
    page({ previous: { "T/r1/poor": "10" }, earlier: EARLIER });
    input("T/r1/poor").focus();
    key("T/r1/poor", "F2", { shiftKey: true });
    expect(box().open).toBe(true);
    expect(box().querySelector("h2")?.textContent).toBe("Bó Lù, poor");
    expect(box().querySelector("[data-about]")?.textContent).toBe("Hộ nghèo theo chuẩn đa chiều.");
    expect(box().querySelector("[data-facts]")?.textContent).toContain("10, khác +1");
    area().value = " Theo rà soát. ";
    box().querySelector<HTMLElement>("[data-keep]")?.click();
    await settled();
    expect(calls).toEqual([
      { url: "/notes", method: "PUT", body: JSON.stringify({ cell: "T/r1/poor", text: "Theo rà soát." }) },
    ]);
    expect(box().open).toBe(false);
    const mark = document.querySelector<HTMLAnchorElement>('[data-noted="T/r1/poor"]');
    expect(mark?.textContent).toBe("ghi chú");
    expect(mark?.getAttribute("href")).toBe("/ghi-chu?o=T%2Fr1%2Fpoor#ghi");
    expect(saidOf("T/r1/poor")).toBe("ghi chú");
  });

  it("stay open with what was written when the server refuses", async () => {
    page();
    vi.stubGlobal("fetch", () => Promise.resolve(
      Response.json({ code: "invalid", message: "Báo cáo đã gửi." }, { status: 409 })));
    key("T/r1/poor", "F2", { shiftKey: true });
    area().value = "Theo rà soát.";
    box().querySelector<HTMLElement>("[data-keep]")?.click();
    await settled();
    expect(box().open).toBe(true);
    expect(area().value).toBe("Theo rà soát.");
    expect(box().querySelector("[data-problem]")?.textContent).toBe("Báo cáo đã gửi.");
  });

  it("say so when there is no network", async () => {
    page();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    key("T/r1/poor", "F2", { shiftKey: true });
    area().value = "x";
    box().querySelector<HTMLElement>("[data-keep]")?.click();
    await settled();
    expect(box().querySelector("[data-problem]")?.textContent).toContain("không có mạng");
  });

  it("refuse a file that is too heavy before it travels", async () => {
    page();
    key("T/r1/poor", "F2", { shiftKey: true });
    const file = new File([new Uint8Array(11 * 1024 * 1024)], "anh.png");
    Object.defineProperty(box().querySelector("input[type=file]"), "files", { value: [file] });
    box().querySelector<HTMLElement>("[data-keep]")?.click();
    await settled();
    expect(calls).toEqual([]);
    expect(box().querySelector("[data-problem]")?.textContent).toBe("Tệp nặng quá 10 MB nên không được nhận.");
  });

  it("arrive with the page, and a mark leads into the box", () => {
    const papers = [{ name: "bien-ban.pdf", url: "/tep/1" }];
    page({ notes: [{ cell: "T/r1/total", text: "Cũ.", by: "Mai", papers }] });
    document.querySelector<HTMLElement>('[data-noted="T/r1/total"]')?.click();
    expect(box().open).toBe(true);
    expect(area().value).toBe("Cũ.");
    expect(box().querySelector("li a")?.textContent).toBe("bien-ban.pdf");
  });
});

describe("carrying over", () => {
  it("saves what was typed before the page goes", async () => {
    page();
    const carry = document.getElementById("carry") as HTMLFormElement;
    const went = vi.spyOn(carry, "submit").mockImplementation(() => undefined);
    expect(document.querySelector<HTMLElement>("[data-carry]")?.hidden).toBe(false);
    type("T/r2/total", "5");
    carry.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(went).not.toHaveBeenCalled();
    await settled();
    expect(server.requests).toHaveLength(1);
    expect(went).toHaveBeenCalledOnce();
    went.mockRestore();
  });

  it("stays when that could not be saved", async () => {
    page();
    server.answer = () => new Response("", { status: 503 });
    const carry = document.getElementById("carry") as HTMLFormElement;
    const went = vi.spyOn(carry, "submit").mockImplementation(() => undefined);
    type("T/r2/total", "5");
    carry.dispatchEvent(new Event("submit", { cancelable: true }));
    await settled();
    expect(went).not.toHaveBeenCalled();
    expect(status()).toContain("Chưa lấy được số kỳ trước");
  });
});

describe("a report among others that is closed", () => {
  it("is passed over by a paste and by the keys", () => {
    page({ closed: "T/r1/poor" });
    paste("T/r1/total", "70\t9\t12\n80\t9\t13");
    expect(input("T/r1/total").value).toBe("70");
    expect(input("T/r1/poor").value).toBe("11");
    expect(input("T/r2/poor").value).toBe("13");
    input("T/r2/poor").focus();
    key("T/r2/poor", "ArrowUp");
    expect(document.activeElement).toBe(input("T/r2/poor"));
  });
});

describe("one row at a time on a phone", () => {
  const narrow = (matches: boolean): void => {
    vi.stubGlobal("matchMedia", () => ({ matches, addEventListener: () => undefined }));
  };
  const open = (): string[] => [...document.querySelectorAll<HTMLElement>("tr.dang-mo")].map(
    (row) => row.dataset["row"] ?? "");
  const rows = (): string[] => [...document.querySelectorAll("#buoc-T option")].map(
    (option) => option.textContent ?? "");
  const press = (words: string): void => {
    [...document.querySelectorAll<HTMLElement>(".tung-buoc button")].find(
      (button) => button.textContent === words)?.click();
  };

  beforeEach(() => narrow(true));
  afterEach(() => localStorage.clear());

  it("opens the first row that is not filled, and tells how far one is", () => {
    page();
    expect(open()).toEqual(["r2"]);
    expect(rows()).toEqual(["Bó Lù: xong", "Cốc Tộc: chưa nhập", "Các dòng cộng"]);
    expect(document.querySelector(".tung-buoc p")?.textContent).toBe("Đã xong 1 trên 2 dòng.");
    expect(document.querySelector("table")?.classList.contains("tung-the")).toBe(true);
  });

  it("opens what is wrong before what is empty", () => {
    page({ findings: [{ code: "peer", severity: "warning", message: "Lạ.", cell: "T/r1/total", where: "" }] });
    expect(open()).toEqual(["r1"]);
    expect(rows()[0]).toBe("Bó Lù: có chỗ phải xem");
  });

  it("goes on with the key of the keypad, and shows the totals last", () => {
    page();
    press("Trước");
    expect(open()).toEqual(["r1"]);
    key("T/r1/poor", "Enter");
    type("T/r2/total", "5");
    expect(rows()[1]).toBe("Cốc Tộc: còn 1 ô");
    type("T/r2/poor", "1");
    expect(rows()[1]).toBe("Cốc Tộc: xong");
    press("Tiếp theo");
    press("Tiếp theo");
    expect(open()).toEqual(["all"]);
    expect(document.querySelector(".tung-buoc .nut-chinh")?.textContent).toBe("Xong bảng này");
  });

  it("opens the row that a link of the summary leads to", () => {
    page();
    type("T/r1/poor", "70");
    expect(open()).toEqual(["r2"]);
    document.querySelector<HTMLElement>("#grid-summary a")?.click();
    expect(open()).toEqual(["r1"]);
    expect(document.activeElement).toBe(input("T/r1/poor"));
  });

  it("shows the whole table when that is wanted", () => {
    page();
    press("Xem cả bảng");
    expect(document.querySelector("table")?.classList.contains("tung-the")).toBe(false);
    press("Nhập từng dòng một");
    expect(document.querySelector("table")?.classList.contains("tung-the")).toBe(true);
  });

  it("leaves a wide window as it is", () => {
    narrow(false);
    page();
    expect(document.querySelector(".tung-buoc")).toBeNull();
    expect(open()).toEqual([]);
    expect(form().querySelectorAll("tr[data-row]").length).toBeGreaterThan(2);
  });
});

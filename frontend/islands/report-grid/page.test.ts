/** The whole grid on a page: what a person sees after typing, pasting, losing the network. */

import { describe, expect, it, vi } from "vitest";
import {
  computed, form, input, keeps, key, page, paste, pick, picked, server, settled, status, summary, type,
} from "./page-fixture";

/** One period before, in which the cell said 620: half of it and half as much again are usual. */
const USUAL = { own: { "T/r1/total": ["310", "930", "620", 1] } };

describe("typing", () => {
  it("shows totals and rates at once, in Vietnamese notation", () => {
    page();
    expect(computed("T/r1/rate")).toBe("17,7");
    type("T/r2/total", "1.048");
    expect(computed("T/all/total")).toBe("1.110");
    expect(computed("T/all/poor")).toBe("11");
    expect(computed("T/all/rate")).toBe("1,0");
    expect(status()).toContain("Đang lưu… Đã nhập 23 trên 40 ô.");
  });

  it("ties a message to its cell, its row and the summary, in the same words", () => {
    page();
    type("T/r1/poor", "70");
    const field = input("T/r1/poor");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ");
    const words = described.map((id) => document.getElementById(id)?.textContent ?? "");
    expect(words[0]).toBe("lỗi 1");
    expect(words[1]).toContain("Hộ nghèo 70 nhiều hơn tổng 62.");
    expect(field.closest("tr")?.nextElementSibling?.className).toBe("dong-loi");
    expect(summary().hidden).toBe(false);
    expect(summary().querySelector("h2")?.textContent).toBe(
      "Còn 1 lỗi phải sửa và 1 điều cần giải thích trước khi gửi",
    );
    expect(summary().querySelector("a")?.getAttribute("href")).toBe("#o-T-r1-poor");
    type("T/r1/poor", "11");
    expect(summary().hidden).toBe(true);
    expect(field.hasAttribute("aria-invalid")).toBe(false);
    expect(document.querySelectorAll("[data-mark]")).toHaveLength(0);
  });

  it("asks when a number is ambiguous, and leaves what was typed", () => {
    page();
    type("T/r2/total", "1,234");
    expect(input("T/r2/total").value).toBe("1,234");
    expect(summary().textContent).toContain("Nếu dấu phẩy ngăn cách hàng nghìn, hãy gõ lại “1.234”.");
    expect(computed("T/all/total")).toBe("62");
  });

  it("writes what is clear in one notation once the cell is left", () => {
    page();
    type("T/r2/total", "1 234");
    expect(input("T/r2/total").value).toBe("1.234");
    type("T/r2/total", "1234567");
    expect(input("T/r2/total").value).toBe("1.234.567");
    type("T/r2/total", "x");
    expect(input("T/r2/total").value).toBe("x");
  });

  it("says how a number was understood", () => {
    page();
    type("T/r2/total", "1,234,567");
    expect(status()).toContain("Đã hiểu “1,234,567” (cách viết tiếng Anh) là 1.234.567.");
    expect(summary().hidden).toBe(true);
  });

  it("saves the changed cell and says when", async () => {
    page();
    type("T/r1/poor", "12");
    await settled();
    expect(server.requests).toEqual([
      { changes: [{ cell: "T/r1/poor", text: "12", base: 3 }], reasons: {} },
    ]);
    expect(status()).toContain("Đã lưu lúc 10:24.");
  });

  it("lets a warning pass with a reason, which is kept too", async () => {
    page();
    type("T/r1/poor", "60");
    const area = document.querySelector("[data-reason]") as HTMLTextAreaElement;
    expect(area.dataset["reason"]).toBe("high|T/r1/poor");
    area.value = "Thôn mới tách.";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    expect(summary().querySelector("h2")?.textContent).toBe("Các điều nhắc đều đã có lời giải thích");
    await settled();
    expect(server.requests.at(-1)?.reasons).toEqual({ "high|T/r1/poor": "Thôn mới tách." });
  });

  it("asks for a reason no more once there is one", () => {
    page({ outside: USUAL });
    expect(summary().textContent).toContain("(620). Nếu đúng, viết một câu lý do.");
    const area = document.querySelector("[data-reason]") as HTMLTextAreaElement;
    area.value = "Thôn mới tách.";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    expect(document.body.textContent).not.toContain("Nếu đúng");
    expect(summary().textContent).toContain("(620). Đã có lời giải thích, mời đọc lại.");
  });

  it("compares with the previous period and shows what only the server knows", () => {
    page({
      previous: { "T/r1/total": "620" },
      outside: USUAL,
      findings: [
        { code: "returned", severity: "note", message: "Xem lại số hộ.", cell: "T/r1/total", where: "Bó Lù, Tổng" },
        { code: "within", severity: "error", message: "cũ", cell: "T/r1/poor", where: "" },
        { code: "within", severity: "error", message: "ở trang khác", cell: "T/r900/poor", where: "Nà Chảo" },
      ],
    });
    expect(summary().textContent).toContain("62 khác thường so với kỳ trước (620)");
    expect(summary().textContent).not.toContain("Xem lại số hộ.");
    expect(summary().textContent).not.toContain("cũ");
    expect(summary().textContent).toContain("ở trang khác");
    expect(document.querySelector("[data-row=r1] + tr")?.textContent).toContain("Lý do trả lại. Xem lại số hộ.");
    expect(document.querySelector("[data-difference]")?.textContent).toBe("−558");
    type("T/r1/total", "680");
    expect(document.querySelector("[data-difference]")?.textContent).toBe("+60");
    expect(document.querySelector("[data-row=r1] + tr")?.textContent).not.toContain("Xem lại");
  });

  it("goes on asking for empty cells after a save that does not speak of them", async () => {
    const blank = (cell: string): object => ({
      code: "blank", severity: "error", message: "Ô còn trống.", cell, where: cell,
    });
    page({ findings: [blank("T/r2/total"), blank("T/r2/poor")] });
    type("T/r2/total", "5");
    await settled();
    expect(summary().querySelector("h2")?.textContent).toBe("Còn 1 lỗi phải sửa trước khi gửi");
    type("T/r2/poor", "0");
    expect(summary().hidden).toBe(true);
  });
});

describe("moving", () => {
  it("goes from cell to cell, over those of the machine, and never sends the form", () => {
    page();
    const sent = vi.fn((event: Event) => event.preventDefault());
    form().addEventListener("submit", sent);
    input("T/r1/total").focus();
    key("T/r1/total", "Enter");
    expect(document.activeElement).toBe(input("T/r2/total"));
    input("T/r2/total").setSelectionRange(0, 0);
    key("T/r2/total", "ArrowRight");
    expect(document.activeElement).toBe(input("T/r2/poor"));
    key("T/r2/poor", "ArrowUp");
    expect(document.activeElement).toBe(input("T/r1/poor"));
    key("T/r1/poor", "ArrowUp");
    key("T/r2/poor", "Enter");
    expect(document.activeElement).toBe(input("T/r1/poor"));
    expect(sent).not.toHaveBeenCalled();
  });

  it("walks through the text of a cell before leaving it", () => {
    page();
    const field = input("T/r1/total");
    field.focus();
    field.setSelectionRange(1, 1);
    key("T/r1/total", "ArrowRight");
    expect(document.activeElement).toBe(field);
    field.setSelectionRange(2, 2);
    key("T/r1/total", "ArrowRight");
    expect(document.activeElement).toBe(input("T/r1/poor"));
  });

  it("gives back what stood in the cell on Escape", () => {
    page();
    input("T/r1/total").focus();
    input("T/r1/total").value = "999";
    input("T/r1/total").dispatchEvent(new Event("input", { bubbles: true }));
    key("T/r1/total", "Escape");
    expect(input("T/r1/total").value).toBe("62");
  });
});

describe("entering a cell", () => {
  const selected = (field: HTMLInputElement): string =>
    field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
  const press = (field: HTMLInputElement): void => {
    field.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    field.focus();
    field.setSelectionRange(1, 1); // where the pointer stands
    field.dispatchEvent(new Event("click", { bubbles: true }));
  };

  it("selects what stands there, so that typing replaces it; a second press places the caret", () => {
    page();
    press(input("T/r1/total"));
    expect(selected(input("T/r1/total"))).toBe("62");
    press(input("T/r1/total"));
    expect(selected(input("T/r1/total"))).toBe("");
    input("T/r1/poor").focus(); // by the Tab key
    expect(selected(input("T/r1/poor"))).toBe("11");
  });

  it("leaves alone what a drawn press has chosen", () => {
    page();
    const field = input("T/r1/total");
    field.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    field.focus();
    field.setSelectionRange(1, 2);
    field.dispatchEvent(new Event("click", { bubbles: true }));
    expect(selected(field)).toBe("2");
  });

  it("selects it too when a link of the summary leads there", () => {
    page();
    type("T/r1/poor", "70");
    document.getElementById("send")?.focus();
    summary().querySelector("a")?.click();
    expect(document.activeElement).toBe(input("T/r1/poor"));
    expect(selected(input("T/r1/poor"))).toBe("70");
  });
});

describe("the keypad of a phone", () => {
  const bar = (): HTMLElement => document.querySelector("[data-markers]") as HTMLElement;

  it("writes by one touch what has no key, into the cell that has the focus", async () => {
    page();
    expect(bar().hidden).toBe(true);
    input("T/r1/poor").focus();
    expect(bar().hidden).toBe(false);
    bar().querySelector("button")?.click();
    expect(input("T/r1/poor").value).toBe("x");
    expect(document.activeElement).toBe(input("T/r1/poor"));
    await settled();
    expect(server.requests.at(-1)?.changes).toEqual([{ cell: "T/r1/poor", text: "x", base: 3 }]);
  });

  it("offers nothing where answers are picked", () => {
    page();
    input("T/r1/poor").focus();
    input("Q/xa/clinic").focus();
    expect(bar().hidden).toBe(true);
  });
});

describe("leaving the table", () => {
  it("goes to its first and last cell, and out of it to the button", () => {
    page();
    input("T/r1/poor").focus();
    key("T/r1/poor", "End", { ctrlKey: true });
    expect(document.activeElement).toBe(input("T/r2/poor"));
    key("T/r2/poor", "Home", { ctrlKey: true });
    expect(document.activeElement).toBe(input("T/r1/total"));
    key("T/r1/total", "Enter", { ctrlKey: true });
    expect(document.activeElement?.id).toBe("send");
  });
});

describe("questions to one unit", () => {
  it("keeps the answer that is picked, and may be left open again", async () => {
    page({ power: "Có" });
    pick("Q/xa/power", "Không");
    pick("Q/xa/clinic", "...");
    await settled();
    expect(server.requests.flatMap(({ changes }) => changes.map(({ cell, text }) => [cell, text]))).toEqual([
      ["Q/xa/power", "Không"], ["Q/xa/clinic", "..."],
    ]);
    key("Q/xa/clinic", "Delete");
    await settled();
    expect(picked("Q/xa/clinic")).toBe("");
    expect(server.requests.at(-1)?.changes).toEqual([{ cell: "Q/xa/clinic", text: "", base: 2 }]);
  });

  it("goes from question to question with Enter, and picks with the arrows", () => {
    page({ power: "Có" });
    key("Q/xa/power", "ArrowDown");
    key("Q/xa/power", "Enter");
    expect(document.activeElement).toBe(input("Q/xa/clinic"));
    key("Q/xa/clinic", "Enter");
    expect(document.activeElement).toBe(input("Q/xa/share"));
    key("Q/xa/share", "Enter", { shiftKey: true });
    expect(document.activeElement).toBe(input("Q/xa/clinic"));
  });

  it("takes what is pasted as the answer it means, and shows what it cannot be", () => {
    page();
    paste("Q/xa/power", "1\tco\t5\n");
    expect([picked("Q/xa/power"), picked("Q/xa/clinic"), input("Q/xa/share").value]).toEqual(["Có", "Có", "5"]);
    (document.querySelector("[data-undo]") as HTMLButtonElement).click();
    expect([picked("Q/xa/power"), picked("Q/xa/clinic")]).toEqual(["", ""]);
    paste("Q/xa/clinic", "K");
    expect(picked("Q/xa/clinic")).toBe("K");
    const said = input("Q/xa/clinic").closest("td")?.textContent ?? "";
    expect(said).toContain("“K” không có trong các lựa chọn: “Có”, “Không”.");
    expect(input("Q/xa/clinic").getAttribute("aria-invalid")).toBe("true");
  });

  it("brings an answer back that was picked while there was no network", async () => {
    server.answer = () => Promise.reject(new TypeError("no network"));
    page();
    pick("Q/xa/power", "Có");
    await settled();
    server.answer = keeps;
    page();
    expect(picked("Q/xa/power")).toBe("Có");
    await settled();
  });
});

describe("pasting", () => {
  it("fills a block, says how many cells need a look, and takes it back in one step", async () => {
    page();
    expect(paste("T/r1/total", "70\t1,4\t1\r\nabc\t\t9\r\n")).toBe(true);
    expect(input("T/r2/total").value).toBe("abc");
    expect(status()).toContain("Đã dán 4 ô, 1 ô cần xem lại.");
    expect(computed("T/r1/rate")).toBe("1,4");
    const undo = document.querySelector("[data-undo]") as HTMLButtonElement;
    expect(undo.hidden).toBe(false);
    expect(undo.textContent).toBe("Hoàn tác lần dán 4 ô");
    undo.click();
    expect(["T/r1/total", "T/r1/poor", "T/r2/total", "T/r2/poor"].map((cell) => input(cell).value)).toEqual(
      ["62", "11", "", ""],
    );
    expect(undo.textContent).toBe("Dán lại 4 ô");
    expect(status()).toContain("Đã hoàn tác lần dán 4 ô. Đã lưu lúc 09:00."); // nothing waits any more
    await settled();
    expect(server.requests).toEqual([]);
    undo.click();
    expect(["T/r1/total", "T/r2/total"].map((cell) => input(cell).value)).toEqual(["70", "abc"]);
    expect(status()).toContain("Đã dán lại 4 ô.");
  });

  it("is done again by Ctrl+Y and Ctrl+Shift+Z, but not over what was typed since", () => {
    page();
    paste("T/r1/total", "1\t\t2\n");
    for (const again of [{ key: "y" }, { key: "Z", shiftKey: true }]) {
      key("T/r1/total", "z", { ctrlKey: true });
      expect(input("T/r1/poor").value).toBe("11");
      key("T/r1/total", again.key, { ctrlKey: true, shiftKey: again.shiftKey ?? false });
      expect(input("T/r1/poor").value).toBe("2");
    }
    type("T/r1/poor", "7");
    (document.querySelector("[data-undo]") as HTMLButtonElement).click();
    expect(input("T/r1/total").value).toBe("62");
    expect(input("T/r1/poor").value).toBe("7");
  });

  it("is undone by Ctrl+Z until something else is typed", () => {
    page();
    paste("T/r1/total", "1\t\t2\n");
    key("T/r1/total", "z", { ctrlKey: true });
    expect(input("T/r1/total").value).toBe("62");
    paste("T/r1/total", "1\t\t2\n");
    type("T/r2/total", "5");
    key("T/r1/total", "z", { ctrlKey: true });
    expect(input("T/r1/total").value).toBe("1");
  });

  it("warns when pasted rates differ from what the machine computes", () => {
    page();
    paste("T/r1/total", "70\t99,9\t1\n");
    expect(status()).toContain("1 ô máy tính ra khác số dán vào");
  });

  it("leaves a single value to the browser", () => {
    page();
    expect(paste("T/r1/total", "12\r\n")).toBe(false);
  });
});

describe("a lost connection and a closed browser", () => {
  it("says that nothing is lost, and brings everything back", async () => {
    server.answer = () => Promise.reject(new TypeError("no network"));
    page();
    type("T/r1/poor", "12");
    type("T/r2/total", "5");
    await settled();
    expect(document.getElementById("grid-offline")?.hidden).toBe(false);
    expect(status()).toContain("2 ô đang giữ trên máy này, sẽ tự gửi khi có mạng.");

    server.answer = keeps;
    server.requests = [];
    page(); // the browser was closed and the page opened again
    expect(input("T/r1/poor").value).toBe("12");
    expect(computed("T/all/total")).toBe("67");
    expect(status()).toContain("Đã lấy lại 2 ô");
    await settled();
    const arrived = server.requests.flatMap(({ changes }) => changes.map(({ cell, text }) => `${cell} ${text}`));
    expect([...new Set(arrived)].sort()).toEqual(["T/r1/poor 12", "T/r2/total 5"]);
    expect(localStorage.length).toBe(0);
  });

  it("offers to sign in again, with the figures kept", async () => {
    server.answer = () => Response.json({ code: "sign-in", message: "Hết phiên làm việc." }, { status: 401 });
    page();
    type("T/r1/poor", "12");
    await settled();
    expect(status()).toContain("Hết phiên làm việc. Số đã nhập vẫn được giữ trên máy này.");
    expect(document.querySelector("[data-status] a")?.getAttribute("href")).toBe("/vao");
    expect(localStorage.length).toBe(1);
  });
});

describe("two people on one cell", () => {
  const theirs = { cell: "T/r1/poor", theirs: "15", theirs_by: "Nguyễn Thị Hoa", version: 9 };

  it("shows both values and sends the one that is chosen", async () => {
    server.answer = () =>
      Response.json({ saved: [], conflicts: [theirs], findings: [], at: "2026-11-25T10:24:05+07:00" });
    page();
    type("T/r1/poor", "12");
    await settled();
    expect(summary().textContent).toContain("Bạn ghi “12”, Nguyễn Thị Hoa ghi “15”.");
    server.answer = keeps;
    const [mine] = document.querySelectorAll<HTMLButtonElement>(".dong-loi button");
    expect(mine?.textContent).toBe("Giữ số của tôi (12)");
    expect(status()).toContain("Còn 1 ô hai người cùng sửa, chưa lưu: hãy chọn số đúng.");
    expect(status()).not.toContain("Đã lưu");
    mine?.click();
    await settled();
    expect(status()).toContain("Đã lưu lúc 10:24.");
    expect(server.requests.at(-1)?.changes).toEqual([{ cell: "T/r1/poor", text: "12", base: 9 }]);
    expect(summary().hidden).toBe(true);
  });

  it("takes the other value without sending anything", async () => {
    server.answer = () =>
      Response.json({ saved: [], conflicts: [theirs], findings: [], at: "2026-11-25T10:24:05+07:00" });
    page();
    type("T/r1/poor", "12");
    await settled();
    const [, other] = document.querySelectorAll<HTMLButtonElement>(".dong-loi button");
    other?.click();
    expect(status()).toContain("Đã lưu lúc 10:24.");
    await settled();
    expect(input("T/r1/poor").value).toBe("15");
    expect(server.requests).toHaveLength(1);
  });
});

describe("sending the form", () => {
  it("saves first, then goes without the cells", async () => {
    page();
    const sent: FormData[] = [];
    form().addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      sent.push(new FormData(form()));
    });
    type("T/r1/poor", "12");
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    expect(server.requests).toHaveLength(1);
    expect(sent).toHaveLength(1);
    expect([...(sent[0] as FormData).keys()].sort()).toEqual(["csrfmiddlewaretoken", "saved"]);
  });

  it("goes as well when there is nothing left to save, once its own event is over", async () => {
    page();
    let within = false;
    const sent: boolean[] = [];
    form().addEventListener("submit", (event) => {
      if (!event.defaultPrevented) sent.push(within);
      event.preventDefault();
      within = true;
      queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => (within = false))));
    });
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    expect(server.requests).toHaveLength(0);
    expect(sent).toEqual([false]);
  });

  it("stays where it is when the network is gone", async () => {
    server.answer = () => Promise.reject(new TypeError("no network"));
    page();
    const sent = vi.fn();
    form().addEventListener("submit", (event) => {
      if (!event.defaultPrevented) sent();
      event.preventDefault();
    });
    type("T/r1/poor", "12");
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    expect(sent).not.toHaveBeenCalled();
    expect(input("T/r1/poor").name).toBe("T/r1/poor");
    const told = document.getElementById("grid-offline") as HTMLElement;
    expect(document.activeElement).toBe(told);
    expect(told.querySelector<HTMLElement>("[data-unsent]")?.hidden).toBe(false);
  });

  it("says so as well when everything is saved and the network goes", async () => {
    page();
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    const told = document.getElementById("grid-offline") as HTMLElement;
    expect(document.activeElement).toBe(told);
    expect(told.hidden).toBe(false);
    online.mockRestore();
    window.dispatchEvent(new Event("online"));
    expect(told.hidden).toBe(true);
  });

  it("leads to the line that says why when the save was refused", async () => {
    server.answer = () => Response.json({ message: "Kỳ báo cáo đã khoá." }, { status: 409 });
    page();
    type("T/r1/poor", "12");
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    expect(document.activeElement?.textContent).toContain("Kỳ báo cáo đã khoá.");
  });

  it("leads to the summary while two people's numbers stand side by side", async () => {
    const theirs = { cell: "T/r1/poor", theirs: "15", theirs_by: "Nguyễn Thị Hoa", version: 9 };
    server.answer = () =>
      Response.json({ saved: [], conflicts: [theirs], findings: [], at: "2026-11-25T10:24:05+07:00" });
    page();
    type("T/r1/poor", "12");
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    expect(document.activeElement).toBe(summary());
  });

  it("leaves the answers in their groups for whoever comes back to the page", async () => {
    page({ power: "Có" });
    form().addEventListener("submit", (event) => event.preventDefault());
    (document.getElementById("send") as HTMLButtonElement).click();
    await settled();
    expect(document.querySelectorAll('[name="Q/xa/power"]')).toHaveLength(5);
  });
});

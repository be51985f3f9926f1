import { beforeEach, expect, it, vi } from "vitest";
import { sendFile } from "./send-file";

const ADDRESS = "http://localhost/viec/bao-cao/1/nop-tep/";

class FakeRequest extends EventTarget {
  static last: FakeRequest | undefined;
  upload = new EventTarget();
  status = 0;
  responseURL = "";
  responseText = "";
  address = "";
  body: FormData | undefined;

  constructor() {
    super();
    FakeRequest.last = this;
  }

  open(_method: string, address: string): void {
    this.address = address;
  }

  send(body: FormData): void {
    this.body = body;
  }

  travel(loaded: number, total: number): void {
    const event = new Event("progress");
    this.upload.dispatchEvent(Object.assign(event, { lengthComputable: true, loaded, total }));
  }

  answer(status: number, responseURL: string, responseText = ""): void {
    Object.assign(this, { status, responseURL, responseText });
    this.dispatchEvent(new Event("load"));
  }
}

const assign = vi.fn();

beforeEach(() => {
  FakeRequest.last = undefined;
  assign.mockClear();
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  vi.spyOn(window.location, "assign").mockImplementation(assign);
  document.body.innerHTML = `<main><h1>Nộp tệp Excel</h1>
    <form method="post" action="${ADDRESS}" data-gui-tep data-nhieu-nhat="100" novalidate
      data-chua-gui="Chưa gửi" data-mat-mang="Mất mạng" data-da-doi="Đã đổi" data-qua-nang="Nặng">
    <div class="tha-tep"><input type="file" id="workbook" name="workbook">
    <p data-buoc data-dang-gui="Đang gửi tệp…" data-dang-doc="Đang đọc tệp…"></p>
    <progress max="100" hidden></progress></div><button type="submit">Nộp</button></form></main>`;
  sendFile(document);
});

function form(): HTMLFormElement {
  return document.forms[0] as HTMLFormElement;
}

function bar(): HTMLProgressElement {
  return document.querySelector("progress") as HTMLProgressElement;
}

function step(): string {
  return document.querySelector("[data-buoc]")?.textContent ?? "";
}

function field(): HTMLInputElement {
  return document.querySelector("input") as HTMLInputElement;
}

function choose(file: File): void {
  Object.defineProperty(field(), "files", { value: [file], configurable: true, writable: true });
}

/** Press the button; tell whether the browser would send the form itself. */
async function press(): Promise<boolean> {
  const goes = form().dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await new Promise((resolve) => setTimeout(resolve));
  return goes;
}

async function sent(file = new File(["12345"], "bieu.xlsx")): Promise<FakeRequest> {
  choose(file);
  await press();
  const request = FakeRequest.last;
  if (!request) throw new Error("nothing was sent");
  return request;
}

it("shows how far the file is, then that it is being read", async () => {
  const request = await sent();
  expect(request.address).toBe(ADDRESS);
  request.travel(45, 100);
  expect(bar().hidden).toBe(false);
  expect(bar().value).toBe(45);
  expect(step()).toBe("Đang gửi tệp… 45 %");
  request.upload.dispatchEvent(new Event("load"));
  expect(step()).toBe("Đang đọc tệp…");
  expect(bar().hasAttribute("value")).toBe(false);
});

it("goes where the server leads", async () => {
  const request = await sent();
  request.answer(200, "http://localhost/viec/bao-cao/1/tep/2/");
  expect(assign).toHaveBeenCalledWith("http://localhost/viec/bao-cao/1/tep/2/");
});

it("a refusal is shown as the server says it, and the file stays chosen", async () => {
  const request = await sent();
  request.answer(422, ADDRESS, `<html><body><main><section tabindex="-1" data-tom-tat-loi>
    <h2>Chưa nhận được tệp</h2></section><h1>Nộp</h1></main></body></html>`);
  const said = document.querySelector<HTMLElement>("main > [data-tom-tat-loi]");
  expect(said?.textContent).toContain("Chưa nhận được tệp");
  expect(document.activeElement).toBe(said);
  expect(field().files?.length).toBe(1);
  expect(field().getAttribute("aria-invalid")).toBe("true");
  expect(bar().hidden).toBe(true);
  expect(step()).toBe("");
});

it("the next attempt takes the old refusal away", async () => {
  (await sent()).answer(422, ADDRESS, "<section data-tom-tat-loi>Một</section>");
  await press();
  expect(document.querySelector("[data-tom-tat-loi]")).toBeNull();
});

it("a lost connection is told, and one may press again", async () => {
  const first = await sent();
  first.dispatchEvent(new Event("error"));
  expect(document.querySelector("[data-tom-tat-loi]")?.textContent).toContain("Mất mạng");
  await press();
  expect(FakeRequest.last).not.toBe(first);
});

it("an answer that is no page of ours is told like a lost connection", async () => {
  (await sent()).answer(502, ADDRESS, "Bad gateway");
  expect(document.querySelector("[data-tom-tat-loi]")?.textContent).toContain("Mất mạng");
});

it("a second press while the file travels sends nothing", async () => {
  const first = await sent();
  await press();
  expect(FakeRequest.last).toBe(first);
});

it("a file beyond the limit does not travel at all", async () => {
  choose(new File(["1".repeat(101)], "to.xlsx"));
  await press();
  expect(FakeRequest.last).toBeUndefined();
  expect(document.querySelector("[data-tom-tat-loi]")?.textContent).toContain("Nặng");
});

it("a file saved again after it was chosen is asked for once more", async () => {
  const file = new File(["1"], "bieu.xlsx");
  vi.spyOn(file, "slice").mockReturnValue({
    arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")),
  } as unknown as Blob);
  choose(file);
  await press();
  expect(FakeRequest.last).toBeUndefined();
  expect(document.querySelector("[data-tom-tat-loi]")?.textContent).toContain("Đã đổi");
});

it("without a file the form goes to the server, which says so", async () => {
  Object.defineProperty(field(), "files", { value: [], configurable: true });
  expect(await press()).toBe(true);
  expect(FakeRequest.last).toBeUndefined();
});

it("a page brought back by the browser is at rest", async () => {
  await sent();
  window.dispatchEvent(new Event("pageshow"));
  expect(bar().hidden).toBe(true);
  expect(step()).toBe("");
});

it("a file dropped anywhere on the box is chosen", () => {
  const files = [new File(["1"], "bieu.xlsx")];
  Object.defineProperty(field(), "files", { value: [], configurable: true, writable: true });
  const drop = new Event("drop", { bubbles: true, cancelable: true });
  document.querySelector(".tha-tep")?.dispatchEvent(
    Object.assign(drop, { dataTransfer: { files } }));
  expect(drop.defaultPrevented).toBe(true);
  expect(field().files).toBe(files);
});

/** A page with a small report grid, and the hands of a person on it. */

import { afterEach, beforeEach, vi } from "vitest";
import { startGrid } from "./page";
import type { Batch } from "./queue";

const COUNT = { name: "integer", decimals: 0, minimum: "0", maximum: null, choices: [] };
const YES_NO = { name: "choice", choices: [["1", "Có"], ["0", "Không"]] };
const QUESTIONS = {
  id: "Q",
  title: "Câu hỏi",
  rows: [{ id: "xa", label: "Toàn xã", sum: [], heading: false }],
  columns: [
    { id: "power", label: "Có điện", kind: YES_NO, unit: "", formula: null },
    { id: "clinic", label: "Có trạm", kind: YES_NO, unit: "", formula: null },
    { id: "share", label: "Tỷ lệ", kind: COUNT, unit: "%", formula: null },
  ],
};

const LAYOUT = {
  form: "F",
  version: "1",
  tables: [
    {
      id: "T",
      title: "Hộ nghèo",
      rows: [
        { id: "r1", label: "Bó Lù", sum: [], heading: false },
        { id: "r2", label: "Cốc Tộc", sum: [], heading: false },
        { id: "all", label: "Tổng cộng", sum: ["r1", "r2"], heading: false },
      ],
      columns: [
        { id: "total", label: "Tổng", kind: COUNT, unit: "", formula: null },
        {
          id: "rate",
          label: "Tỷ lệ",
          kind: { ...COUNT, name: "decimal", decimals: 1 },
          unit: "%",
          formula: "[poor] / [total] * 100",
        },
        { id: "poor", label: "Nghèo", kind: COUNT, unit: "", formula: null },
      ],
    },
    QUESTIONS,
  ],
  rules: [
    {
      id: "within",
      test: "[poor] <= [total]",
      message: "Hộ nghèo {poor} nhiều hơn tổng {total}.",
      severity: "error",
      each: "T",
      column: "poor",
      cell: "",
    },
    {
      id: "high",
      test: "[rate] <= 90",
      message: "Tỷ lệ {rate} rất cao.",
      severity: "warning",
      each: "T",
      column: "poor",
      cell: "",
    },
  ],
};

function row(id: string, label: string, total: string, poor: string): string {
  const input = (column: string, value: string): string =>
    `<td class="o"><input id="o-T-${id}-${column}" name="T/${id}/${column}" data-cell="T/${id}/${column}"
      data-version="3" value="${value}" inputmode="numeric" aria-label="${label}, ${column}"></td>`;
  return `<tr data-row="${id}"><th class="dau-dong">${label}</th>${input("total", total)}
    <td class="tinh" data-computed="T/${id}/rate"></td>${input("poor", poor)}</tr>`;
}

function block(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value)}</script>`;
}

/** Questions to one unit, one under another: a row of answers, a list, a box to type into. */
function questions(power: string, clinic: string): string {
  const cell = (column: string): string => `id="o-Q-xa-${column}" data-cell="Q/xa/${column}" data-version="1"
    aria-label="Toàn xã, ${column}"`;
  const offered = ["", "Có", "Không", "...", "x"];
  const answers = offered.map((value) => `<label><input type="radio" name="Q/xa/power" value="${value}"
    ${value === power ? "checked" : ""}> ${value}</label>`);
  const options = offered.map(
    (value) => `<option value="${value}" ${value === clinic ? "selected" : ""}>${value}</option>`,
  );
  return `<div class="luoi"><table data-table="Q"><thead style="display: none"><tr><th>Câu hỏi</th></tr></thead>
    <tbody><tr data-row="xa"><td class="o"><div role="radiogroup" ${cell("power")}>${answers.join("")}</div></td>
    <td class="o"><select ${cell("clinic")} name="Q/xa/clinic">${options.join("")}</select></td>
    <td class="o"><input ${cell("share")} name="Q/xa/share" value=""></td></tr></tbody></table></div>`;
}

export interface Extra {
  findings?: unknown;
  previous?: unknown;
  outside?: unknown;
  reasons?: unknown;
  power?: string;
  clinic?: string;
  earlier?: Record<string, { label: string; values?: Record<string, string> }>;
  notes?: unknown;
  closed?: string;
}

/** What stands around the cells: the choice of a period, the line of the cell, the box of notes. */
function around(extra: Extra): string {
  const options = Object.entries(extra.earlier ?? {}).map(([name, { label }]) =>
    `<option value="${name}">${label}</option>`);
  return `<label hidden>Số kỳ trước <select data-compare><option value="">không hiện</option>
      ${options.join("")}</select></label>
    <div data-current hidden><p><strong data-current-name></strong> <span data-current-before></span></p>
      <button type="button" data-open-notes hidden>Ghi chú</button></div>`;
}

const DIALOG = `<form id="carry" method="post" action="/carry">
    <button type="submit" data-carry hidden>Lấy số kỳ trước</button></form>
  <dialog data-notes data-page-url="/ghi-chu" data-notes-url="/notes" data-evidence-url="/evidence">
    <h2></h2><p data-facts></p><p data-about></p><textarea></textarea><div data-papers hidden><ul></ul></div>
    <input type="file"><p data-problem hidden></p><button data-keep>Lưu</button>
    <button data-close>Đóng</button></dialog>`;

export function page(extra: Extra = {}): void {
  document.body.innerHTML = `
    <section class="bao" id="grid-summary" tabindex="-1" hidden><h2></h2><ul></ul></section>
    <section id="grid-offline" hidden><p data-unsent hidden>Chưa gửi được.</p></section>
    <form method="post" data-grid data-save-url="/cells" data-draft-key="u:a" data-sign-in-url="/vao"
      data-total="40" data-filled="22">
      <input type="hidden" name="csrfmiddlewaretoken" value="token">
      <div class="luoi"><table data-table="T"><thead><tr><th>Thôn</th></tr></thead><tbody>
        ${row("r1", "Bó Lù", "62", "11")}${row("r2", "Cốc Tộc", "", "")}
        <tr class="nhom"><th>Vùng thấp</th></tr><tr><td data-difference="T/r1/total"></td></tr>
        <tr data-row="all"><th class="dau-dong">Tổng cộng</th><td data-computed="T/all/total"></td>
        <td data-computed="T/all/rate"></td><td data-computed="T/all/poor"></td></tr>
      </tbody></table></div>${questions(extra.power ?? "", extra.clinic ?? "")}
      ${around(extra)}
      <p role="status" data-status>Đã lưu lúc 09:00. Đã nhập 22 trên 40 ô.</p>
      <button type="button" data-undo hidden></button>
      <p data-markers hidden><button type="button" data-marker="x">x</button></p>
      <button type="submit" id="send" data-leave name="act" value="send">Kiểm tra và gửi</button>
    </form>${DIALOG}
    ${block("grid-about", { "T/poor": "Hộ nghèo theo chuẩn đa chiều." })}
    ${block("grid-earlier", extra.earlier ?? {})}${block("grid-notes", extra.notes ?? [])}
    ${block("grid-layout", LAYOUT)}${block("grid-findings", extra.findings ?? [])}
    ${block("grid-previous", extra.previous ?? {})}${block("grid-reasons", extra.reasons ?? {})}
    ${block("grid-outside", extra.outside ?? {})}`;
  if (extra.closed) input(extra.closed).dataset["closed"] = "";
  startGrid(form());
}

export const form = (): HTMLFormElement => document.forms[0] as HTMLFormElement;
export const input = (cell: string): HTMLInputElement =>
  document.querySelector(`[data-cell="${cell}"]`) as HTMLInputElement;
export const computed = (cell: string): string =>
  document.querySelector(`[data-computed="${cell}"]`)?.firstChild?.textContent ?? "";
export const status = (): string => document.querySelector("[data-status]")?.textContent ?? "";
export const summary = (): HTMLElement => document.getElementById("grid-summary") as HTMLElement;

export function type(cell: string, text: string): void {
  const field = input(cell);
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  vi.advanceTimersByTime(1);
}

export function paste(cell: string, text: string): boolean {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "clipboardData", { value: { getData: () => text } });
  input(cell).focus();
  return !input(cell).dispatchEvent(event);
}

export function key(cell: string, name: string, more: KeyboardEventInit = {}): void {
  const place = input(cell);
  const target = place.querySelector("input:checked") ?? place;
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}

/** Picks an answer to a question: from a list or from a row of answers. */
export function pick(cell: string, value: string): void {
  const place = document.querySelector(`[data-cell="${cell}"]`) as HTMLElement;
  const answer = place.querySelector<HTMLInputElement>(`input[value="${value}"]`);
  if (answer) answer.checked = true;
  else (place as HTMLSelectElement).value = value;
  for (const name of ["input", "change"]) (answer ?? place).dispatchEvent(new Event(name, { bubbles: true }));
  vi.advanceTimersByTime(1);
}

export const picked = (cell: string): string => {
  const place = document.querySelector(`[data-cell="${cell}"]`) as HTMLElement;
  return place instanceof HTMLSelectElement
    ? place.value
    : (place.querySelector<HTMLInputElement>("input:checked")?.value ?? "nothing");
};

/** What was sent, and what the server answers to it. */
export const server: {
  requests: Batch[];
  answer: (batch: Batch) => Response | Promise<Response>;
} = { requests: [], answer: keeps };

export function keeps(batch: Batch, more: object = {}): Response {
  const saved = batch.changes.map(({ cell, text, base }) => ({ cell, text, version: base + 1 }));
  return Response.json({ saved, conflicts: [], findings: [], at: "2026-11-25T10:24:05+07:00", ...more });
}

export const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(3500);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  server.requests = [];
  server.answer = keeps;
  vi.stubGlobal("fetch", (_url: string, options: { body: string }) => {
    const batch = JSON.parse(options.body) as Batch;
    server.requests.push(batch);
    return Promise.resolve(server.answer(batch));
  });
});

afterEach(async () => {
  await settled();
  document.body.innerHTML = "";
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

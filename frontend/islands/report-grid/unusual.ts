/**
 * An unusual figure beside what is usual there: a small picture, and the same in
 * numbers. The pages of the server draw the same (`interfaces/workbench/unusual.py`).
 */

import type { Decimal } from "../../rules/decimal";
import type { Column } from "../../rules/kinds";
import { filled } from "../../rules/messages";
import { display } from "../../rules/numbers";
import type { Usual } from "../../rules/outliers";
import type { Outside } from "../../rules/references";
import { element } from "./dom";

const WIDTH = 240;
const EDGE = 8;
const SVG = "http://www.w3.org/2000/svg";

interface Before {
  readonly label: string;
  readonly value: Decimal;
}

/** The picture and the numbers of an unusual figure; nothing for other findings. */
export function pictureOf(
  code: string,
  cell: string,
  column: Column | undefined,
  now: Decimal | null | undefined,
  outside: Outside,
): HTMLElement[] {
  const own = code === "unusual-change";
  const usual = own ? outside.own.get(cell) : code === "unusual-among-peers" ? outside.peers.get(cell) : undefined;
  if (!usual || !column || !now) return [];
  const before = own ? pastOf(cell, outside) : [];
  const legend = before.length
    ? filled("Dải: khoảng thường thấy. Chấm: các kỳ trước. Hình thoi: số này.", {})
    : filled("Dải: khoảng thường thấy. Hình thoi: số này.", {});
  const box = element("div", { class: "muc-thuong-thay" });
  box.append(
    drawn(now, usual, before.map(({ value }) => value)),
    element("p", { class: "nho nhat" }, legend),
    numbers(column, now, usual, before),
  );
  return [box];
}

function pastOf(cell: string, outside: Outside): Before[] {
  const values = outside.past.get(cell) ?? [];
  return values.flatMap((value, at) => (value ? [{ label: outside.periods[at] ?? "", value }] : []));
}

function svg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function drawn(now: Decimal, usual: Usual, past: readonly Decimal[]): SVGElement {
  const number = (value: Decimal): number => Number(value.toString());
  const limits = [usual.low, usual.high].flatMap((limit) => (limit ? [number(limit)] : []));
  const seen = [number(now), number(usual.typical), ...past.map(number)];
  const floor = Math.min(...seen) >= 0 ? 0 : -Infinity; // no count lies below zero
  const low = Math.max(floor, Math.min(...seen, ...limits));
  const high = Math.max(...seen, ...limits);
  const at = (value: number): number => {
    const share = Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
    return EDGE + Math.round(share * (WIDTH - 2 * EDGE));
  };
  const left = at(usual.low ? number(usual.low) : low);
  const right = at(usual.high ? number(usual.high) : high);
  const middle = at(number(usual.typical));
  const picture = svg("svg", {
    class: "muc", viewBox: `0 0 ${WIDTH} 36`, width: WIDTH, height: 36, role: "img",
    "aria-label": filled("Hình: số này nằm ngoài khoảng thường thấy", {}),
  });
  picture.append(
    svg("line", { class: "muc-nen", x1: 0, x2: WIDTH, y1: 18, y2: 18 }),
    svg("rect", { class: "muc-dai", x: left, y: 10, width: Math.max(1, right - left), height: 16 }),
    svg("line", { class: "muc-giua", x1: middle, x2: middle, y1: 8, y2: 28 }),
    ...past.map((value) => svg("circle", { class: "muc-truoc", cx: at(number(value)), cy: 18, r: 3 })),
    svg("path", { class: "muc-nay", d: `M${at(number(now)) - 6} 18l6-7 6 7-6 7z` }),
  );
  return picture;
}

function numbers(column: Column, now: Decimal, usual: Usual, before: readonly Before[]): HTMLElement {
  const lines: [label: string, value: Decimal][] = [
    [filled("Số này", {}), now],
    [filled("Mức thường thấy", {}), usual.typical],
  ];
  if (usual.low && !usual.low.isNegative && !usual.low.isZero) {
    lines.push([filled("Thường không dưới", {}), usual.low]);
  }
  if (usual.high) lines.push([filled("Thường không quá", {}), usual.high]);
  for (const { label, value } of before) lines.push([label, value]);
  const rows = lines.map(([label, value]) =>
    element("div", {}, element("dt", {}, label), element("dd", {}, display(value, column.kind))),
  );
  return element("details", {}, element("summary", {}, filled("Xem bằng số", {})), element("dl", {}, ...rows));
}

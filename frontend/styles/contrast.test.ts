import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const source = readFileSync(resolve(import.meta.dirname, "_tokens.scss"), "utf8");
const colours = new Map(
  [...source.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map((found) => [found[1], found[2]]),
);

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const short = hex.slice(1);
  const full = short.length === 3 ? [...short].map((letter) => letter + letter).join("") : short;
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [one, other]
    .map((name) => luminance(colours.get(name) ?? name))
    .sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["giay", "giay-trang", "giay-sam", "cham-50", "nghe-nen", "la-nen", "son-nen"];
const inks = ["muc", "muc-nhat", "cham-700", "cham-900"];

describe("colour", () => {
  it.each(inks.flatMap((ink) => grounds.map((ground) => [ink, ground] as const)))(
    "%s is read on %s",
    (ink, ground) => expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5),
  );

  it.each([
    ["muc-dao", "cham-950"],
    ["muc-dao-nhat", "cham-950"],
    ["muc-dao", "cham-700"],
    ["muc", "ho-phach"],
    ["son", "giay"],
    ["son", "son-nen"],
    ["nghe", "nghe-nen"],
    ["la", "la-nen"],
    ["la", "giay-trang"],
    ["cham-950", "cham-200"],
    ["#ffffff", "son"],
  ])("%s is read on %s", (ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ["vien-manh", "giay"],
    ["vien-manh", "giay-trang"],
    ["vien-manh", "giay-sam"],
    ["nghe-vien", "giay-trang"],
    ["son", "giay-trang"],
  ])("a field edged with %s is seen on %s", (edge, ground) => {
    expect(contrast(edge, ground)).toBeGreaterThanOrEqual(3);
  });

  it("the classes of a map go from light to dark, also in grey", () => {
    const steps = [1, 2, 3, 4, 5].map((n) => luminance(colours.get(`ban-do-${n}`) ?? ""));
    expect(steps).toEqual([...steps].sort((a, b) => b - a));
    expect(new Set(steps).size).toBe(5);
  });
});

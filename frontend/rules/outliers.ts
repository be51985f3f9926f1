/** Which figures are unusual: the limits come from the server, see `domain/outliers.py`. */

import { Decimal } from "./decimal";
import type { Column, Kind } from "./kinds";
import { filled } from "./messages";
import { display, notation } from "./numbers";

const FEWEST_PERIODS = 4;
const TWO = Decimal.of(2);
const TEN = Decimal.of(10);

const ASK = "Nếu đúng, viết một câu lý do.";
const CHANGED = "{current} khác thường so với kỳ trước ({previous}).";
const OWN = {
  high: "{current} cao gấp {times} lần mức thường thấy của {count} kỳ trước ({typical}).",
  low: "{current} thấp hơn {times} lần mức thường thấy của {count} kỳ trước ({typical}).",
  far: "{current} khác xa mức thường thấy của {count} kỳ trước ({typical}).",
};
const PEERS = {
  high: "{current} cao gấp {times} lần mức thường thấy của {count} {whose} (khoảng {typical}).",
  low: "{current} thấp hơn {times} lần mức thường thấy của {count} {whose} (khoảng {typical}).",
  far: "{current} khác xa mức thường thấy của {count} {whose} (khoảng {typical}).",
};

/** What is usual in a cell: between `low` and `high`, mostly near `typical`, seen `count` times. */
export interface Usual {
  readonly low: Decimal | null;
  readonly high: Decimal | null;
  readonly typical: Decimal;
  readonly count: number;
}

export function usualOf(data: readonly (string | number | null)[]): Usual {
  const limit = (value: string | number | null | undefined): Decimal | null =>
    value === null || value === undefined ? null : Decimal.of(value);
  const [low, high, typical, count] = data;
  return {
    low: limit(low), high: limit(high), typical: limit(typical) ?? Decimal.zero, count: Number(count),
  };
}

export interface Unusual {
  readonly code: string;
  readonly message: string;
}

/** Code and sentence when a figure is unusual. Who has a history is asked by that. */
export function unusual(
  column: Column,
  now: Decimal,
  own: Usual | undefined,
  peers: Usual | undefined,
  whose: string,
): Unusual | null {
  const usual = own ?? peers;
  if (!usual || holds(usual, now)) return null;
  return {
    code: own ? "unusual-change" : "unusual-among-peers",
    message: `${sentence(column, now, usual, own !== undefined, whose)} ${filled(ASK, {})}`,
  };
}

function holds({ low, high }: Usual, value: Decimal): boolean {
  return !(high && value.compare(high) > 0) && !(low && value.compare(low) < 0);
}

function sentence(column: Column, now: Decimal, usual: Usual, own: boolean, whose: string): string {
  if (!own) return told(now, usual, column.kind, PEERS, whose);
  if (usual.count >= FEWEST_PERIODS) return told(now, usual, column.kind, OWN, whose);
  const facts = { current: display(now, column.kind), previous: display(usual.typical, column.kind) };
  return filled(CHANGED, facts);
}

function told(now: Decimal, usual: Usual, kind: Kind, words: typeof OWN, whose: string): string {
  const { typical, count } = usual;
  const facts = {
    current: display(now, kind), typical: display(typical, kind), count, whose: whose && filled(whose, {}),
  };
  const compared = [[words.high, now, typical], [words.low, typical, now]] as const;
  for (const [found, greater, lesser] of compared) {
    if (lesser.compare(Decimal.zero) <= 0 || greater.compare(lesser.times(TWO)) < 0) continue;
    const times = greater.over(lesser) as Decimal;
    const rounded = times.roundedHalfEven(times.compare(TEN) >= 0 ? 0 : 1);
    return filled(found, { ...facts, times: notation(rounded) });
  }
  return filled(words.far, facts);
}

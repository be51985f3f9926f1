/**
 * Numbers as people write them: read without guessing, shown in Vietnamese notation.
 *
 * The same rules as `domain/numbers.py`, held to the same table (`tests/spec/numbers.json`).
 */

import { Decimal } from "./decimal";
import { type Figure, isNumeric, type Kind, minimum, places, type Reading, type Status } from "./kinds";
import { nameKey, plain, told } from "./messages";

const MOST_DIGITS = 18;
const MARKERS: Readonly<Record<Exclude<Status, "A">, string>> = { L: "...", M: "x", Q: "c" };

const NOT_REPORTED: Figure = { value: null, status: "L" };
const NOT_APPLICABLE: Figure = { value: null, status: "M" };
const CONFIDENTIAL: Figure = { value: null, status: "Q" };

const SIGNS = new Map<string, Figure>([
  ["...", NOT_REPORTED],
  ["…", NOT_REPORTED],
  ["x", NOT_APPLICABLE],
  ["c", CONFIDENTIAL],
]);
const WORDS = new Map<string, Figure>([
  ["chuacosolieu", NOT_REPORTED],
  ["khongcosolieu", NOT_REPORTED],
  ["chuathuthap", NOT_REPORTED],
  ["chuathuthapduoc", NOT_REPORTED],
  ["khongapdung", NOT_APPLICABLE],
  ["baomat", CONFIDENTIAL],
]);
const NONE_WORDS = new Set(["khong", "khongco", "ko", "kco", "koco"]);
const MINUS = /^[-−–－] ?(?=[0-9.,])/;
const CODE = /^-?[0-9]{1,18}$/;

/** Reads what a person typed into a cell of that kind; `unit` may allow a % sign. */
export function readText(text: string, kind: Kind, unit = ""): Reading {
  const words = plain(text);
  if (kind.name === "text" || !words) return { text, figure: null, finding: null };
  if (kind.name === "choice") return readChoice(text, words, kind);
  return readSpecial(text, words) ?? readNumber(text, words, kind, unit);
}

/** The text for an input box; read again, it gives the same figure. */
export function show(figure: Figure | null, kind: Kind): string {
  if (figure === null) return "";
  if (figure.value === null) return figure.status === "A" ? "" : MARKERS[figure.status];
  if (kind.name === "choice") return choiceText(figure.value, kind);
  if (places(kind) === 0) return notation(figure.value, 0);
  const rounded = roundedTo(figure.value, places(kind));
  return rounded.decimals === 0 ? notation(rounded, 1) : notation(rounded);
}

/** A number as the column writes it; what is no number, or needs a word, stays as typed. */
export function tidy(text: string, kind: Kind, unit = ""): string {
  if (!isNumeric(kind)) return text;
  const { figure, finding } = readText(text, kind, unit);
  return finding || !figure?.value ? text : show(figure, kind);
}

/** A figure as it is printed in a table: all decimals of its column, even zeros. */
export function display(value: Decimal | null, kind: Kind): string {
  if (value === null) return "";
  if (kind.name === "choice") return choiceText(value, kind);
  return notation(value, places(kind));
}

/** A number in Vietnamese notation, rounded half up if `decimals` is given. */
export function notation(value: Decimal, decimals?: number): string {
  const text = decimals === undefined ? value.toString() : roundedTo(value, decimals).toString(decimals);
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  const size = fraction ? `${grouped},${fraction}` : grouped;
  return text.startsWith("-") && /[1-9]/.test(size) ? `−${size}` : size;
}

/** A computed value with the decimals of its column, rounded half up. */
export function rounded(value: Decimal, kind: Kind): Decimal {
  return kind.name === "integer" || kind.name === "decimal" ? roundedTo(value, places(kind)) : value;
}

function roundedTo(value: Decimal, decimals: number): Decimal {
  return value.magnitude + decimals > 24 ? value : value.rounded(decimals);
}

function readSpecial(text: string, words: string): Reading | null {
  const marked = SIGNS.get(words.toLowerCase());
  if (marked) return { text, figure: marked, finding: null };
  if (/^[-−–—－]$/.test(words)) return told("ask-dash", text);
  if (words.startsWith("#")) return told("formula-error", text);
  const key = nameKey(words);
  if (NONE_WORDS.has(key)) return told("ask-none", text);
  const named = WORDS.get(key);
  if (!named || named.status === "A") return null;
  return told("word-marker", text, named, { marker: MARKERS[named.status] });
}

function readChoice(text: string, words: string, kind: Kind): Reading {
  const code = choiceCode(words, kind);
  if (code !== null) {
    const figure: Figure | null = CODE.test(code) ? { value: Decimal.of(code), status: "A" } : null;
    return { text, figure, finding: null };
  }
  const choices = (kind.choices ?? []).map(([, label]) => `“${label}”`).join(", ");
  if (words.toLowerCase() === "x") return told("tick", text, NOT_APPLICABLE, { choices });
  return readSpecial(text, words) ?? told("not-a-choice", text, null, { choices });
}

function choiceCode(words: string, kind: Kind): string | null {
  const choices = kind.choices ?? [];
  const typed = words.toLowerCase();
  const exact =
    choices.find(([code]) => code === words) ??
    choices.find(([, label]) => plain(label).toLowerCase() === typed);
  if (exact) return exact[0];
  const key = nameKey(words);
  const near = choices.filter(([code, label]) => key && (key === nameKey(label) || key === code));
  return near.length === 1 ? (near[0]?.[0] ?? null) : null;
}

function choiceText(value: Decimal, kind: Kind): string {
  for (const [code, label] of kind.choices ?? []) {
    if (CODE.test(code) && Decimal.of(code).equals(value)) {
      return choiceCode(plain(label), kind) === code ? label : code;
    }
  }
  return notation(value);
}

interface Parts {
  readonly whole: string;
  readonly mark: string;
  readonly fraction: string;
  readonly grouped: boolean;
  readonly english: boolean;
  /** One mark that may as well be a thousands separator. */
  readonly lone: boolean;
}

const SPACED = /^([1-9]\d{0,2}(?: \d{3})+)(?:([.,])(\d+))?$/;
const DOTS = /^(?:([1-9]\d{0,2}(?:\.\d{3})+)(,)(\d+)|([1-9]\d{0,2}(?:\.\d{3}){2,}))$/;
const COMMAS = /^(?:([1-9]\d{0,2}(?:,\d{3})+)(\.)(\d+)|([1-9]\d{0,2}(?:,\d{3}){2,}))$/;
const LONE = /^(\d*)([.,])(\d+)$/;

function partsOf(body: string): Parts | null {
  const simple = { grouped: false, english: false, lone: false };
  if (/^\d+$/.test(body)) return { whole: body, mark: "", fraction: "", ...simple };
  for (const pattern of [SPACED, DOTS, COMMAS]) {
    const found = pattern.exec(body);
    if (found) {
      const whole = (found[1] ?? found[4] ?? "").replace(/\D/g, "");
      const [mark = "", fraction = ""] = [found[2], found[3]];
      return { whole, mark, fraction, grouped: true, english: pattern === COMMAS, lone: false };
    }
  }
  const found = LONE.exec(body);
  if (!found) return null;
  const [, whole = "", mark = "", fraction = ""] = found;
  const lone = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  return { ...simple, whole: whole || "0", mark, fraction, lone };
}

function readNumber(text: string, words: string, kind: Kind, unit: string): Reading {
  let body = words;
  if (body.endsWith("%")) {
    if (unit !== "%") return told("percent-sign", text);
    body = body.slice(0, -1).trimEnd();
  }
  const negative = MINUS.test(body) || /^\([0-9][^()]*\)$/.test(body);
  body = negative
    ? body.replace(MINUS, "").replace(/^[()]+|[()]+$/g, "")
    : body.replace(/^\+/, "").trimStart();
  const parts = partsOf(body);
  if (!parts) return told("not-a-number", text);
  const size = parts.whole.replace(/^0+/, "").length;
  if (size + places(kind) > MOST_DIGITS || parts.fraction.length > 30) {
    return told("too-large", text);
  }
  const value = Decimal.of(`${negative ? "-" : ""}${parts.whole}.${parts.fraction || "0"}`);
  const read = places(kind) === 0 ? readWhole : readDecimal;
  return read(text, parts, value, kind);
}

function joined(parts: Parts, value: Decimal): Decimal {
  const size = Decimal.of(parts.whole + parts.fraction);
  return value.isNegative ? size.negated() : size;
}

function readWhole(text: string, parts: Parts, value: Decimal, kind: Kind): Reading {
  if (parts.lone && parts.mark === ".") return within(text, joined(parts, value), kind);
  if (parts.lone) {
    return told("ask-integer", text, null, { thousands: notation(joined(parts, value), 0) });
  }
  if (value.decimals > 0) {
    return parts.grouped ? told("fraction", text) : fractionOf(text, value);
  }
  return within(text, value, kind, parts.english ? "english-notation" : parts.fraction ? "read-as" : "");
}

function fractionOf(text: string, value: Decimal): Reading {
  const thousands = value.scaled(3);
  if (thousands.decimals > 0 || value.absolute().compare(Decimal.of(1)) < 0) {
    return told("fraction", text);
  }
  return told("fraction-thousands", text, null, { thousands: notation(thousands, 0) });
}

function readDecimal(text: string, parts: Parts, value: Decimal, kind: Kind): Reading {
  if (parts.lone) {
    const facts = {
      thousands: typed(joined(parts, value)),
      fraction: notation(value),
      retyped: notation(value, Math.min(places(kind), 3)),
    };
    if (parts.mark === "." || places(kind) < 3) return told("ask-decimal", text, null, facts);
    return within(text, value, kind, "lone-comma", facts);
  }
  const code = parts.english ? "english-notation" : parts.mark === "." ? "read-as" : "";
  return within(text, value, kind, code);
}

/** A whole number the way that no column misreads: without separators. */
function typed(value: Decimal): string {
  return value.toString().replace("-", "−");
}

function within(
  text: string,
  value: Decimal,
  kind: Kind,
  code = "",
  facts: Readonly<Record<string, string>> = {},
): Reading {
  const decimals = places(kind);
  if (value.magnitude + 1 + decimals > MOST_DIGITS) return told("too-large", text);
  if (value.decimals > decimals) {
    return told("too-many-decimals", text, null, { decimals, rounded: notation(value, decimals) });
  }
  const refused = outOfBounds(text, value, kind);
  if (refused) return refused;
  const figure: Figure = { value, status: "A" };
  if (!code) return { text, figure, finding: null };
  return told(code, text, figure, { ...facts, read: show(figure, kind) });
}

function outOfBounds(text: string, value: Decimal, kind: Kind): Reading | null {
  const [least, most] = [minimum(kind), kind.maximum ?? null];
  if (least !== null && value.compare(Decimal.of(least)) < 0) {
    const code = value.isNegative && !Decimal.of(least).isNegative ? "negative" : "below-minimum";
    return told(code, text, null, { minimum: notation(Decimal.of(least)) });
  }
  if (most !== null && value.compare(Decimal.of(most)) > 0) {
    return told("above-maximum", text, null, { maximum: notation(Decimal.of(most)) });
  }
  return null;
}

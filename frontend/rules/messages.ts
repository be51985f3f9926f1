/** The sentences about a cell, word for word those of the server (`domain/readings.py`). */

import type { Figure, Reading, Severity } from "./kinds";

const MESSAGES: Readonly<Record<string, readonly [Severity, string]>> = {
  "not-a-number": [
    "error",
    "“{text}” không phải là số. Hãy nhập số; gõ “...” nếu chưa thu thập được, “x” nếu không áp dụng, “c” nếu là số bảo mật.",
  ],
  "formula-error": [
    "error",
    "Ô mang lỗi công thức “{text}” của bảng tính. Hãy sửa công thức hoặc gõ thẳng số.",
  ],
  "ask-integer": [
    "error",
    "Cột này chỉ nhận số nguyên mà ô ghi “{text}”. Nếu dấu phẩy ngăn cách hàng nghìn, hãy gõ lại “{thousands}”.",
  ],
  "ask-decimal": [
    "error",
    "“{text}” là {thousands} hay {fraction}? Hãy gõ lại cho rõ: “{thousands}” hoặc “{retyped}”.",
  ],
  fraction: ["error", "Cột này chỉ nhận số nguyên mà ô ghi “{text}”."],
  "fraction-thousands": [
    "error",
    "Cột này chỉ nhận số nguyên mà ô ghi “{text}”. Nếu số đã mất dấu ngăn cách hàng nghìn khi chuyển tệp, hãy gõ lại cho đủ: “{thousands}”.",
  ],
  "too-many-decimals": [
    "error",
    "Cột này nhận nhiều nhất {decimals} chữ số sau dấu phẩy mà ô ghi “{text}”. Hãy làm tròn, ví dụ {rounded}.",
  ],
  negative: ["error", "“{text}” là số âm. Ô này nhận số từ {minimum} trở lên."],
  "below-minimum": ["error", "“{text}” nhỏ quá. Ô này nhận số từ {minimum} trở lên."],
  "above-maximum": ["error", "“{text}” lớn quá. Ô này nhận số đến {maximum}."],
  "too-large": [
    "error",
    "“{text}” lớn quá mức ghi được. Hãy xem lại số và đơn vị tính.",
  ],
  "percent-sign": ["error", "Ô này không tính bằng %. Hãy bỏ dấu % và xem lại số."],
  "ask-dash": [
    "error",
    "Dấu “{text}” chưa rõ nghĩa. Gõ 0 nếu không có, “x” nếu không áp dụng, “...” nếu chưa thu thập được.",
  ],
  "ask-none": [
    "error",
    "“{text}” là 0 hay chưa có số liệu? Gõ 0 nếu không có, “...” nếu chưa thu thập được.",
  ],
  "not-a-choice": ["error", "“{text}” không có trong các lựa chọn: {choices}."],
  "lone-comma": [
    "warning",
    "Đã hiểu “{text}” là {fraction} (phần lẻ sau dấu phẩy). Nếu là {thousands}, hãy gõ “{thousands}”.",
  ],
  "read-as": ["note", "Đã hiểu “{text}” là {read}."],
  "english-notation": ["note", "Đã hiểu “{text}” (cách viết tiếng Anh) là {read}."],
  "word-marker": ["note", "Đã hiểu “{text}” là “{marker}”."],
  tick: [
    "note",
    "Đã hiểu “{text}” là không áp dụng. Nếu bạn muốn đánh dấu, hãy chọn: {choices}.",
  ],
  "thousands-lost": [
    "error",
    "Cột này nhận số nguyên mà có {count} ô mang phần lẻ, ví dụ “{example}”. Có thể dấu ngăn cách hàng nghìn đã bị mất khi chuyển tệp. Hãy xem lại cả cột, kể cả ô không báo lỗi.",
  ],
};

/** Codes that the browser finds by itself; the rules of the form come on top. */
export const OWN_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(MESSAGES).map((code) => code.replace(/-thousands$/, "")),
  "unusual-change",
  "unusual-among-peers",
]);

let translations: Readonly<Record<string, string>> = {};

/** Sentences in another language, by their Vietnamese source. */
export function translate(words: Readonly<Record<string, string>>): void {
  translations = words;
}

/** A sentence with its facts filled in; an unknown fact stays as it is written. */
export function filled(sentence: string, facts: Readonly<Record<string, string | number>>): string {
  const words = translations[sentence] ?? sentence;
  return words.replace(/\{([^{}]+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

export function severityOf(code: string): Severity {
  return MESSAGES[code]?.[0] ?? "error";
}

export function messageOf(code: string, facts: Readonly<Record<string, string | number>>): string {
  return filled(MESSAGES[code]?.[1] ?? code, facts);
}

const SPACES = /[\s\x1c-\x1f\x85\u2000-\u200b\u2060\ufeff]+/gu;
const WIDE = /[\uff01-\uff5e]/g;

/** The text in NFC with ordinary digits and single spaces, trimmed. */
export function plain(text: string): string {
  return text
    .normalize("NFC")
    .replace(WIDE, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(SPACES, " ")
    .trim();
}

/** Letters and digits without diacritics, case, spaces or hyphens. */
export function nameKey(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/đ/g, "d")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** A reading that says the message of that code about the text. */
export function told(
  code: string,
  text: string,
  figure: Figure | null = null,
  facts: Readonly<Record<string, string | number>> = {},
): Reading {
  const letters = [...plain(text)];
  const quoted = letters.length <= 40 ? letters.join("") : `${letters.slice(0, 39).join("")}…`;
  const finding = {
    code: code.replace(/-thousands$/, ""),
    severity: severityOf(code),
    message: messageOf(code, { ...facts, text: quoted }),
    cell: "",
    where: "",
  };
  return { text, figure, finding };
}

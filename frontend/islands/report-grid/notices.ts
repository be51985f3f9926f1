/** What there is to say about cells, numbered once: the summary, the mark and the row agree. */

import type { Finding } from "../../rules/kinds";
import { filled } from "../../rules/messages";
import type { Conflict } from "./queue";

export interface Notice {
  readonly kind: "error" | "warning" | "note" | "conflict";
  /** "Lỗi 1", "Nhắc 2": the same words everywhere. */
  readonly name: string;
  readonly id: string;
  readonly key: string;
  readonly message: string;
  readonly cell: string;
  readonly where: string;
  readonly conflict?: Conflict;
}

const NAMES = {
  error: ["Lỗi {number}", "loi"],
  warning: ["Nhắc {number}", "nhac"],
  note: ["Ghi chú {number}", "ghi-chu"],
  conflict: ["Hai người cùng sửa {number}", "cung-sua"],
} as const;

export function reasonKey(finding: Pick<Finding, "code" | "cell">): string {
  return `${finding.code}|${finding.cell}`;
}

export function noticesOf(
  findings: readonly Finding[],
  conflicts: Iterable<Conflict>,
  where: (cell: string) => string,
): Notice[] {
  const counts = { error: 0, warning: 0, note: 0, conflict: 0 };
  const numbered = (kind: Notice["kind"]): Pick<Notice, "kind" | "name" | "id"> => {
    counts[kind] += 1;
    const [name, id] = NAMES[kind];
    return { kind, name: filled(name, { number: counts[kind] }), id: `${id}-${counts[kind]}` };
  };
  const found: Notice[] = [];
  for (const conflict of conflicts) {
    const { cell, mine, theirs, theirs_by: by } = conflict;
    const message = filled("Bạn ghi “{mine}”, {by} ghi “{theirs}”. Chọn số đúng.", { mine, theirs, by });
    found.push({
      ...numbered("conflict"), key: `conflict|${cell}`, message, cell, where: where(cell), conflict,
    });
  }
  for (const finding of findings) {
    const { code, severity, message, cell, where: place } = finding;
    const notice = { ...numbered(severity), key: reasonKey(finding), message, cell, where: place };
    found.push(code === "returned" ? { ...notice, name: filled("Lý do trả lại", {}) } : notice);
  }
  return found;
}

/** The title of the summary: how many of each are still in the way. */
export function titleOf(errors: number, unexplained: number): string {
  if (errors && unexplained) {
    const facts = { errors, unexplained };
    return filled("Còn {errors} lỗi phải sửa và {unexplained} điều cần giải thích trước khi gửi", facts);
  }
  if (errors) return filled("Còn {errors} lỗi phải sửa trước khi gửi", { errors });
  if (unexplained) {
    return filled("Còn {unexplained} điều cần giải thích trước khi gửi", { unexplained });
  }
  return filled("Các điều nhắc đều đã có lời giải thích", {});
}

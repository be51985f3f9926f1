import { beforeEach, describe, expect, it } from "vitest";
import { Drafts, PlainShelf } from "./drafts";

class Memory {
  readonly kept = new Map<string, string>();
  full = false;
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error("full");
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

let memory: Memory;
beforeEach(() => {
  memory = new Memory();
});

const kept = (key: string): Drafts => new Drafts(new PlainShelf(key, memory));
const change = (cell: string, text: string): { cell: string; text: string; base: number } => ({
  cell,
  text,
  base: 2,
});

describe("a draft in this browser", () => {
  it("is there again after the browser was closed", () => {
    const reasons = { "high|T/r/a": "vì mới tách thôn" };
    kept("u:a").write({ changes: [change("T/r/a", "12")], reasons });
    expect(kept("u:a").read()).toEqual({ changes: [change("T/r/a", "12")], reasons });
    expect(kept("u:other").read().changes).toEqual([]);
  });

  it("of another part of the form is left for that part", () => {
    kept("u:a").write({ changes: [change("T/r/a", "1"), change("U/r/a", "2")], reasons: {} });
    const part = kept("u:a");
    expect(part.read((cell) => cell.startsWith("T/")).changes).toEqual([change("T/r/a", "1")]);
    part.write({ changes: [], reasons: {} });
    expect(kept("u:a").read().changes).toEqual([change("U/r/a", "2")]);
  });

  it("leaves nothing behind once all is saved", () => {
    const drafts = kept("u:a");
    drafts.write({ changes: [change("T/r/a", "12")], reasons: { k: "v" } });
    drafts.write({ changes: [], reasons: {} });
    expect(memory.kept.size).toBe(0);
  });

  it("does not wipe out what another window of the same form keeps", () => {
    const [one, other] = [kept("u:a"), kept("u:a")];
    one.write({ changes: [change("T/r/a", "1")], reasons: {} });
    other.write({ changes: [change("T/r/b", "2")], reasons: {} });
    one.write({ changes: [], reasons: {} });
    expect(kept("u:a").read().changes).toEqual([change("T/r/b", "2")]);
  });

  it("survives a spoilt or a full storage, and says so", () => {
    memory.kept.set("nhasan:luoi:u:a", "{not json");
    const drafts = kept("u:a");
    expect(drafts.read().changes).toEqual([]);
    memory.full = true;
    drafts.write({ changes: [change("T/r/a", "1")], reasons: {} });
    expect(drafts.works).toBe(false);
  });
});

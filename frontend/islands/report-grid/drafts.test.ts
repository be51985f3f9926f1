import { beforeEach, describe, expect, it } from "vitest";
import { Drafts } from "./drafts";

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

const change = (cell: string, text: string): { cell: string; text: string; base: number } => ({
  cell,
  text,
  base: 2,
});

describe("a draft in this browser", () => {
  it("is there again after the browser was closed", () => {
    const reasons = { "high|T/r/a": "vì mới tách thôn" };
    new Drafts("u:a", memory).write({ changes: [change("T/r/a", "12")], reasons });
    expect(new Drafts("u:a", memory).read()).toEqual({ changes: [change("T/r/a", "12")], reasons });
    expect(new Drafts("u:other", memory).read().changes).toEqual([]);
  });

  it("leaves nothing behind once all is saved", () => {
    const drafts = new Drafts("u:a", memory);
    drafts.write({ changes: [change("T/r/a", "12")], reasons: { k: "v" } });
    drafts.write({ changes: [], reasons: {} });
    expect(memory.kept.size).toBe(0);
  });

  it("does not wipe out what another window of the same form keeps", () => {
    const [one, other] = [new Drafts("u:a", memory), new Drafts("u:a", memory)];
    one.write({ changes: [change("T/r/a", "1")], reasons: {} });
    other.write({ changes: [change("T/r/b", "2")], reasons: {} });
    one.write({ changes: [], reasons: {} });
    expect(new Drafts("u:a", memory).read().changes).toEqual([change("T/r/b", "2")]);
  });

  it("survives a spoilt or a full storage, and says so", () => {
    memory.kept.set("nhasan:luoi:u:a", "{not json");
    const drafts = new Drafts("u:a", memory);
    expect(drafts.read().changes).toEqual([]);
    memory.full = true;
    drafts.write({ changes: [change("T/r/a", "1")], reasons: {} });
    expect(drafts.works).toBe(false);
  });
});

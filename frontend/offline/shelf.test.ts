// @vitest-environment node
import { beforeEach, describe, expect, it } from "vitest";
import { draftOf, Drafts, PlainShelf } from "../islands/report-grid/drafts";
import { MemoryStore, vaultOf } from "./memory-fixture";
import { SealedShelf } from "./shelf";
import type { Vault } from "./vault";

class Memory {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}

let store: MemoryStore;
let vault: Vault;
let memory: Memory;
let underway: Promise<void>[];

async function open(): Promise<SealedShelf> {
  const shelf = await SealedShelf.open(vault, "12", new PlainShelf("7:12", memory));
  const change = shelf.change.bind(shelf);
  shelf.change = (make) => {
    const writing = change(make);
    underway.push(writing);
    return writing;
  };
  return shelf;
}

const change = (cell: string, text: string): { cell: string; text: string; base: number } => ({ cell, text, base: 2 });
const done = (): Promise<unknown> => Promise.allSettled(underway);

beforeEach(async () => {
  store = new MemoryStore();
  vault = await vaultOf(store);
  memory = new Memory();
  underway = [];
});

describe("a sealed draft", () => {
  it("is there again after the browser was closed, however fast it was typed", async () => {
    const drafts = new Drafts(await open());
    for (const text of ["1", "12", "123"]) drafts.write({ changes: [change("T/r/a", text)], reasons: { k: text } });
    await done();
    expect(new Drafts(await open()).read()).toEqual({ changes: [change("T/r/a", "123")], reasons: { k: "123" } });
    drafts.write({ changes: [], reasons: {} });
    await done();
    expect(await store.all()).toEqual([]);
  });

  it("does not wipe out what another window of the same form keeps", async () => {
    const [one, other] = [new Drafts(await open()), new Drafts(await open())];
    one.write({ changes: [change("T/r/a", "1")], reasons: {} });
    other.write({ changes: [change("T/r/b", "2")], reasons: {} });
    await done();
    one.write({ changes: [], reasons: {} });
    await done();
    expect(new Drafts(await open()).read().changes).toEqual([change("T/r/b", "2")]);
  });

  it("takes up what an earlier version left unsealed, and leaves nothing of it", async () => {
    new Drafts(new PlainShelf("7:12", memory)).write({ changes: [change("T/r/a", "1")], reasons: {} });
    expect(new Drafts(await open()).read().changes).toEqual([change("T/r/a", "1")]);
    expect(memory.kept.size).toBe(0);
  });

  it("remembers what the server kept since the copy was made", async () => {
    const drafts = new Drafts(await open());
    drafts.learn([{ cell: "T/r/a", text: "62", version: 3 }]);
    drafts.learn([]);
    await done();
    expect((await store.all()).map(({ unsent }) => unsent)).toEqual([false]);
    expect((await open()).first.known).toEqual({ "T/r/a": { text: "62", version: 3 } });
    expect(draftOf(null)).toEqual({ cells: {}, reasons: {}, known: {} });
  });

  it("says when nothing is kept", async () => {
    const drafts = new Drafts(await open());
    store.put = () => Promise.reject(new Error("full"));
    drafts.write({ changes: [change("T/r/a", "1")], reasons: {} });
    await done();
    expect(drafts.works).toBe(false);
  });
});

// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryStore, secret, silent, vaultOf } from "./memory-fixture";
import { lock, seen, unlockedPerson, Vault } from "./vault";

const DAY = 24 * 3600 * 1000;
let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});
afterEach(() => vi.useRealTimers());

/** Everything that lies on the disk, as letters. */
async function disk(): Promise<string> {
  const parts = [...store.rows.values()].map((row) => new TextDecoder("latin1").decode(row.data) + row.name);
  return parts.join();
}

describe("what is sealed", () => {
  it("is read again by its person, and by nobody from the disk", async () => {
    const vault = await vaultOf(store);
    await vault.put("draft", "12", { cells: { "T/r/a": "sáu mươi hai" } });
    expect(await vault.get("draft", "12")).toEqual({ cells: { "T/r/a": "sáu mươi hai" } });
    expect(await disk()).not.toContain("T/r/a");
    const key = [...store.keyRows.values()][0]?.key as CryptoKey;
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });

  it("opens again without the server, after the browser was closed", async () => {
    await (await vaultOf(store)).put("draft", "12", "x");
    const later = await Vault.open(store, "7", silent);
    expect(await later?.get("draft", "12")).toBe("x");
    expect(await unlockedPerson(store)).toBe("7");
  });

  it("is locked by signing out, and opens when the same person signs in", async () => {
    await (await vaultOf(store)).put("waiting", "d1", "x");
    await lock(store);
    expect(await unlockedPerson(store)).toBeNull();
    expect(await Vault.open(store, "7", silent)).toBeNull();
    expect(await (await vaultOf(store)).get("waiting", "d1")).toBe("x");
  });

  it("stays shut to another person, who finds nothing", async () => {
    await (await vaultOf(store, "7")).put("waiting", "d1", "x");
    await lock(store, "8");
    const other = await vaultOf(store, "8");
    expect(await other.all("waiting")).toEqual([]);
    expect(await unlockedPerson(store)).toBe("8");
    // Nor does the row open under another name, or with another's key
    const [row] = await store.all();
    if (row) await store.put({ ...row, person: "8" });
    expect(await other.get("waiting", "d1")).toBeNull();
    expect(await Vault.open(store, "7", secret("8"))).not.toBeNull(); // a new key: the old things stay shut
    expect(await (await Vault.open(store, "7", silent))?.get("waiting", "d1")).toBeNull();
  });

  it("has one key, however many windows open at once", async () => {
    const [one, other] = await Promise.all([vaultOf(store), vaultOf(store)]);
    await one?.put("draft", "12", "x");
    expect(await other?.get("draft", "12")).toBe("x");
    expect(await (await vaultOf(store)).get("draft", "12")).toBe("x");
  });

  it("is told from what was tampered with or moved to another report", async () => {
    const vault = await vaultOf(store);
    await vault.put("draft", "12", "x");
    const row = await store.get("7", "draft", "12");
    if (!row) throw new Error("nothing kept");
    await store.put({ ...row, name: "13" });
    expect(await vault.get("draft", "13")).toBeNull();
    new Uint8Array(row.data)[0]! ^= 1;
    expect(await vault.get("draft", "12")).toBeNull();
    expect(await vault.all("draft")).toEqual([]);
  });

  it("locks itself where nobody signed in for a week, whatever the clock is set to", async () => {
    const start = Date.now();
    vi.useFakeTimers({ now: start, toFake: ["Date"] });
    await (await vaultOf(store)).put("draft", "12", "x");
    vi.setSystemTime(start + 6 * DAY);
    await seen(store, "7");
    vi.setSystemTime(start + 12 * DAY);
    expect(await Vault.open(store, "7", silent)).not.toBeNull();
    vi.setSystemTime(start + 14 * DAY);
    expect(await Vault.open(store, "7", silent)).toBeNull();
    vi.setSystemTime(start - 30 * DAY);
    expect(await Vault.open(store, "7", silent)).toBeNull();
    vi.setSystemTime(start + 14 * DAY);
    expect(await (await vaultOf(store)).get("draft", "12")).toBe("x");
  });

  it("says which files the copies of everybody need", async () => {
    await (await vaultOf(store, "7")).put("page", "/a/", {}, { files: ["/static/a.js"] });
    const other = await vaultOf(store, "8");
    await other.put("page", "/b/", {}, { files: ["/static/b.js"] });
    expect([...(await other.files())].sort()).toEqual(["/static/a.js", "/static/b.js"]);
  });
});

// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draftOf } from "../islands/report-grid/drafts";
import { flush } from "./deliver";
import { delivery, MemoryStore, vaultOf } from "./memory-fixture";
import type { Asked } from "./session";
import { changeDraft } from "./shelf";
import type { Vault } from "./vault";
import { deliveries, forget, keep, pendingOf } from "./waiting";

interface Sent {
  url: string;
  body: { person: string; changes: unknown[]; seen: number; send: boolean };
  token: string;
}

let store: MemoryStore;
let vault: Vault;
let sent: Sent[];
let answer: () => Response | Promise<Response>;
const arrived = (more: object = {}): Response =>
  Response.json({
    arrival: "sent", message: "Đã gửi.", saved: [{ cell: "T/r/a", text: "62", version: 4 }],
    conflicts: [], submission: "d1", receipt: "01900-2025-00012-1", ...more,
  });
const signedIn = (person = "7"): (() => Promise<Asked>) => () =>
  Promise.resolve({ person, unit: "XA-BABE", token: "fresh", key: "" });
const draft = async (): Promise<ReturnType<typeof draftOf>> => draftOf(await vault.get("draft", "12"));

beforeEach(async () => {
  store = new MemoryStore();
  vault = await vaultOf(store);
  sent = [];
  answer = arrived;
  vi.stubGlobal("fetch", (url: string, options: { body: string; headers: Record<string, string> }) => {
    sent.push({ url, body: JSON.parse(options.body) as Sent["body"], token: options.headers["X-CSRFToken"] ?? "" });
    return Promise.resolve(answer());
  });
  await keep(vault, delivery());
  await vault.put("page", "/viec/bao-cao/12/", {});
  await changeDraft(vault, "12", (before) => ({ ...before, cells: { "T/r/a": { text: "62", base: 3 } } }));
});
afterEach(() => vi.unstubAllGlobals());

describe("what waits", () => {
  it("arrives under its own id, in the name of who filled it, and leaves a receipt", async () => {
    expect(await flush(vault, signedIn())).toBe("");
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe("/api/v1/assignments/12/deliveries/d1");
    expect(sent[0]?.token).toBe("fresh");
    expect(sent[0]?.body).toMatchObject({ person: "7", seen: 4, send: true });
    expect((await store.all()).some(({ unsent }) => unsent)).toBe(false);
    const [done] = await deliveries(vault);
    expect(done).toMatchObject({ state: "sent", receipt: "01900-2025-00012-1", changes: [] });
    expect((await draft()).cells).toEqual({});
    expect(await vault.get("page", "/viec/bao-cao/12/")).toBeNull();
    await flush(vault, signedIn());
    expect(sent).toHaveLength(1);
  });

  it("is sent by one window at a time", async () => {
    await Promise.all([flush(vault, signedIn()), flush(vault, signedIn()), flush(vault, signedIn())]);
    expect(sent).toHaveLength(1);
  });

  it("is told to be unsent until it has arrived", async () => {
    await flush(vault, () => Promise.resolve("offline"));
    expect((await store.all()).filter(({ unsent }) => unsent)).toHaveLength(2);
  });

  it("stays as it is without a network, and goes again under the same id after a lost answer", async () => {
    expect(await flush(vault, () => Promise.resolve("offline"))).toBe("offline");
    expect(sent).toHaveLength(0);
    answer = () => Promise.reject(new TypeError("cut"));
    expect(await flush(vault, signedIn())).toBe("offline");
    answer = () => new Response("", { status: 502 });
    expect(await flush(vault, signedIn())).toBe("offline");
    expect(await pendingOf(vault, "12")).toEqual(delivery());
    answer = arrived;
    expect(await flush(vault, signedIn())).toBe("");
    expect(new Set(sent.map(({ url }) => url)).size).toBe(1);
  });

  it("waits for its own person", async () => {
    expect(await flush(vault, () => Promise.resolve("signed-out"))).toBe("signed-out");
    expect(await flush(vault, signedIn("8"))).toBe("another-person");
    expect(sent).toHaveLength(0);
    answer = () => Response.json({ code: "csrf", message: "" }, { status: 403 });
    expect(await flush(vault, signedIn())).toBe("signed-out");
    expect(await pendingOf(vault, "12")).toBeDefined();
  });

  it("is held with the server's words when it is refused, and keeps its cells", async () => {
    answer = () => Response.json({ code: "round-closed", message: "Kỳ báo cáo đã khoá." }, { status: 409 });
    expect(await flush(vault, signedIn())).toBe("");
    const [held] = await deliveries(vault);
    expect(held).toMatchObject({ state: "held", message: "Kỳ báo cáo đã khoá.", changes: delivery().changes });
    expect((await draft()).cells["T/r/a"]).toEqual({ text: "62", base: 3 });
  });

  it("a refusal of the person is no ended session: it does not block what comes after", async () => {
    await keep(vault, delivery({ id: "d2", at: "2025-11-26T00:00:00.000Z" }));
    answer = () =>
      sent.length === 1 ? Response.json({ code: "forbidden", message: "Không có quyền." }, { status: 403 }) : arrived();
    expect(await flush(vault, signedIn())).toBe("");
    expect((await deliveries(vault)).map(({ state }) => state)).toEqual(["held", "sent"]);
  });

  it("leaves in the draft only the cells where two people met", async () => {
    const changes = [
      { cell: "T/r/a", text: "62", base: 3 },
      { cell: "T/r/b", text: "5", base: 1 },
    ];
    await keep(vault, delivery({ changes }));
    answer = () =>
      arrived({
        arrival: "met", message: "Có 1 ô người khác cũng vừa sửa.", receipt: "", submission: "",
        saved: [{ cell: "T/r/b", text: "5", version: 2 }],
        conflicts: [{ cell: "T/r/a", theirs: "64", theirs_by: "Bình", version: 4 }],
      });
    await flush(vault, signedIn());
    expect((await deliveries(vault))[0]).toMatchObject({ state: "held", changes: [] });
    expect((await draft()).cells).toEqual({ "T/r/a": { text: "62", base: 3 } });
    expect((await draft()).known).toEqual({ "T/r/b": { text: "5", version: 2 } });
    expect(await vault.get("page", "/viec/bao-cao/12/")).not.toBeNull();
  });

  it("taken back is not sent", async () => {
    await forget(vault, delivery());
    expect(await flush(vault, signedIn())).toBe("");
    expect(sent).toHaveLength(0);
  });
});

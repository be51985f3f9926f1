import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Drafts, PlainShelf } from "./drafts";
import { type Batch, Queue } from "./queue";
import { Saving, type State } from "./saving";

const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};

let queue: Queue;
let saving: Saving;
let states: State[];
let requests: { body: Batch; headers: Record<string, string> }[];
let answers: (() => Response | Promise<Response>)[];

/** A server that keeps every cell it is sent. */
function keeps(): Response {
  const body = requests.at(-1)?.body;
  const saved = body?.changes.map(({ cell, text, base }) => ({ cell, text, version: base + 1 }));
  return Response.json({ saved, conflicts: [], findings: [], at: "2026-11-25T10:24:05+07:00" });
}

const noNetwork = (): Promise<Response> => Promise.reject(new TypeError("no network"));

beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  [states, requests, answers] = [[], [], []];
  vi.stubGlobal("fetch", (_url: string, options: { body: string; headers: Record<string, string> }) => {
    requests.push({ body: JSON.parse(options.body) as Batch, headers: options.headers });
    return Promise.resolve((answers.shift() ?? keeps)());
  });
  queue = new Queue();
  saving = new Saving("/cells", () => "token", queue, new Drafts(new PlainShelf("k", storage)), {
    saved: () => undefined,
    state: (state) => void states.push(state),
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function type(cell: string, text: string): void {
  queue.change(cell, text);
  saving.touch(1000);
}

describe("saving", () => {
  it("waits a moment, then sends the changed cells once", async () => {
    type("T/r/a", "1");
    await vi.advanceTimersByTimeAsync(600);
    type("T/r/b", "2");
    await vi.advanceTimersByTimeAsync(600);
    expect(requests).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(requests.map(({ body }) => body.changes.map(({ cell }) => cell))).toEqual([
      ["T/r/a", "T/r/b"],
    ]);
    expect(requests[0]?.headers["X-CSRFToken"]).toBe("token");
    expect(states.at(-1)).toEqual({ name: "saved", at: "2026-11-25T10:24:05+07:00" });
    expect(kept.size).toBe(0);
  });

  it("keeps a draft at once, tries again without a network and forgets nothing", async () => {
    answers = [noNetwork, noNetwork];
    type("T/r/a", "1");
    expect(kept.size).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(states.at(-1)).toEqual({ name: "offline" });
    type("T/r/b", "2");
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(requests).toHaveLength(3);
    expect(requests[2]?.body.changes.map(({ cell }) => cell).sort()).toEqual(["T/r/a", "T/r/b"]);
    expect(states.at(-1)?.name).toBe("saved");
    expect(queue.isEmpty).toBe(true);
    expect(kept.size).toBe(0);
  });

  it("does not wait for the timer when the network is back", async () => {
    answers = [noNetwork];
    type("T/r/a", "1");
    await vi.advanceTimersByTimeAsync(1000);
    saving.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(states.map(({ name }) => name)).toEqual(["waiting", "offline", "saved"]);
  });

  it("treats a broken server like a lost network", async () => {
    answers = [() => new Response("", { status: 502 })];
    type("T/r/a", "1");
    await vi.advanceTimersByTimeAsync(1000);
    expect(states.at(-1)?.name).toBe("offline");
  });

  it("stops at a refusal, says why and keeps the draft", async () => {
    answers = [() => Response.json({ code: "wrong-state", message: "Kỳ báo cáo đã đóng." }, { status: 409 })];
    type("T/r/a", "1");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(requests).toHaveLength(1);
    expect(states).toEqual([{ name: "waiting" }, { name: "refused", message: "Kỳ báo cáo đã đóng." }]);
    expect(kept.size).toBe(1);
  });

  it("asks to sign in again when the session has ended", async () => {
    answers = [() => Response.json({ code: "sign-in", message: "Hết phiên." }, { status: 401 })];
    type("T/r/a", "1");
    await vi.advanceTimersByTimeAsync(1000);
    expect(states).toEqual([{ name: "waiting" }, { name: "signed-out", message: "Hết phiên." }]);
  });

  it("goes on by itself once the person has signed in again", async () => {
    const renewed = new Saving("/cells", () => "stale", queue, new Drafts(new PlainShelf("k", storage)), {
      saved: () => undefined,
      state: (state) => void states.push(state),
    }, () => Promise.resolve("fresh"));
    answers = [() => Response.json({ code: "csrf", message: "" }, { status: 403 })];
    queue.change("T/r/a", "1");
    expect(await renewed.flush()).toBe(true);
    expect(requests.map(({ headers }) => headers["X-CSRFToken"])).toEqual(["stale", "fresh"]);
    answers = [1, 2].map(() => () => Response.json({ code: "csrf", message: "Quá lâu." }, { status: 403 }));
    queue.change("T/r/a", "2");
    expect(await renewed.flush()).toBe(false);
    expect(requests).toHaveLength(4);
    expect(states.at(-1)).toEqual({ name: "signed-out", message: "Quá lâu." });
  });

  it("tells a lost network from a refusal, and sends nothing while the report waits as a whole", async () => {
    answers = [noNetwork];
    type("T/r/a", "1");
    await vi.advanceTimersByTimeAsync(1000);
    expect(saving.isCut).toBe(true);
    saving.pause(true);
    type("T/r/b", "2");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await saving.flush()).toBe(false);
    expect(requests).toHaveLength(1);
    saving.pause(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(requests[1]?.body.changes.map(({ cell }) => cell).sort()).toEqual(["T/r/a", "T/r/b"]);
    expect(saving.isCut).toBe(false);
    answers = [() => Response.json({ code: "wrong-state", message: "" }, { status: 409 })];
    type("T/r/a", "3");
    await vi.advanceTimersByTimeAsync(1000);
    expect(saving.isCut).toBe(false);
  });

  it("tells the one who sends the form whether everything has arrived", async () => {
    type("T/r/a", "1");
    const [first, second] = [saving.flush(), saving.flush()];
    expect(await first).toBe(true);
    expect(await second).toBe(true);
    expect(requests).toHaveLength(1);
    answers = [noNetwork];
    type("T/r/a", "2");
    expect(await saving.flush()).toBe(false);
  });
});

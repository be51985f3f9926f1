import { beforeEach, describe, expect, it } from "vitest";
import { Queue } from "./queue";

let queue: Queue;

beforeEach(() => {
  queue = new Queue();
  queue.arrived("T/r/a", "1", 3);
  queue.arrived("T/r/b", "", 0);
});

const texts = (): [string, string, number][] =>
  queue.unsaved().changes.map(({ cell, text, base }) => [cell, text, base]);

describe("the queue of changes", () => {
  it("sends only changed cells, with the version they were made on", () => {
    queue.change("T/r/a", "2");
    queue.change("T/r/a", "25");
    expect(queue.take()).toEqual({
      changes: [{ cell: "T/r/a", text: "25", base: 3 }],
      reasons: {},
    });
  });

  it("sends nothing for a cell typed back to what the server has", () => {
    queue.change("T/r/a", "2");
    queue.change("T/r/a", "1");
    expect(queue.take()).toBeNull();
    expect(queue.isEmpty).toBe(true);
  });

  it("gives out one batch at a time, and the next on the new version", () => {
    queue.change("T/r/a", "2");
    queue.take();
    queue.change("T/r/a", "3");
    expect(queue.take()).toBeNull();
    queue.settle([{ cell: "T/r/a", version: 4, text: "2" }], []);
    expect(queue.take()?.changes).toEqual([{ cell: "T/r/a", text: "3", base: 4 }]);
  });

  it("sends a return to the old text made while the batch was on its way", () => {
    queue.change("T/r/a", "2");
    queue.take();
    queue.change("T/r/a", "1");
    queue.settle([{ cell: "T/r/a", version: 4, text: "2" }], []);
    expect(queue.take()?.changes).toEqual([{ cell: "T/r/a", text: "1", base: 4 }]);
  });

  it("loses nothing when a batch fails, and keeps the later text", () => {
    queue.change("T/r/a", "2");
    queue.change("T/r/b", "7");
    queue.explain("high|T/r/b", "đúng");
    queue.take();
    queue.change("T/r/b", "8");
    queue.explain("high|T/r/b", "rất đúng");
    expect(texts()).toEqual([["T/r/a", "2", 3], ["T/r/b", "8", 0]]);
    queue.failed();
    expect(queue.unsaved().reasons).toEqual({ "high|T/r/b": "rất đúng" });
    expect(queue.size).toBe(2);
    expect(queue.take()?.changes.map(({ text }) => text).sort()).toEqual(["2", "8"]);
  });

  it("holds a conflict until one of the two values is chosen", () => {
    queue.change("T/r/a", "2");
    queue.take();
    queue.settle([], [{ cell: "T/r/a", theirs: "5", theirs_by: "Hoa", version: 7 }]);
    expect(queue.take()).toBeNull();
    queue.change("T/r/a", "22");
    expect(queue.conflicts.get("T/r/a")?.mine).toBe("22");
    expect(texts()).toEqual([["T/r/a", "22", 3]]);
    expect(queue.choose("T/r/a", "mine")).toBe("22");
    expect(queue.take()?.changes).toEqual([{ cell: "T/r/a", text: "22", base: 7 }]);
  });

  it("takes the other's value without sending it", () => {
    queue.change("T/r/a", "2");
    queue.take();
    queue.settle([], [{ cell: "T/r/a", theirs: "5", theirs_by: "Hoa", version: 7 }]);
    expect(queue.choose("T/r/a", "theirs")).toBe("5");
    expect(queue.isEmpty).toBe(true);
    queue.change("T/r/a", "6");
    expect(texts()).toEqual([["T/r/a", "6", 7]]);
  });

  it("cuts a large paste into batches", () => {
    for (let at = 0; at < 1200; at += 1) queue.change(`T/r/${at}`, "1");
    const sizes: number[] = [];
    for (let batch = queue.take(); batch; batch = queue.take()) {
      sizes.push(batch.changes.length);
      queue.settle(batch.changes.map(({ cell, text }) => ({ cell, text, version: 1 })), []);
    }
    expect(sizes).toEqual([500, 500, 200]);
    expect(queue.isEmpty).toBe(true);
  });
});

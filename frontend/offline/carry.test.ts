// @vitest-environment node
import { describe, expect, it } from "vitest";
import { type Cargo, pack, unpack } from "./carry";
import { delivery } from "./memory-fixture";

const CARGO: Cargo = {
  unit: "XA-BABE", unitName: "Xã Ba Bể", at: "2025-11-25T02:00:00.000Z", deliveries: [delivery()], drafts: [],
};
const FEW = 1_000;
const WORDS = "sông Năng mùa nước";

describe("a file to carry", () => {
  it("gives back what was put in, ids and all, for its passphrase alone", async () => {
    const content = await pack(CARGO, WORDS, FEW);
    expect(content).not.toContain("Ba Bể");
    expect(content).not.toContain("T/r/a");
    expect(await unpack(content, WORDS)).toEqual(CARGO);
    expect(await unpack(content, WORDS.normalize("NFD"))).toEqual(CARGO);
    expect(await unpack(content, "sông Năng mùa cạn")).toBe("wrong-passphrase");
  });

  it("is another file each time", async () => {
    expect(await pack(CARGO, WORDS, FEW)).not.toBe(await pack(CARGO, WORDS, FEW));
  });

  it("is told from a spoilt one and from any other file", async () => {
    const box = JSON.parse(await pack(CARGO, WORDS, FEW)) as { data: string };
    const spoilt = JSON.stringify({ ...box, data: `AAAA${box.data.slice(4)}` });
    expect(await unpack(spoilt, WORDS)).toBe("wrong-passphrase");
    for (const other of ["", "PK\u0003", "{}", "null", "[]", '{"format":"nhasan-hang-cho","version":2}']) {
      expect(await unpack(other, WORDS)).toBe("not-ours");
    }
    // A file made to keep this computer busy for hours
    expect(await unpack(JSON.stringify({ ...box, rounds: 1e12 }), WORDS)).toBe("not-ours");
  });
});

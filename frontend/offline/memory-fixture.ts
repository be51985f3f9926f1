/** A store that forgets, and a server that answers: for tests of what is sealed and delivered. */

import type { KeyRow, Kind, Sealed, Store } from "./store";
import { Vault } from "./vault";
import type { Delivery } from "./waiting";

export class MemoryStore implements Store {
  readonly rows = new Map<string, Sealed>();
  readonly keyRows = new Map<string, KeyRow>();

  keys(): Promise<KeyRow[]> {
    return Promise.resolve([...this.keyRows.values()]);
  }
  putKey(row: KeyRow): Promise<void> {
    this.keyRows.set(row.person, row);
    return Promise.resolve();
  }
  get(person: string, kind: Kind, name: string): Promise<Sealed | undefined> {
    return Promise.resolve(this.rows.get(`${person}/${kind}/${name}`));
  }
  put(row: Sealed): Promise<void> {
    this.rows.set(`${row.person}/${row.kind}/${row.name}`, row);
    return Promise.resolve();
  }
  remove(person: string, kind: Kind, name: string): Promise<void> {
    this.rows.delete(`${person}/${kind}/${name}`);
    return Promise.resolve();
  }
  all(): Promise<Sealed[]> {
    return Promise.resolve([...this.rows.values()]);
  }
}

/** The wrapping key that the server tells a person. */
export function secret(letter: string): () => Promise<Uint8Array<ArrayBuffer>> {
  return () => Promise.resolve(new Uint8Array(32).fill(letter.charCodeAt(0)));
}

export const silent = (): Promise<null> => Promise.resolve(null);

export async function vaultOf(store: Store, person = "7"): Promise<Vault> {
  const vault = await Vault.open(store, person, secret(person));
  if (!vault) throw new Error("not opened");
  return vault;
}

export function delivery(more: Partial<Delivery> = {}): Delivery {
  return {
    format: 1, id: "d1", unit: "XA-BABE", assignment: "12", title: "Hộ nghèo", send: true,
    address: "/viec/bao-cao/12/", saveUrl: "/api/v1/assignments/12/cells",
    changes: [{ cell: "T/r/a", text: "62", base: 3 }], reasons: { "high|T/r/a": "mới rà soát" }, seen: 4,
    at: "2025-11-25T02:00:00.000Z", state: "waiting", message: "", receipt: "", submission: "", ...more,
  };
}

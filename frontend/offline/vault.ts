/**
 * What a person types on this computer, sealed (AES-256-GCM) with a key that scripts cannot read.
 *
 * The key is made here. It lies in the browser's database as a key that cannot be exported, while
 * the person works on this computer; and wrapped with a key that only the server tells, and only
 * to that person. Signing out takes the first away: what is left opens again after signing in.
 * See docs/adr/0017-sealed-on-the-computer.md.
 */

import { alone } from "./locks";
import type { Kind, KeyRow, Sealed, Store } from "./store";

/** A computer where nobody signed in for so long locks what it holds. */
const MOST_UNLOCKED_MS = 7 * 24 * 3600 * 1000;
const CIPHER = "AES-GCM";

/** What lies beside a sealed thing, for everybody to see. */
type Open = Pick<Sealed, "files" | "unsent">;

/** The server's wrapping key for this person, or nothing if it does not say. */
export type Secret = () => Promise<Uint8Array<ArrayBuffer> | null>;

export class Vault {
  private constructor(
    readonly person: string,
    private readonly store: Store,
    private readonly key: CryptoKey,
  ) {}

  /** Opens what this computer holds for a person; the server is asked only if it is locked. */
  static async open(store: Store, person: string, secret: Secret): Promise<Vault | null> {
    const row = await rowOf(store, person);
    if (row?.key && isFresh(row)) return new Vault(person, store, row.key);
    const key = await alone("keys", () => unlock(store, person, secret));
    return key && new Vault(person, store, key);
  }

  async put(kind: Kind, name: string, value: unknown, open: Partial<Open> = {}): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const data = await crypto.subtle.encrypt(this.cipher(kind, name, iv), this.key, plain);
    await this.store.put({ person: this.person, kind, name, iv, data, files: [], unsent: false, ...open });
  }

  /** The scripts and styles that the copies on this computer need, whoever they belong to. */
  async files(): Promise<Set<string>> {
    return new Set((await this.store.all()).flatMap(({ files }) => files));
  }

  /** What was kept under a name; nothing if it is not there or was tampered with. */
  async get<T>(kind: Kind, name: string): Promise<T | null> {
    const row = await this.store.get(this.person, kind, name);
    return row ? this.unsealed<T>(row) : null;
  }

  async all<T>(kind: Kind): Promise<T[]> {
    const rows = (await this.store.all()).filter((row) => row.person === this.person && row.kind === kind);
    const opened = await Promise.all(rows.map((row) => this.unsealed<T>(row)));
    return opened.filter((value) => value !== null);
  }

  remove(kind: Kind, name: string): Promise<void> {
    return this.store.remove(this.person, kind, name);
  }

  private async unsealed<T>({ kind, name, iv, data }: Sealed): Promise<T | null> {
    try {
      const plain = await crypto.subtle.decrypt(this.cipher(kind, name, iv), this.key, data);
      return JSON.parse(new TextDecoder().decode(plain)) as T;
    } catch {
      return null;
    }
  }

  /** The place is sealed with the thing: no row passes for another person's or another report's. */
  private cipher(kind: Kind, name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
    const additionalData = new TextEncoder().encode(`${this.person}|${kind}|${name}`);
    return { name: CIPHER, iv, additionalData };
  }
}

/** Whose things are open on this computer now, if anybody's. */
export async function unlockedPerson(store: Store): Promise<string | null> {
  return (await store.keys()).find((row) => row.key && isFresh(row))?.person ?? null;
}

/** The server has just said that this person is signed in. */
export async function seen(store: Store, person: string): Promise<void> {
  await alone("keys", async () => {
    const row = await rowOf(store, person);
    if (row) await store.putKey({ ...row, seen: Date.now() });
  });
}

/** Locks what this computer holds, of everybody but one: nobody reads it until they sign in. */
export async function lock(store: Store, except = ""): Promise<void> {
  await alone("keys", async () => {
    for (const { key, ...row } of await store.keys()) {
      if (key && row.person !== except) await store.putKey(row);
    }
  });
}

async function rowOf(store: Store, person: string): Promise<KeyRow | undefined> {
  return (await store.keys()).find((row) => row.person === person);
}

/** Two windows that open at once must not make two keys: each would seal what the other cannot read. */
async function unlock(store: Store, person: string, secret: Secret): Promise<CryptoKey | null> {
  const row = await rowOf(store, person);
  if (row?.key && isFresh(row)) return row.key;
  const bytes = await secret();
  if (!bytes) return null;
  const wrapping = await crypto.subtle.importKey("raw", bytes, CIPHER, false, ["wrapKey", "unwrapKey"]);
  const opened = (row && (await unwrapped(row, wrapping))) ?? (await made(person, wrapping));
  await store.putKey(opened);
  return opened.key;
}

function isFresh(row: KeyRow): boolean {
  const age = Date.now() - row.seen;
  return age < MOST_UNLOCKED_MS && age > -MOST_UNLOCKED_MS; // a clock set back is no way in
}

type Opened = KeyRow & { readonly key: CryptoKey };

async function made(person: string, wrapping: CryptoKey): Promise<Opened> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, true, ["encrypt", "decrypt"]);
  const wrapped = await crypto.subtle.wrapKey("raw", key, wrapping, { name: CIPHER, iv });
  const kept = await unwrapped({ person, iv, wrapped, seen: 0 }, wrapping);
  if (!kept) throw new Error("a key that was just wrapped does not unwrap");
  return kept;
}

/** The key in a form that works but cannot be read; nothing if the server's secret was changed. */
async function unwrapped(row: KeyRow, wrapping: CryptoKey): Promise<Opened | null> {
  const { person, iv, wrapped } = row;
  const cipher = { name: CIPHER, iv };
  try {
    const key = await crypto.subtle.unwrapKey(
      "raw", wrapped, wrapping, cipher, CIPHER, false, ["encrypt", "decrypt"],
    );
    return { person, iv, wrapped, key, seen: Date.now() };
  } catch {
    return null;
  }
}

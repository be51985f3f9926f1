/** Where this computer keeps what is sealed: a database of the browser, behind four verbs. */

export type Kind = "page" | "draft" | "waiting";

/** One sealed thing. Nothing in it tells what it is about but its name: the number of a report. */
export interface Sealed {
  readonly person: string;
  readonly kind: Kind;
  readonly name: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
  /** The scripts and styles that a copy of a page needs: they tell nothing, and are not sealed. */
  readonly files: readonly string[];
  /** Whether it holds what the server has not: told to whoever signs in here, and no more. */
  readonly unsent: boolean;
}

/** The key of a person on this computer: there while unlocked, wrapped always. */
export interface KeyRow {
  readonly person: string;
  readonly key?: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly wrapped: ArrayBuffer;
  /** When the server last said that this person is signed in. */
  readonly seen: number;
}

export interface Store {
  keys(): Promise<KeyRow[]>;
  putKey(row: KeyRow): Promise<void>;
  get(person: string, kind: Kind, name: string): Promise<Sealed | undefined>;
  put(row: Sealed): Promise<void>;
  remove(person: string, kind: Kind, name: string): Promise<void>;
  all(): Promise<Sealed[]>;
}

const NAME = "nhasan";
const VERSION = 1;

/** The browser's database, or a refusal where it keeps none (a private window may not). */
export function openStore(): Promise<Store> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys", { keyPath: "person" });
      asked.result.createObjectStore("sealed", { keyPath: ["person", "kind", "name"] });
    };
    asked.onerror = () => reject(asked.error ?? new Error("no database"));
    asked.onblocked = () => reject(new Error("the database is held by another window"));
    asked.onsuccess = () => {
      // A later version of this script may want to change the database while we hold it
      asked.result.onversionchange = () => asked.result.close();
      resolve(new Database(asked.result));
    };
  });
}

class Database implements Store {
  constructor(private readonly db: IDBDatabase) {}

  keys(): Promise<KeyRow[]> {
    return this.read("keys", (rows) => rows.getAll() as IDBRequest<KeyRow[]>);
  }

  putKey(row: KeyRow): Promise<void> {
    return this.write("keys", (rows) => rows.put(row));
  }

  get(person: string, kind: Kind, name: string): Promise<Sealed | undefined> {
    return this.read("sealed", (rows) => rows.get([person, kind, name]) as IDBRequest<Sealed | undefined>);
  }

  put(row: Sealed): Promise<void> {
    return this.write("sealed", (rows) => rows.put(row));
  }

  remove(person: string, kind: Kind, name: string): Promise<void> {
    return this.write("sealed", (rows) => rows.delete([person, kind, name]));
  }

  all(): Promise<Sealed[]> {
    return this.read("sealed", (rows) => rows.getAll() as IDBRequest<Sealed[]>);
  }

  private read<T>(store: string, ask: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const asked = ask(this.db.transaction(store, "readonly").objectStore(store));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error("unreadable"));
    });
  }

  /** Done when it is on the disk: a power cut is what all this is for. */
  private write(store: string, act: (rows: IDBObjectStore) => IDBRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = this.db.transaction(store, "readwrite", { durability: "strict" });
      act(work.objectStore(store));
      work.oncomplete = () => resolve();
      work.onerror = work.onabort = () => reject(work.error ?? new Error("not kept"));
    });
  }
}

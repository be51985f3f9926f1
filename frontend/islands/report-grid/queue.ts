/** What was typed and is not yet kept by the server: only changed cells, each with its version. */

export interface Change {
  readonly cell: string;
  readonly text: string;
  readonly base: number;
}

export interface Saved {
  readonly cell: string;
  readonly version: number;
  readonly text: string;
}

export interface TheirChange {
  readonly cell: string;
  readonly theirs: string;
  readonly theirs_by: string;
  readonly version: number;
}

export interface Conflict extends TheirChange {
  readonly mine: string;
}

export interface Batch {
  readonly changes: readonly Change[];
  readonly reasons: Readonly<Record<string, string>>;
}

interface Known {
  readonly text: string;
  readonly version: number;
}

const MOST_CHANGES = 500;

export class Queue {
  readonly conflicts = new Map<string, Conflict>();
  private readonly known = new Map<string, Known>();
  private readonly pending = new Map<string, Change>();
  private readonly reasons = new Map<string, string>();
  private sent: Batch | null = null;

  /** What the page arrived with. */
  arrived(cell: string, text: string, version: number): void {
    this.known.set(cell, { text, version });
  }

  /** A cell now says this; typing a cell back to what the server has leaves nothing to send. */
  change(cell: string, text: string): void {
    const conflict = this.conflicts.get(cell);
    if (conflict) {
      this.conflicts.set(cell, { ...conflict, mine: text });
      return;
    }
    const known = this.known.get(cell) ?? { text: "", version: 0 };
    const underway = this.sent?.changes.some((change) => change.cell === cell) ?? false;
    if (text === known.text && !underway) this.pending.delete(cell);
    else this.pending.set(cell, { cell, text, base: known.version });
  }

  /** A change from a draft, made on the version that stood then. */
  restore(change: Change): void {
    this.pending.set(change.cell, change);
  }

  explain(key: string, reason: string): void {
    this.reasons.set(key, reason);
  }

  get isEmpty(): boolean {
    return this.pending.size === 0 && this.reasons.size === 0 && this.sent === null;
  }

  get size(): number {
    const cells = new Set(this.pending.keys());
    for (const { cell } of this.sent?.changes ?? []) cells.add(cell);
    return cells.size;
  }

  /** Everything not yet kept by the server, conflicts included: what a draft must hold. */
  unsaved(): Batch {
    const changes = new Map<string, Change>();
    for (const change of this.sent?.changes ?? []) changes.set(change.cell, change);
    for (const change of this.pending.values()) changes.set(change.cell, change);
    for (const { cell, mine } of this.conflicts.values()) {
      changes.set(cell, { cell, text: mine, base: this.known.get(cell)?.version ?? 0 });
    }
    const reasons = { ...this.sent?.reasons, ...Object.fromEntries(this.reasons) };
    return { changes: [...changes.values()], reasons };
  }

  /** The next batch to send, or nothing; until it is settled no other is given out. */
  take(): Batch | null {
    if (this.sent || (this.pending.size === 0 && this.reasons.size === 0)) return null;
    const changes = [...this.pending.values()].slice(0, MOST_CHANGES);
    this.sent = { changes, reasons: Object.fromEntries(this.reasons) };
    for (const { cell } of changes) this.pending.delete(cell);
    this.reasons.clear();
    return this.sent;
  }

  /** The server's answer to the batch: kept, or changed meanwhile by somebody else. */
  settle(saved: readonly Saved[], conflicts: readonly TheirChange[]): void {
    const sent = new Map(this.sent?.changes.map((change) => [change.cell, change.text]));
    this.sent = null;
    for (const { cell, version, text } of saved) {
      this.known.set(cell, { text, version });
      const typedSince = this.pending.get(cell);
      if (typedSince) this.change(cell, typedSince.text);
    }
    for (const conflict of conflicts) {
      const mine = this.pending.get(conflict.cell)?.text ?? sent.get(conflict.cell) ?? "";
      this.pending.delete(conflict.cell);
      this.conflicts.set(conflict.cell, { ...conflict, mine });
    }
  }

  /** The batch did not arrive, or perhaps only its answer was lost: send it again. */
  failed(): void {
    const { changes, reasons } = this.sent ?? { changes: [], reasons: {} };
    this.sent = null;
    for (const change of changes) {
      if (!this.pending.has(change.cell)) this.pending.set(change.cell, change);
    }
    for (const [key, reason] of Object.entries(reasons)) {
      if (!this.reasons.has(key)) this.reasons.set(key, reason);
    }
  }

  /** Settles a conflict, and gives the text that the cell must show. */
  choose(cell: string, whose: "mine" | "theirs"): string {
    const conflict = this.conflicts.get(cell);
    if (!conflict) return "";
    this.conflicts.delete(cell);
    this.known.set(cell, { text: conflict.theirs, version: conflict.version });
    const text = whose === "mine" ? conflict.mine : conflict.theirs;
    this.change(cell, text);
    return text;
  }
}

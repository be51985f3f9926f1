/** Drafts, sealed: what is typed lies on this computer readable for its person alone. */

import { type Draft, draftOf, isBare, PlainShelf, type Shelf } from "../islands/report-grid/drafts";
import { alone } from "./locks";
import type { Vault } from "./vault";

type Make = (before: Draft) => Draft;

export class SealedShelf implements Shelf {
  private makes: Make[] = [];
  private writing: Promise<void> | null = null;

  private constructor(
    private readonly vault: Vault,
    private readonly assignment: string,
    readonly first: Draft,
  ) {}

  /** Opens the draft of a report; one that an earlier version left unsealed is sealed now. */
  static async open(vault: Vault, assignment: string, left: PlainShelf): Promise<SealedShelf> {
    if (!isBare(left.first)) {
      const { cells, reasons } = left.first;
      await changeDraft(vault, assignment, (draft) => ({
        ...draft,
        cells: { ...cells, ...draft.cells },
        reasons: { ...reasons, ...draft.reasons },
      }));
      left.clear();
    }
    return new SealedShelf(vault, assignment, draftOf(await vault.get("draft", assignment)));
  }

  /** Typing is faster than a disk: what is asked for meanwhile is written in one go. */
  change(make: Make): Promise<void> {
    this.makes.push(make);
    this.writing ??= Promise.resolve().then(() => this.write()).finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.makes.length > 0) {
      await changeDraft(this.vault, this.assignment, (before) => {
        const makes = this.makes;
        this.makes = [];
        return makes.reduce((draft, make) => make(draft), before);
      });
    }
  }
}

/** Changes the draft of a report where it lies, one window at a time. */
export function changeDraft(vault: Vault, assignment: string, make: Make): Promise<void> {
  return alone(`draft:${assignment}`, async () => {
    const draft = make(draftOf(await vault.get("draft", assignment)));
    if (isBare(draft) && Object.keys(draft.known).length === 0) await vault.remove("draft", assignment);
    else await vault.put("draft", assignment, draft, { unsent: !isBare(draft) });
  });
}

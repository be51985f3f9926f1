/** What waits on this computer to be delivered: a report, or cells of one, each under its own id. */

import type { Batch } from "../islands/report-grid/queue";
import type { Vault } from "./vault";

export type State = "waiting" | "held" | "sent" | "saved";

/**
 * One delivery. `format` tells a later version of this script what it looks at: what waits
 * outlives the version that wrote it.
 */
export interface Delivery {
  readonly format: 1;
  /** The id that the submission will have, on whichever computer it is sent. */
  readonly id: string;
  readonly unit: string;
  readonly assignment: string;
  readonly title: string;
  readonly address: string;
  readonly saveUrl: string;
  readonly send: boolean;
  readonly changes: Batch["changes"];
  readonly reasons: Batch["reasons"];
  /** The last save of the draft that the page showed. */
  readonly seen: number;
  /** When it was put here, by this computer's clock. */
  readonly at: string;
  readonly state: State;
  readonly message: string;
  readonly receipt: string;
  readonly submission: string;
}

export async function deliveries(vault: Vault): Promise<Delivery[]> {
  const found = await vault.all<Delivery>("waiting");
  return found.sort((one, other) => one.at.localeCompare(other.at));
}

/** The delivery of a report that has not arrived yet. */
export async function pendingOf(vault: Vault, assignment: string): Promise<Delivery | undefined> {
  const found = await deliveries(vault);
  return found.find((each) => each.assignment === assignment && each.state === "waiting");
}

export function keep(vault: Vault, delivery: Delivery): Promise<void> {
  return vault.put("waiting", delivery.id, delivery, { unsent: isOpen(delivery) });
}

export function forget(vault: Vault, delivery: Pick<Delivery, "id">): Promise<void> {
  return vault.remove("waiting", delivery.id);
}

export function isOpen({ state }: Delivery): boolean {
  return state === "waiting" || state === "held";
}

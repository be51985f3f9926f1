/** Sends what changed, soon after it changed, and again until it has arrived. */

import type { Finding } from "../../rules/kinds";
import type { Drafts } from "./drafts";
import type { Batch, Queue, Saved, TheirChange } from "./queue";

const WAITS_MS = [5_000, 15_000, 30_000, 60_000];
const MOST_KEEPALIVE = 60_000; // browsers carry no more than 64 KiB past the end of a page

export interface Answer {
  readonly saved: readonly Saved[];
  readonly conflicts: readonly TheirChange[];
  readonly findings: readonly Finding[];
  readonly at: string;
}

export type State =
  | { readonly name: "waiting" }
  | { readonly name: "saved"; readonly at: string }
  | { readonly name: "offline" }
  | { readonly name: "signed-out"; readonly message: string }
  | { readonly name: "refused"; readonly message: string };

export interface Listener {
  saved(answer: Answer, batch: Batch): void;
  state(state: State): void;
}

export class Saving {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private running: Promise<boolean> | null = null;
  private stopped = false;
  private paused = false;
  private cut = false;
  private fresh = "";

  constructor(
    private readonly url: string,
    private readonly token: () => string,
    private readonly queue: Queue,
    private readonly drafts: Drafts,
    private readonly listener: Listener,
    /** A token of the session that there is now: signing in again makes the page's own stale. */
    private readonly renew: () => Promise<string> = () => Promise.resolve(""),
  ) {}

  /** Something changed: keep it here at once, send it after a moment. */
  touch(delay: number): void {
    this.drafts.write(this.queue.unsaved());
    if (this.paused || this.stopped || this.failures > 0) return;
    if (!this.queue.isEmpty) this.listener.state({ name: "waiting" });
    this.later(delay);
  }

  /** Sends everything now; tells whether the server has all of it. */
  async flush(keepalive = false): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.paused) return false;
    while (this.running) {
      if (!(await this.running)) return false;
    }
    if (this.queue.isEmpty) return true;
    this.running = this.sendAll(keepalive).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async sendAll(keepalive: boolean): Promise<boolean> {
    for (let batch = this.queue.take(); batch; batch = this.queue.take()) {
      if (!(await this.send(batch, keepalive))) return false;
    }
    return true;
  }

  /** Whether what was typed cannot reach the server now: no network, or nobody is signed in. */
  get isCut(): boolean {
    return this.cut || !navigator.onLine;
  }

  /** While the report waits to be delivered as a whole, nothing of it is sent by itself. */
  pause(paused: boolean): void {
    this.paused = paused;
    clearTimeout(this.timer);
    if (!paused) this.retry();
  }

  /** The network is back, or the reader is: do not wait for the timer. */
  retry(): void {
    if (this.paused || this.queue.isEmpty) return;
    this.stopped = false;
    this.failures = 0;
    void this.flush();
  }

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delay);
  }

  private async send(batch: Batch, keepalive: boolean, again = true): Promise<boolean> {
    const body = JSON.stringify(batch);
    let response: Response;
    try {
      response = await fetch(this.url, {
        method: "PATCH",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.fresh || this.token() },
        credentials: "same-origin",
        body,
        keepalive: keepalive && body.length < MOST_KEEPALIVE,
      });
      if (response.ok) return this.arrived((await response.json()) as Answer, batch);
    } catch {
      return this.waited();
    }
    if (response.status >= 500 || response.status === 429) return this.waited();
    if (response.status === 403 && again) {
      this.fresh = await this.renew();
      if (this.fresh) return this.send(batch, keepalive, false);
    }
    return this.refused(response.status, await messageOf(response));
  }

  private arrived(answer: Answer, batch: Batch): boolean {
    this.failures = 0;
    this.stopped = false;
    this.cut = false;
    this.queue.settle(answer.saved, answer.conflicts);
    this.drafts.write(this.queue.unsaved());
    this.drafts.learn(answer.saved);
    this.listener.saved(answer, batch);
    this.listener.state({ name: "saved", at: answer.at });
    return true;
  }

  private waited(): boolean {
    this.queue.failed();
    this.cut = true;
    const wait = WAITS_MS[Math.min(this.failures, WAITS_MS.length - 1)] ?? 60_000;
    this.failures += 1;
    this.listener.state({ name: "offline" });
    this.later(wait);
    return false;
  }

  private refused(status: number, message: string): boolean {
    this.queue.failed();
    this.stopped = true;
    const name = status === 401 || status === 403 ? "signed-out" : "refused";
    this.cut = name === "signed-out";
    this.listener.state({ name, message });
    return false;
  }
}

async function messageOf(response: Response): Promise<string> {
  try {
    const answer: unknown = await response.json();
    const { message } = answer as { message?: unknown };
    return typeof message === "string" ? message : "";
  } catch {
    return "";
  }
}

/** One window at a time: two of them must not send the same thing, nor write over one another. */

const lines = new Map<string, Promise<unknown>>();

export function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  if (typeof navigator !== "undefined" && "locks" in navigator && navigator.locks) {
    return navigator.locks.request(`nhasan:${name}`, act) as Promise<T>;
  }
  // An older browser: at least within this window
  const before = lines.get(name) ?? Promise.resolve();
  const next = before.then(act, act);
  lines.set(name, next);
  return next;
}

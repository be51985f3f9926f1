/** What describes a cell to a screen reader: marks, notes and comparisons each say their part. */

const said = new WeakMap<Element, Map<string, string>>();

/** Lets one speaker describe the cell by the ids of its words; "" takes them back. */
export function describe(place: Element, speaker: string, ids: string): void {
  const parts = said.get(place) ?? new Map<string, string>();
  said.set(place, parts);
  if (ids) parts.set(speaker, ids);
  else parts.delete(speaker);
  const all = [...parts.values()].join(" ");
  if (all) place.setAttribute("aria-describedby", all);
  else place.removeAttribute("aria-describedby");
}

/** The ids that one speaker describes the cell by. */
export function described(place: Element, speaker: string): string {
  return said.get(place)?.get(speaker) ?? "";
}

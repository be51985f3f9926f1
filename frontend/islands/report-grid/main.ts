/** Makes the server's table of inputs a grid: see `page.ts`. Without it the form still works. */

import { openAway } from "./away";
import { PlainShelf, plainStorage } from "./drafts";
import { startGrid } from "./page";

async function begin(form: HTMLFormElement): Promise<void> {
  const plain = new PlainShelf(form.dataset["draftKey"] ?? location.pathname, plainStorage());
  const { shelf, away } = await openAway(form, plain);
  startGrid(form, shelf, away);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-grid]")) void begin(form);

/** Makes the server's table of inputs a grid: see `page.ts`. Without it the form still works. */

import { startGrid } from "./page";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-grid]")) startGrid(form);

/** Small comforts of every page. Without this script each page still does its work. */

import { watchOver } from "../offline/notice";
import { copyTable } from "./copy-table";
import { guardSending } from "./guard-sending";
import { foldTables, offerPrinting } from "./paper";
import { sendFile } from "./send-file";

/** Lead a reader whose form came back straight to what is wrong. */
function focusErrors(page: Document): void {
  page.querySelector<HTMLElement>("[data-tom-tat-loi]")?.focus();
}

function offerCopies(page: Document): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-chep]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copyTable(button));
  }
}

focusErrors(document);
offerCopies(document);
offerPrinting(document);
foldTables(document);
sendFile(document);
guardSending(document);
void watchOver(document);

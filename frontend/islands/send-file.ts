/**
 * A large file on a slow line: show how far it has travelled, then that it is being read.
 *
 * The page stays, so a refusal leaves the chosen file in its field. Without this script the plain
 * form sends the same file.
 */

export function sendFile(page: Document): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-gui-tep]")) {
    new Sending(form);
  }
}

class Sending {
  private readonly field: HTMLInputElement;
  private readonly box: HTMLElement;
  private readonly step: HTMLElement;
  private readonly bar: HTMLProgressElement;
  private readonly button: HTMLButtonElement;
  private readonly address: string;
  private busy = false;

  constructor(private readonly form: HTMLFormElement) {
    this.field = part(form, 'input[type="file"]');
    this.box = part(form, ".tha-tep");
    this.step = part(form, "[data-buoc]");
    this.bar = part(form, "progress");
    this.button = part(form, 'button[type="submit"]');
    this.address = form.action.replace(/#.*/, "");
    form.addEventListener("submit", (event) => void this.submitted(event));
    this.catchDrops();
    // The browser's own way back shows the page as it was left: in the middle of sending
    form.ownerDocument.defaultView?.addEventListener("pageshow", () => this.rest());
  }

  private async submitted(event: Event): Promise<void> {
    const file = this.field.files?.[0];
    if (!file) return; // the server says that none was chosen
    event.preventDefault();
    if (this.busy) return;
    this.begin();
    const words = this.form.dataset;
    if (file.size > Number(words["nhieuNhat"])) {
      this.refuse(words["quaNang"] ?? "");
    } else if (!(await readable(file))) {
      this.field.value = "";
      this.refuse(words["daDoi"] ?? "");
    } else {
      this.send();
    }
  }

  private begin(): void {
    this.busy = true;
    this.summary()?.remove();
    this.mark(false);
    this.button.setAttribute("aria-disabled", "true");
    this.bar.hidden = false;
    this.travelled(0);
  }

  private rest(): void {
    this.busy = false;
    this.button.removeAttribute("aria-disabled");
    this.bar.hidden = true;
    this.step.textContent = "";
  }

  private send(): void {
    const request = new XMLHttpRequest();
    request.open("POST", this.address);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.travelled(event.loaded / event.total);
    });
    request.upload.addEventListener("load", () => this.reading());
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.refuse(this.form.dataset["matMang"] ?? ""));
    request.send(new FormData(this.form));
  }

  private travelled(share: number): void {
    const percent = Math.floor(share * 100);
    this.bar.value = percent;
    const words = this.step.dataset["dangGui"] ?? "";
    // The number is for the eye: a screen reader asks the bar for it, and hears the words once
    if (this.step.firstChild?.nodeValue !== words) {
      const number = this.form.ownerDocument.createElement("span");
      number.setAttribute("aria-hidden", "true");
      this.step.replaceChildren(words, number);
    }
    const number = this.step.querySelector("span");
    if (number) number.textContent = ` ${percent} %`;
  }

  private reading(): void {
    this.bar.removeAttribute("value");
    this.step.textContent = this.step.dataset["dangDoc"] ?? "";
  }

  private answered(request: XMLHttpRequest): void {
    if (request.status === 200 && request.responseURL !== this.address) {
      this.form.ownerDocument.defaultView?.location.assign(request.responseURL);
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = answer.querySelector<HTMLElement>("[data-tom-tat-loi]");
    if (said) this.show(said);
    else this.refuse(this.form.dataset["matMang"] ?? "");
  }

  /** Say in the page's own words why nothing was sent. */
  private refuse(words: string): void {
    const page = this.form.ownerDocument;
    const section = page.createElement("section");
    section.className = "bao bao-loi";
    section.tabIndex = -1;
    section.dataset["tomTatLoi"] = "";
    const title = page.createElement("h2");
    title.textContent = this.form.dataset["chuaGui"] ?? "";
    const link = page.createElement("a");
    link.href = `#${this.field.id}`;
    link.textContent = words;
    const line = page.createElement("p");
    line.append(link);
    section.append(title, line);
    this.show(section);
  }

  private show(section: HTMLElement): void {
    this.rest();
    this.mark(true);
    const title = this.form.ownerDocument.querySelector("main h1");
    title?.before(section);
    section.focus();
  }

  private summary(): HTMLElement | null {
    return this.form.ownerDocument.querySelector("[data-tom-tat-loi]");
  }

  private mark(wrong: boolean): void {
    this.box.classList.toggle("co-loi", wrong);
    this.field.setAttribute("aria-invalid", String(wrong));
  }

  /** The field takes a dropped file by itself; the whole box around it does so, too. */
  private catchDrops(): void {
    const hovering = (on: boolean) => this.box.classList.toggle("dang-tha", on);
    this.box.addEventListener("dragover", (event) => {
      event.preventDefault();
      hovering(true);
    });
    this.box.addEventListener("dragleave", () => hovering(false));
    this.box.addEventListener("drop", (event) => {
      event.preventDefault();
      hovering(false);
      const files = event.dataTransfer?.files;
      if (files?.length === 1 && !this.busy) this.field.files = files;
    });
  }
}

/** A file that was saved again after it was chosen can no longer be read. */
async function readable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function part<T extends Element>(form: HTMLFormElement, selector: string): T {
  const found = form.querySelector<T>(selector);
  if (!found) throw new Error(`no ${selector} in the form`);
  return found;
}

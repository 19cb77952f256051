// Back, restart, summary, copy, print, download.
import { html, type TemplateResult } from "lit/html.js";
import { t } from "./texts";
import type { Shell } from "./view";

async function copy(view: Shell, event: Event, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    view.tell(t("copied"));
  } catch {
    // Not allowed by the browser or the host page: mark the text, for copying by hand.
    const node = (event.target as HTMLElement).closest("li")?.querySelector(".said, .card");
    if (node) {
      const range = document.createRange();
      range.selectNodeContents(node);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
    view.tell(t("copy_failed"));
  }
}

/** Print one text alone: the rest of the page, and the widget, are hidden while the dialog is open. */
export function print(text: string, root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("@media print { body > :not([data-wac-print]) { display: none !important; } } @media screen { [data-wac-print] { display: none !important; } }");
  // The host's style is `!important` within its element, which only a rule of its own root outdoes.
  const own = new CSSStyleSheet();
  own.replaceSync("@media print { :host { display: none !important; } }");
  const paper = document.createElement("pre");
  paper.setAttribute("data-wac-print", "");
  paper.textContent = `${text}\n\n${t("print_hint")}`;
  paper.style.whiteSpace = "pre-wrap";
  paper.style.font = "12pt/1.4 Arial, sans-serif";
  document.body.append(paper);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, own];
  addEventListener("afterprint", () => {
    paper.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== own);
  }, { once: true });
  window.print();
}

export function summaryTools(view: Shell, text: string): TemplateResult {
  return html`<div class="tools">
    <button type="button" class="button" @click=${(event: Event) => void copy(view, event, text)}>${t("summary_copy")}</button>
    <button type="button" class="button" @click=${(event: Event) => print(text, (event.target as HTMLElement).getRootNode() as ShadowRoot)}>${t("summary_print")}</button>
  </div>`;
}

/** What one may do with an answer. */
export function outcomeTools(view: Shell): TemplateResult {
  return html`<div class="tools">
    <button type="button" class="button" @click=${() => view.say("summary", t("summary"))}>${t("summary")}</button>
    <button type="button" class="button" @click=${() => view.say("go back", t("change"))}>${t("change")}</button>
  </div>`;
}

async function download(view: Shell): Promise<void> {
  try {
    const { text } = await view.ask("transcript", {});
    if (typeof text !== "string") throw new Error("none");
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "talk.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch {
    view.tell(t("transcript_failed"));
  }
}

export function talkTools(view: Shell): TemplateResult {
  const begun = view.talk.items.some((item) => item.kind === "mine");
  return html`<div class="tools small" role="group" aria-label=${t("tools")}>
    <button type="button" class="link" aria-disabled=${!begun} @click=${() => { if (begun) view.say("go back", t("back")); }}>${t("back")}</button>
    <button type="button" class="link" aria-disabled=${!begun} @click=${() => { if (begun) view.say("/start_again", t("restart")); }}>${t("restart")}</button>
    <button type="button" class="link" aria-disabled=${!begun} @click=${() => { if (begun) void download(view); }}>${t("transcript")}</button>
  </div>`;
}

// Draws the Adaptive Cards that the server built: the same as in Teams, in this page's looks.
import * as AC from "adaptivecards";
import hostConfig from "./host-config.json";

const SAFE = /^(https?:\/\/|tel:|mailto:)/i;
const MARK = /^\s*(?:•|(\d{1,3})\.)\s*$/;

// Our cards use no Markdown: whatever stands in a text is shown as it stands.
AC.AdaptiveCard.onProcessMarkdown = (_, result) => { result.didProcess = false; };

function link(url: string, text: string, className: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = url;
  made.textContent = text;
  made.className = `${className} ${/^tel:/i.test(url) ? "phone" : ""}`.trim();
  if (/^http/i.test(url)) made.rel = "noopener noreferrer";
  return made;
}

/** A button that opens an address becomes a link, so that it can be copied, and rung. */
function asLink(action: AC.OpenUrlAction): void {
  const button = action.renderedElement;
  const url = action.url ?? "";
  if (!button) return;
  if (!SAFE.test(url)) { button.remove(); return; }
  const made = link(url, action.title ?? url, "ring");
  // Teams has no large links, so the number stands above its button there; here they are one.
  let at: Element | null = button;
  while (at && !at.previousElementSibling) at = at.parentElement;
  let above = at?.previousElementSibling;
  while (above && !above.matches(".ac-richTextBlock")) above = above.previousElementSibling;
  if (above && digits(above.textContent) === digits(url)) above.remove();
  button.replaceWith(made);
}

const digits = (text: string | null): string => (text ?? "").replace(/\D/g, "");

function visit(element: AC.CardElement, each: (element: AC.CardElement) => void): void {
  each(element);
  if (element instanceof AC.CardElementContainer) {
    for (let i = 0; i < element.getItemCount(); i++) {
      const item = element.getItemAt(i);
      if (item) visit(item, each);
    }
  }
}

/** The links within a text; those that go nowhere safe become words. */
function tidyText(block: AC.RichTextBlock): void {
  const drawn = block.renderedElement;
  for (const anchor of drawn?.querySelectorAll("a") ?? []) {
    const url = anchor.getAttribute("href") ?? "";
    const text = anchor.textContent ?? "";
    if (!SAFE.test(url)) { anchor.replaceWith(document.createTextNode(text)); continue; }
    const made = link(url, text, "");
    made.classList.remove("phone"); // within a sentence it is no larger than the sentence
    anchor.replaceWith(made);
  }
}

const markOf = (element: AC.CardElement): RegExpExecArray | null => {
  if (!(element instanceof AC.RichTextBlock)) return null;
  const first = element.getInlineCount() > 1 ? element.getInlineAt(0) : undefined;
  return first instanceof AC.TextRun ? MARK.exec(first.text ?? "") : null;
};

/** Items that stand one below the other with marks before them are a list, and said to be one. */
function asLists(container: AC.Container): void {
  let list: HTMLElement | null = null;
  let ordered = false;
  for (let i = 0; i < container.getItemCount(); i++) {
    const element = container.getItemAt(i);
    const drawn = element?.renderedElement;
    const mark = element ? markOf(element) : null;
    if (!drawn || !mark) { list = null; continue; }
    const numbered = mark[1] !== undefined;
    if (!list || numbered !== ordered) {
      list = document.createElement(numbered ? "ol" : "ul");
      list.className = "points";
      if (numbered && mark[1] !== "1") list.setAttribute("start", mark[1] ?? "1");
      ordered = numbered;
      drawn.before(list);
    }
    const item = document.createElement("li");
    drawn.querySelector("span")?.remove(); // the mark: the list makes its own
    const line = list.previousElementSibling === drawn ? null : drawn.previousElementSibling;
    if (line?.matches(".ac-horizontal-separator") && list.childElementCount) line.remove();
    item.append(drawn);
    list.append(item);
  }
}

/**
 * The cards of one message as DOM.
 * @throws Error where one is no card that this version draws.
 */
export function draw(cards: object[], say: (message: { text: string; shown?: string }) => void, first?: HTMLElement | null, level = 3): HTMLElement {
  const frame = document.createElement("article");
  frame.className = "card adaptive";
  for (const json of cards) {
    if ((json as { type?: unknown }).type !== "AdaptiveCard") throw new Error("no card");
    const card = new AC.AdaptiveCard();
    card.hostConfig = new AC.HostConfig({ ...hostConfig, textBlock: { headingLevel: level } });
    card.parse(json, new AC.SerializationContext());
    card.onExecuteAction = (action) => {
      if (action instanceof AC.ToggleVisibilityAction) {
        const open = action.renderedElement?.getAttribute("aria-expanded") === "true";
        action.renderedElement?.setAttribute("aria-expanded", String(!open));
        // The library says it of the block as well, which may not have it; after this call.
        queueMicrotask(() => {
          for (const node of frame.querySelectorAll("div[aria-expanded]")) node.removeAttribute("aria-expanded");
        });
      }
      if (!(action instanceof AC.SubmitAction)) return;
      const { payload } = (action.data ?? {}) as { payload?: unknown };
      if (typeof payload === "string") say({ text: payload, shown: action.title });
    };
    const drawn = card.render();
    if (!drawn) throw new Error("nothing drawn");
    visit(card, (element) => {
      for (let i = 0; i < element.getActionCount(); i++) {
        const action = element.getActionAt(i);
        if (action instanceof AC.OpenUrlAction) asLink(action);
        if (action instanceof AC.ToggleVisibilityAction) {
          action.renderedElement?.setAttribute("aria-expanded", "false");
          action.renderedElement?.removeAttribute("aria-controls"); // ids are not one's own in a talk of many cards
        }
      }
      if (element instanceof AC.RichTextBlock) tidyText(element);
    });
    visit(card, (element) => { if (element instanceof AC.Container) asLists(element); });
    for (const button of drawn.querySelectorAll("button")) button.type = "button";
    // The whole card read out as its name would hide its parts from a screen reader.
    for (const attribute of ["tabindex", "aria-label"]) drawn.removeAttribute(attribute);
    frame.append(drawn);
  }
  const banner = (cards[0] as { body?: { style?: string; bleed?: boolean }[] }).body?.[0];
  if (banner?.bleed && banner.style) {
    frame.dataset.look = banner.style;
    if (first) frame.firstElementChild?.firstElementChild?.after(first);
  }
  return frame;
}

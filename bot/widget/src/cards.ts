// Draws the Adaptive Card that the server built: the same card as in Teams, in this page's looks.
import * as AC from "adaptivecards";
import hostConfig from "./host-config.json";
import { markup } from "./markup";

export interface Said { text: string; shown?: string }

const SAFE = /^(https?:\/\/|tel:|mailto:)/i;

AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markup(text);
  result.didProcess = true;
};

/** Links stay links, so that they can be copied, opened in a tab, and rung. */
function asLink(action: AC.OpenUrlAction): void {
  const button = action.renderedElement;
  const url = action.url ?? "";
  if (!button || !SAFE.test(url)) { button?.remove(); return; }
  const link = document.createElement("a");
  link.className = `${button.className} ${/^tel:/i.test(url) ? "phone" : ""}`;
  link.href = url;
  link.textContent = action.title ?? url;
  if (/^http/i.test(url)) link.rel = "noopener noreferrer";
  button.replaceWith(link);
}

function actionsOf(card: AC.AdaptiveCard): AC.Action[] {
  const found: AC.Action[] = [];
  const visit = (element: AC.CardElement | undefined): void => {
    if (!element) return;
    for (let i = 0; i < element.getActionCount(); i++) {
      const action = element.getActionAt(i);
      if (action) found.push(action);
      if (action instanceof AC.ShowCardAction) visit(action.card);
    }
    if (element instanceof AC.CardElementContainer) {
      for (let i = 0; i < element.getItemCount(); i++) visit(element.getItemAt(i));
    }
  };
  visit(card);
  return found;
}

/**
 * The card as DOM.
 * @throws Error where it is no card that this version draws.
 */
export function draw(json: object, say: (message: Said) => void): HTMLElement {
  const card = new AC.AdaptiveCard();
  card.hostConfig = new AC.HostConfig(hostConfig);
  const context = new AC.SerializationContext();
  card.parse(json, context);
  card.onExecuteAction = (action) => {
    if (!(action instanceof AC.SubmitAction)) return;
    const data = action.data as { payload?: unknown; text?: unknown } | undefined;
    const text = data?.payload ?? data?.text;
    if (typeof text === "string") say({ text, shown: action.title });
  };
  const drawn = card.render();
  if (!drawn) throw new Error("nothing drawn");
  for (const action of actionsOf(card)) if (action instanceof AC.OpenUrlAction) asLink(action);
  drawn.removeAttribute("tabindex");
  const frame = document.createElement("article");
  frame.className = "card adaptive";
  frame.append(drawn);
  return frame;
}

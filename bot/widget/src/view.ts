// What is seen: header, history, newest answer, choices, and the box to write in.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import type { Cards } from "./cardbox";
import { choices } from "./choices";
import { numbers } from "./numbers";
import { isTraining, type Talk } from "./talk";
import { emergency, t, telephone } from "./texts";
import { outcomeTools, summaryTools, talkTools } from "./tools";
import type { Item, Options, Question } from "./types";
import { usefulForm, type Useful } from "./useful";

export const MOST_LETTERS = 10000;

export interface Shell {
  talk: Talk;
  cards: Cards;
  set: Options;
  typing: boolean;
  problem: string;
  choiceProblem: string;
  status: string;
  useful: Useful | null;
  /** The question just answered: stays, out of use, until the next answer is there. */
  asked: Question | null;
  /** The focus will move to what comes, so it need not be announced as well. */
  quietly?: boolean;
  say(text: string, shown?: string): void;
  write(event: Event): void;
  paint(): void;
  close(): void;
  exit(): void;
  tell(status: string): void;
  ask(event: string, data: object): Promise<Record<string, unknown>>;
}

function line(view: Shell, item: Item): TemplateResult {
  if (item.kind === "note") return html`<li class="note" tabindex="-1"><p>${item.text}</p></li>`;
  if (item.kind === "mine") {
    const waits = view.talk.unsent.has(item.id);
    return html`<li class="mine-line"><div class="said mine"><span class="visually-hidden">${t("you_said")} </span>${item.text}</div>
      ${waits ? html`<p class="quiet waits">${t("waiting_to_send")}</p>` : nothing}</li>`;
  }
  const message = item.message;
  const isCard = message?.type === "guidance" || message?.type === "resources" || Boolean(message?.type === "notice" && message.contacts?.length);
  const card = isCard ? view.cards.node(item) : null;
  return html`<li tabindex="-1" data-kind=${isTraining(item) ? "training" : message?.type ?? "text"}>
    ${card
      ? card
      : html`<div class="said bot"><span class="visually-hidden">${t("bot_said")} </span>${message ? textOf(item) : item.text}</div>`}
    ${message?.type === "notice" && message.id === "summary-intro" ? summaryTools(view, message.text) : nothing}
  </li>`;
}

/** The words alone, with telephone numbers to press: for what has no card. */
function textOf(item: Item & { kind: "bot" }): unknown {
  const message = item.message;
  if (message?.type === "question") return message.text;
  if (message?.type === "notice" && !message.contacts?.length) return message.text;
  const contacts = message && "contacts" in message ? message.contacts ?? [] : [];
  return html`${item.text}${contacts.length ? numbers(contacts) : nothing}`;
}

/** All but the question that stands open: that one is the legend of its choices. */
const lines = (view: Shell, items: Item[]) => repeat(
  items.filter((item) => item.kind !== "bot" || item.message?.type !== "question" || item.message !== view.talk.question),
  (item) => item.id,
  (item) => line(view, item),
);

function header(view: Shell): TemplateResult {
  const whole = view.set.mode === "page";
  const inner = html`<div class="bar">
      ${whole
        ? html`<h1 id="wac-title" tabindex="-1">${view.set.title}</h1>`
        : html`<h2 id="wac-title" tabindex="-1">${view.set.title}</h2>
          <button type="button" class="icon" aria-label=${t("close")} @click=${() => view.close()}><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M5 5l14 14M19 5L5 19" /></svg></button>`}
    </div>
    <div class="bar danger-bar">
      <p class="danger">${t("danger_before")} <a class="emergency" href=${telephone(emergency())}>${emergency()}</a> ${t("danger_after")}</p>
      <button type="button" class="button quick-exit" @click=${() => view.exit()}>${t("exit")}</button>
    </div>`;
  const training = html`<p class="in-training" role="status">${view.talk.training ? html`<strong>${t("training")}</strong> ${t("training_leave")}` : nothing}</p>`;
  // The host page has a banner of its own, so that of the widget is none.
  return whole ? html`<header class="top">${inner}</header>${training}` : html`<div class="top">${inner}</div>${training}`;
}

function offline(view: Shell): TemplateResult {
  const { refused } = view.talk;
  return html`<section class="offline" aria-label=${t("page_numbers")}>
    <p><strong>${refused ? refused.text : t("offline")}</strong>${refused ? nothing : html` ${t("offline_numbers")}`}</p>
    ${numbers(undefined, view.set.borough)}
  </section>`;
}

function writing(view: Shell): TemplateResult {
  return html`<form class="write" novalidate aria-label=${t("label")} @submit=${view.write}>
    <div class="words"><label for="wac-text">${t("label")}</label>
      <p class="hint" id="wac-hint">${t("hint")}</p></div>
    <p class="error" id="wac-error" role="alert">${view.problem}</p>
    <div class="row">
      <textarea id="wac-text" rows="1" maxlength=${MOST_LETTERS} autocomplete="off" enterkeyhint="send"
        aria-describedby=${view.problem ? "wac-hint wac-error" : "wac-hint"} aria-invalid=${view.problem ? "true" : "false"}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) view.write(event);
        }}></textarea>
      <button class="button go">${t("send")}</button>
    </div>
  </form>`;
}

export function shell(view: Shell): TemplateResult {
  const { talk } = view;
  const old = talk.items.slice(0, talk.freshFrom);
  const fresh = talk.items.slice(talk.freshFrom);
  const question = talk.question ?? (talk.busy ? view.asked : null);
  const outcome = talk.busy ? null : talk.outcome;
  return html`${header(view)}
    <div class="scroll" tabindex="0" role=${view.set.mode === "page" ? "main" : "region"} aria-label=${t("talk")}>
      <ol class="messages" id="wac-old" aria-label=${t("earlier")}>${lines(view, old)}</ol>
      <ol class="messages" id="wac-new" aria-label=${t("newest")} aria-live=${view.quietly ? "off" : "polite"} aria-relevant="additions">${lines(view, fresh)}</ol>
      <p class="typing" role="status">${view.typing && !talk.offline ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${t("typing")}` : nothing}</p>
      <div role="alert">${talk.offline ? offline(view) : nothing}</div>
      ${question ? choices(view, question, talk.busy) : nothing}
      ${outcome ? html`${outcomeTools(view)}${usefulForm(view, outcome)}` : nothing}
      ${talkTools(view)}
    </div>
    <div class="foot">
      ${writing(view)}
      <p class="status" role="status">${talk.connected || talk.refused || !talk.items.length ? view.status : talk.offline ? "" : t("offline")}</p>
    </div>`;
}

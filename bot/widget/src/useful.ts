// "Was this useful?", with a reason. No talk goes with it.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { t, type Key } from "./texts";
import type { Shell } from "./view";

export interface Useful {
  /** The guidance it is about: each is asked about once. */
  about: string;
  state: "why" | "thanks";
  problem: string;
}

const REASONS: Key[] = ["useful_unclear", "useful_wrong", "useful_number", "useful_other"];

async function vote(view: Shell, about: { id: string; route: string }, useful: boolean, reason: string | null): Promise<void> {
  try {
    const answer = await view.ask("feedback", { useful, reason, route: about.route });
    if (!answer.ok) throw new Error("not kept");
    view.useful = { about: about.id, state: "thanks", problem: "" };
    view.paint();
  } catch {
    view.tell(t("useful_failed"));
  }
}

export function usefulForm(view: Shell, about: { id: string; route: string }): TemplateResult {
  const state = view.useful?.about === about.id ? view.useful : null;
  if (state?.state === "thanks") return html`<p class="useful" role="status">${t("useful_thanks")}</p>`;
  const why = state?.state === "why";
  const send = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const chosen = form.querySelector<HTMLInputElement>("input[type=radio]:checked")?.value;
    const more = form.querySelector<HTMLInputElement>("#wac-more")?.value.trim() ?? "";
    if (!chosen && !more) {
      view.useful = { about: about.id, state: "why", problem: t("nothing_chosen") };
      view.paint();
      form.querySelector<HTMLInputElement>("input")?.focus();
      return;
    }
    void vote(view, about, false, [chosen, more].filter(Boolean).join(". "));
  };
  return html`<div class="useful">
    <div class="tools" role="group" aria-label=${t("useful")}>
      <span>${t("useful")}</span>
      <button type="button" class="button" @click=${() => void vote(view, about, true, null)}>${t("yes")}</button>
      <button type="button" class="button" aria-expanded=${why} @click=${() => { view.useful = { about: about.id, state: "why", problem: "" }; view.paint(); }}>${t("no")}</button>
    </div>
    ${why ? html`<form novalidate @submit=${send}><fieldset aria-describedby=${state.problem ? "wac-why-error" : nothing}><legend>${t("useful_why")}</legend>
      <p class="error" id="wac-why-error" role="alert">${state.problem}</p>
      ${REASONS.map((key) => html`<label class="check"><input type="radio" name="why" value=${t(key)} /><span>${t(key)}</span></label>`)}
      <label for="wac-more">${t("useful_more")}</label>
      <input id="wac-more" maxlength="300" autocomplete="off" />
      <button class="button">${t("useful_send")}</button></fieldset></form>` : nothing}
  </div>`;
}

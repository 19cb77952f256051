// The open question's answers: buttons for one, check boxes for several. Writing is always open too.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { t } from "./texts";
import type { Option, Question } from "./types";
import type { Shell } from "./view";

const ALONE = new Set(["none", "unsure"]);

/** The site's own borough goes first where an adult's workplace is asked for: never chosen, only near. */
export function near(question: Question, borough: string | null): Option[] {
  if (question.id !== "setting_borough" || !borough) return question.options;
  return [...question.options].sort((a, b) => Number(b.value === borough) - Number(a.value === borough));
}

/** Choosing "none" or "not sure" takes the others out, and the other way round. */
export function settle(boxes: HTMLInputElement[], changed: HTMLInputElement): void {
  if (!changed.checked) return;
  for (const box of boxes) {
    if (box !== changed && (ALONE.has(changed.value) || ALONE.has(box.value))) box.checked = false;
  }
}

export const payload = (question: Question, values: string[]): string => `/answer${JSON.stringify({ [question.id]: values })}`;

function single(view: Shell, question: Question, retired: boolean): TemplateResult {
  const { borough } = view.set;
  return html`<div class="quick">${near(question, borough).map((option) => html`<button type="button" class="button choice"
    aria-disabled=${retired} @click=${() => { if (!retired) view.say(option.payload, option.title); }}>${option.title}${question.id === "setting_borough" && option.value === borough
      ? html` <span class="mark">(${t("own_borough")})</span>` : nothing}</button>`)}</div>`;
}

function several(view: Shell, question: Question, retired: boolean): TemplateResult {
  const boxesOf = (event: Event) => [...((event.currentTarget as HTMLElement).closest("fieldset")?.querySelectorAll<HTMLInputElement>("input") ?? [])];
  const send = (event: Event) => {
    if (retired) return;
    const boxes = boxesOf(event);
    const values = boxes.filter((box) => box.checked).map((box) => box.value);
    view.choiceProblem = values.length ? "" : t("nothing_chosen");
    if (!values.length) { view.paint(); boxes[0]?.focus(); return; }
    const titles = question.options.filter((o) => values.includes(o.value ?? "")).map((o) => o.title);
    view.say(payload(question, values), titles.join("; "));
  };
  return html`<div class="checks" @change=${(event: Event) => settle(boxesOf(event), event.target as HTMLInputElement)}>
      ${question.options.map((option) => html`<label class="check"><input type="checkbox" value=${option.value ?? ""}
        aria-disabled=${retired} @click=${(event: Event) => { if (retired) event.preventDefault(); }}
        /><span>${option.title}${option.suggested ? html` <span class="mark">(${t("likely")})</span>` : nothing}</span></label>`)}
    </div>
    <p class="error" id="wac-choice-error" role="alert">${view.choiceProblem}</p>
    <button type="button" class="button go" aria-disabled=${retired} @click=${send}>${t("choose_send")}</button>`;
}

export function choices(view: Shell, question: Question, retired: boolean): TemplateResult {
  if (!question.options.length) return html`<div class="said bot">${question.text}</div>`;
  return html`<fieldset class="choices" id="wac-choices" aria-describedby=${view.choiceProblem ? "wac-choice-error" : nothing}>
    <legend tabindex="-1">${question.text}</legend>
    ${question.multiple ? several(view, question, retired) : single(view, question, retired)}
  </fieldset>`;
}

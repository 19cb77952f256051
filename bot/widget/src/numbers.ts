// Telephone numbers, large, to press: those given, or the ones that are always right.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { fallback, t, telephone } from "./texts";
import type { Contact } from "./types";

const BOROUGH: Record<string, string> = { hackney: "hackney", city: "city" };

/** The site's own borough first after the emergency number; nothing is left out. */
export function ordered(contacts: readonly Contact[], borough: string | null): Contact[] {
  const own = BOROUGH[borough ?? ""];
  const rank = (c: Contact) => (c.id === "police-emergency" ? 0 : own && c.id.startsWith(own) ? 1 : 2);
  return [...contacts].sort((a, b) => rank(a) - rank(b));
}

export function numbers(contacts: readonly Contact[] = fallback.contacts, borough: string | null = null): TemplateResult {
  return html`<ul class="contacts">${ordered(contacts, borough).map((c) => html`<li class="contact">
    <strong>${c.name}</strong>${c.status === "unverified" ? html` <span class="mark">(${t("not_confirmed")})</span>` : nothing}
    ${c.phone ? html`<p><a class="phone" href=${telephone(c.phone)}>${c.phone}</a></p>` : nothing}
    <p class="quiet">${c.hours_text}.</p>
  </li>`)}</ul>`;
}

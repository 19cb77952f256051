// Telephone numbers, large, to press: those given, or the ones that are always right.
import { html, nothing, type TemplateResult } from "lit/html.js";
import { fallback, t, telephone } from "./texts";
import type { Contact, Message } from "./types";

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

const URGENT = new Set(["immediately", "same_day"]);

/** Whom to ring of these: the emergency number before all, else the first that is open now. */
export function firstToRing(contacts: readonly Contact[]): Contact | null {
  const ringable = contacts.filter((c) => c.phone && c.status !== "superseded");
  return ringable.find((c) => c.id === "police-emergency") ?? ringable.find((c) => c.open_now !== false) ?? ringable[0] ?? null;
}

/** The number to ring, large, for the top of an urgent answer; null where there is none. */
export function ringFirst(message: Message | null): HTMLElement | null {
  if (message?.type !== "guidance" || !URGENT.has(message.outcome.deadline)) return null;
  const contact = firstToRing(message.contacts);
  if (!contact?.phone) return null;
  const line = document.createElement("p");
  line.className = "ring-first";
  const link = document.createElement("a");
  link.href = telephone(contact.phone);
  link.className = "phone";
  link.textContent = `${t("ring")} ${contact.phone}`;
  const name = document.createElement("span");
  name.textContent = contact.open_now ? `${contact.name}. ${t("open_now")}` : contact.name;
  line.append(link, " ", name);
  return line;
}

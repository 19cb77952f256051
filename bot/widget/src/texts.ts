// Fixed words, shared with the page without scripts.
import words from "../texts.json";

declare const FALLBACK: { text: string; contacts: import("./types").Contact[] };
export type Key = keyof typeof words;

/** The numbers as they stood when the widget was built: for when nothing answers. */
export const fallback = FALLBACK;

export const emergency = (): string => fallback.contacts.find((c) => c.id === "police-emergency")?.phone ?? "";

export function t(key: Key, fill: Record<string, string | number> = {}): string {
  let text: string = words[key];
  for (const [name, value] of Object.entries(fill)) {
    text = text.replaceAll(`{${name}}`, String(value));
  }
  return text;
}

export const telephone = (phone: string): string => "tel:" + phone.replace(/[^\d+]/g, "");

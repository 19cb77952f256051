// Holds the cards, each made once; until their library is there the text stands in.
import { ringFirst } from "./numbers";
import type { Item } from "./types";

type BotItem = Item & { kind: "bot" };
interface Drawing { draw(cards: object[], say: (message: { text: string; shown?: string }) => void, first?: HTMLElement | null, level?: number): HTMLElement }

export class Cards {
  #made = new Map<string, HTMLElement>();
  #drawing: Drawing | null = null;
  #say: (message: { text: string; shown?: string }) => void;

  #level: number;

  /** `level` is that of a card's headings within the page. */
  constructor(say: (message: { text: string; shown?: string }) => void, ready: () => void, level: number) {
    this.#level = level;
    this.#say = say;
    import("./cards").then((drawing) => { this.#drawing = drawing; ready(); }, () => undefined); // the text is enough
  }

  /** The card of a message, or null where its text must do. */
  node(item: BotItem): HTMLElement | null {
    const made = this.#made.get(item.id);
    if (made) return made;
    if (!this.#drawing || !item.cards?.length) return null;
    try {
      const node = this.#drawing.draw(item.cards, this.#say, ringFirst(item.message), this.#level);
      this.#made.set(item.id, node);
      return node;
    } catch {
      return null; // a card of another version: its text says the same
    }
  }
}

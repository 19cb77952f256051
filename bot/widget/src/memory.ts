// What outlives a reload: the tab's own storage, and nothing where a browser refuses it.
import type { Item } from "./types";

export interface Waiting {
  id: string;
  text: string;
  shown: string;
}

export interface Kept {
  session: string | null;
  items: Item[];
  waiting: Waiting[];
  open: boolean;
}

export const empty = (): Kept => ({ session: null, items: [], waiting: [], open: false });
const MOST = 200;

export class Memory {
  #key: string;
  #storage: Storage | null;

  constructor(server: string, storage: () => Storage = () => sessionStorage) {
    this.#key = `wac:${server}`;
    try {
      this.#storage = storage();
    } catch {
      this.#storage = null; // blocked: the talk just does not survive a reload
    }
  }

  read(): Kept {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? "null") as Partial<Kept> | null;
      if (kept && Array.isArray(kept.items) && Array.isArray(kept.waiting)) return { ...empty(), ...kept };
    } catch {
      // Something else wrote there: begin anew.
    }
    return empty();
  }

  write(kept: Kept): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify({ ...kept, items: kept.items.slice(-MOST) }));
    } catch {
      // Full: what is on the screen stays.
    }
  }

  forget(): void {
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // Nothing was kept.
    }
  }
}

// The conversation without its looks: connection, what was said, what still waits to be sent.
import { Memory, type Kept, type Waiting } from "./memory";
import type { Item, Message, Notice, Question, Uttered } from "./types";

/** The part of a Socket.IO socket that is used; tests give their own. */
export interface Line {
  connected: boolean;
  on(event: string, heard: (data: never) => void): unknown;
  emit(event: string, ...data: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

export interface TalkSettings {
  line: Line;
  memory: Memory;
  token: () => Promise<string | undefined>;
  changed: (what: "said" | "heard" | "state") => void;
  expired: string;
  newId?: () => string;
}

export const UNANSWERED = 8000;
export const GRACE = 1500;
/** Notices that say that a message was not handled; what was asked before still stands. */
const NO_ANSWER = new Set(["fallback-when-down", "too-many", "too-long", "nothing-said", "off"]);

const freshId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Whether an answer came from a fictional case. */
export const isTraining = (item: Item): boolean =>
  item.kind === "bot" && item.message?.type === "notice" && item.message.id === "training";

export class Talk {
  items: Item[];
  /** Index of the first message of the newest answer: all before it is history. */
  freshFrom: number;
  /** No answer comes just now: the numbers are shown. */
  offline = false;
  connected = false;
  refused: Notice | null = null;
  #waiting: Waiting[];
  #emitted = new Set<string>();
  #session: string | null;
  #open: boolean;
  #confirmed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #set: TalkSettings;

  constructor(settings: TalkSettings) {
    this.#set = settings;
    const kept = settings.memory.read();
    this.items = kept.items;
    this.#waiting = kept.waiting;
    this.#session = kept.session;
    this.#open = kept.open;
    const lastMine = this.items.findLastIndex((item) => item.kind === "mine");
    this.freshFrom = lastMine + 1;
    const { line } = settings;
    line.on("connect", () => void this.#ask());
    line.on("session_confirm", (token: string) => this.#confirm(token));
    line.on("session_needed", () => void this.#ask());
    line.on("session_refused", (sent: Uttered) => this.#refuse(sent));
    line.on("bot_uttered", (sent: Uttered) => this.#hear(sent));
    line.on("user_said", (said: { turn: string; shown: string }) => this.#overhear(said));
    line.on("turn_done", (done: { id?: string }) => this.#finish(done.id ?? ""));
    line.on("disconnect", () => this.#lost());
    line.on("connect_error", () => this.#lost());
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Messages that are not known to have arrived. */
  get unsent(): ReadonlySet<string> {
    return new Set(this.connected ? [] : this.#waiting.map((one) => one.id));
  }

  /** The question that stands open: the last one of the newest answer, or, where that answer
   *  was only that there is none just now, the one that was asked before. */
  get question(): Question | null {
    if (this.freshFrom >= this.items.length) return null;
    let failed = false;
    for (const [at, item] of [...this.items.entries()].reverse()) {
      if (item.kind === "bot" && item.message?.type === "question") return item.message;
      if (item.kind === "bot" && item.message?.type === "notice" && NO_ANSWER.has(item.message.id)) failed = true;
      else if (at < this.freshFrom && !(failed && item.kind === "mine")) return null;
      else if (at >= this.freshFrom) failed = false;
    }
    return null;
  }

  /** The last guidance, if nothing is asked after it. */
  get outcome(): { id: string; route: string } | null {
    if (this.question) return null;
    for (const item of [...this.items].reverse()) {
      if (item.kind === "bot" && item.message?.type === "guidance") {
        return { id: item.id, route: item.message.outcome.route };
      }
    }
    return null;
  }

  /** Whether the newest answer is training's: the real assistant is not listening. */
  get training(): boolean {
    const last = this.items.findLast((item) => item.kind === "bot");
    return last?.kind === "bot" && isTraining(last);
  }

  start(): void {
    this.#watch(UNANSWERED);
    this.#set.line.connect();
  }

  remember(open: boolean): void {
    this.#open = open;
    this.#keep();
  }

  forget(): void {
    this.#set.line.disconnect();
    clearTimeout(this.#timer);
    this.#set.memory.forget();
  }

  /** Say something: typed words, or a button's payload shown as its title. */
  send(text: string, shown: string = text): void {
    const id = (this.#set.newId ?? freshId)();
    if (shown) this.items.push({ kind: "mine", id, text: shown });
    this.freshFrom = this.items.length;
    this.#waiting.push({ id, text, shown });
    this.#keep();
    this.#watch(UNANSWERED);
    if (this.refused) void this.#ask();
    else this.#post(id);
    this.#set.changed("said");
  }

  async #ask(): Promise<void> {
    let token: string | undefined;
    try {
      token = await this.#set.token();
    } catch {
      token = undefined; // the server says what is missing
    }
    if (this.#set.line.connected) this.#set.line.emit("session_request", { session_id: this.#session, token });
  }

  #confirm(token: string): void {
    const another = this.#session !== null && this.#session !== token && this.items.length > 0;
    this.#session = token;
    this.connected = this.#confirmed = true;
    this.refused = null;
    if (another) {
      const said = new Set(this.#waiting.map((one) => one.id));
      this.items = this.items.filter((item) => item.kind === "mine" && said.has(item.id));
      this.items.unshift({ kind: "note", id: `note-${token.slice(0, 8)}`, text: this.#set.expired });
      this.freshFrom = this.items.length;
      this.#emitted.clear();
    }
    if (!this.#waiting.length && !this.items.some((item) => item.kind === "bot")) {
      this.#waiting.push({ id: `greet-${freshId()}`, text: "/greet", shown: "" });
    }
    this.#keep();
    for (const { id } of this.#waiting) this.#post(id, true);
    if (this.busy) this.#watch(UNANSWERED);
    else this.#answered();
    this.#set.changed("state");
  }

  #post(id: string, again = false): void {
    const one = this.#waiting.find((waiting) => waiting.id === id);
    if (!one || !this.#confirmed || !this.#set.line.connected) return;
    this.#emitted.add(id);
    this.#set.line.emit("user_uttered", { id, message: one.text, shown: one.shown, again });
  }

  #refuse(sent: Uttered): void {
    const message = sent.custom;
    this.connected = false;
    this.refused = message?.type === "notice" ? message : { type: "notice", id: "refused", text: sent.text ?? "" };
    this.offline = true;
    clearTimeout(this.#timer);
    this.#set.changed("heard");
  }

  #hear(sent: Uttered): void {
    const id = `${sent.turn ?? freshId()}:${sent.n ?? 0}`;
    if (this.items.some((item) => item.id === id)) return;
    const message: Message | null = sent.custom ?? null;
    this.items.push({ kind: "bot", id, text: sent.text ?? "", message, cards: sent.cards ?? [] });
    this.#answered();
    this.#keep();
    this.#set.changed("heard");
  }

  #overhear(said: { turn: string; shown: string }): void {
    if (!said.shown || this.items.some((item) => item.id === said.turn)) return;
    this.items.push({ kind: "mine", id: said.turn, text: said.shown });
    this.freshFrom = this.items.length;
    this.#keep();
    this.#set.changed("said");
  }

  #finish(id: string): void {
    this.#waiting = this.#waiting.filter((one) => one.id !== id);
    this.#keep();
    if (!this.busy) this.#answered();
    this.#set.changed("state");
  }

  #lost(): void {
    this.connected = this.#confirmed = false;
    this.#watch(GRACE);
    this.#set.changed("state");
  }

  #answered(): void {
    if (this.busy) this.#watch(UNANSWERED);
    else clearTimeout(this.#timer);
    this.offline = false;
  }

  /** After so long without an answer, the numbers are shown. */
  #watch(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.offline || (this.connected && !this.busy)) return;
      this.offline = true;
      this.#set.changed("heard");
    }, milliseconds);
  }

  #keep(): void {
    const kept: Kept = { session: this.#session, items: this.items, waiting: this.#waiting, open: this.#open };
    this.#set.memory.write(kept);
  }
}

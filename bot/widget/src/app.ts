// The widget's shell: opens and closes, paints the talk, and keeps the focus where it belongs.
import { render } from "lit/html.js";
import { io } from "socket.io-client";
import { Cards } from "./cardbox";
import { Memory } from "./memory";
import { addSheet } from "./sheet";
import { Talk, type Line } from "./talk";
import { t } from "./texts";
import type { Options } from "./types";
import { shell, type Shell } from "./view";
import css from "./style.css";

const TYPING_AFTER = 500;
const PHONE = "(max-width: 40rem), (max-height: 30rem)";

class App {
  #host: HTMLElement;
  #root: ShadowRoot;
  #set: Options;
  #memory: Memory;
  #talk: Talk;
  #cards: Cards;
  #view: Shell;
  #dialog: HTMLDialogElement | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #wasOffline = false;
  /** Where the focus was when something was said: a button's place moves on with the talk. */
  #fromChoices = false;

  constructor(host: HTMLElement, root: ShadowRoot, set: Options) {
    this.#host = host;
    this.#root = root;
    this.#set = set;
    addSheet(root, css);
    this.#memory = new Memory(set.server);
    const socket = io(set.server, {
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      timeout: 8000,
    });
    this.#talk = new Talk({
      line: socket as unknown as Line,
      memory: this.#memory,
      token: set.token,
      changed: (what) => this.#changed(what),
      expired: t("expired"),
    });
    this.#cards = new Cards((message) => this.#say(message.text, message.shown), () => this.#paint(), set.mode === "page" ? 2 : 3);
    this.#view = {
      talk: this.#talk,
      cards: this.#cards,
      set,
      typing: false,
      problem: "",
      choiceProblem: "",
      status: "",
      useful: null,
      asked: null,
      say: (text, shown) => this.#say(text, shown),
      write: (event) => this.#write(event),
      paint: () => this.#paint(),
      close: () => this.close(),
      exit: () => this.#exit(),
      tell: (status) => this.#tell(status),
      ask: (event, data) => this.#askServer(socket as unknown as Line, event, data),
    };
    if (set.mode === "widget") this.#makeDialog();
    this.#paint();
  }

  #makeDialog(): void {
    this.#dialog = document.createElement("dialog");
    this.#dialog.className = `wac frame ${this.#set.position}`;
    this.#dialog.setAttribute("aria-labelledby", "wac-title");
    this.#dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) { event.preventDefault(); event.stopPropagation(); this.close(); }
    });
    this.#root.append(this.#dialog);
  }

  get #place(): HTMLElement {
    if (this.#dialog) return this.#dialog;
    let place = this.#root.querySelector<HTMLElement>(".wac");
    if (!place) {
      place = document.createElement("div");
      place.className = "wac whole";
      this.#root.append(place);
    }
    return place;
  }

  open(): void {
    if (this.#dialog && !this.#dialog.open) {
      // On a phone it covers the page, so the page behind must not be reached.
      if (matchMedia(PHONE).matches) this.#dialog.showModal();
      else this.#dialog.show();
      this.#launcher?.setAttribute("aria-expanded", "true");
    }
    if (!this.#started) {
      this.#started = true;
      if (this.#set.training && !this.#talk.items.length) {
        this.#talk.send(`start training ${this.#set.training}`);
      }
      this.#talk.start();
    }
    this.#talk.remember(true);
    if (this.#set.mode === "widget") {
      // A pointer that is fine has a keyboard beside it; on a phone none shall cover the talk.
      const first = matchMedia("(pointer: fine)").matches ? "#wac-text" : "#wac-title";
      this.#root.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
    }
    this.#scroll();
  }

  close(): void {
    this.#dialog?.close();
    this.#talk.remember(false);
    this.#launcher?.setAttribute("aria-expanded", "false");
    this.#launcher?.focus();
  }

  get #launcher(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(".launcher");
  }

  #exit(): void {
    this.#talk.forget();
    this.#host.remove();
    window.location.replace(t("exit_to"));
  }

  #tell(status: string): void {
    this.#view.status = "";
    this.#paint();
    this.#view.status = status;
    setTimeout(() => this.#paint(), 50); // emptied first, so that the same words are said again
  }

  #askServer(line: Line, event: string, data: object): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (!this.#talk.connected) { reject(new Error("offline")); return; }
      const timer = setTimeout(() => reject(new Error("late")), 5000);
      line.emit(event, data, (answer: Record<string, unknown>) => { clearTimeout(timer); resolve(answer ?? {}); });
    });
  }

  #say(text: string, shown?: string): void {
    if (this.#talk.busy && this.#fromChoices) return; // a second press of the same button
    const active = this.#root.activeElement;
    this.#fromChoices = Boolean(active && active.id !== "wac-text");
    this.#view.asked = this.#talk.question;
    this.#view.problem = this.#view.choiceProblem = "";
    this.#talk.send(text, shown);
  }

  #write(event: Event): void {
    event.preventDefault();
    const box = this.#root.querySelector<HTMLTextAreaElement>("#wac-text");
    if (!box) return;
    const text = box.value.trim();
    const most = box.maxLength;
    this.#view.problem = text ? (text.length > most ? t("too_long_here", { most }) : "") : t("empty");
    if (this.#view.problem) { this.#paint(); box.focus(); return; }
    box.value = "";
    this.#fromChoices = false;
    box.focus({ preventScroll: true });
    this.#say(text);
    this.#fromChoices = false;
  }

  #changed(what: "said" | "heard" | "state"): void {
    const { talk } = this.#view;
    if (what === "said") {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => { this.#view.typing = talk.busy; this.#paint(); }, TYPING_AFTER);
    }
    if (!talk.busy) { clearTimeout(this.#typing); this.#view.typing = false; }
    if (what === "heard" || !talk.busy) this.#view.asked = null;
    if (what === "heard") this.#view.typing = false;
    if (this.#wasOffline && !talk.offline && talk.connected) this.#tell(t("online"));
    else if (what === "said") this.#view.status = "";
    this.#wasOffline = talk.offline;
    this.#paint();
    if (what === "said" || what === "heard") this.#scroll();
    // The turn is over and the button that was pressed is gone: on to what came.
    if (this.#fromChoices && !talk.busy && what === "state" && this.#started) {
      this.#fromChoices = false;
      this.#focusNewest();
    }
  }

  #focusNewest(): void {
    const next = this.#root.querySelector<HTMLElement>("#wac-choices legend")
      ?? this.#root.querySelector<HTMLElement>("#wac-new > li");
    next?.focus({ preventScroll: true });
  }

  #scroll(): void {
    const area = this.#root.querySelector<HTMLElement>(".scroll");
    const said = [...this.#root.querySelectorAll<HTMLElement>("#wac-old > li.mine-line")].at(-1);
    if (!area) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const inside = getComputedStyle(area).overflowY !== "visible"; // zoomed in far, all scrolls
    if (!said) { if (inside) area.scrollTop = area.scrollHeight; return; }
    if (inside) area.scrollTo({ top: said.offsetTop - 8, behavior });
    else said.scrollIntoView({ block: "start", behavior });
  }

  #paint(): void {
    this.#view.quietly = this.#fromChoices;
    render(shell(this.#view), this.#place);
  }
}

/** Called by the loader once. */
export function mount(host: HTMLElement, root: ShadowRoot, set: Options): App {
  return new App(host, root, set);
}

// The script on a school's page: shows a button, and loads the rest when it is pressed.
import { paint } from "./colour";
import type { Options } from "./types";
import css from "./launcher.css";
import { addSheet } from "./sheet";

declare const APP: string;
declare const NUMBERS: { id: string; name: string; phone: string }[];
declare const TEXTS: Record<"launcher" | "training" | "loading" | "load_failed" | "load_again" | "without" | "close" | "offline_numbers", string>;

type App = { open(): void };
const MARK = "data-worried-about-a-child";

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = "", className = ""): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
}

function options(script: HTMLScriptElement): Options {
  const { server, title, position, colour, color, borough, token, tokenUrl, page, training } = script.dataset;
  return {
    server: new URL(server || script.src, document.baseURI).origin,
    title: title || (training ? TEXTS.training : TEXTS.launcher),
    mode: page ? "page" : "widget",
    position: position === "left" ? "left" : "right",
    colour: colour ?? color ?? null,
    borough: borough ?? null,
    training: training ?? null,
    token: async () => {
      if (!tokenUrl) return token;
      const answer = await fetch(new URL(tokenUrl, document.baseURI), { credentials: "same-origin", cache: "no-store" });
      return answer.ok ? (await answer.text()).trim() : undefined;
    },
  };
}

function failed(root: ShadowRoot, set: Options, again: () => void): HTMLElement {
  const box = make("div", "", "failed");
  box.setAttribute("role", "alert");
  box.append(make("p", `${TEXTS.load_failed} ${TEXTS.offline_numbers}`));
  const list = make("ul");
  for (const { name, phone } of NUMBERS) {
    const item = make("li", `${name}: `);
    const link = make("a", phone);
    link.href = "tel:" + phone.replace(/[^\d+]/g, "");
    item.append(link);
    list.append(item);
  }
  const plain = make("a", TEXTS.without);
  plain.href = `${set.server}/chat`;
  const retry = make("button", TEXTS.load_again);
  retry.type = "button";
  retry.addEventListener("click", again);
  const shut = make("button", TEXTS.close);
  shut.type = "button";
  shut.addEventListener("click", () => {
    box.remove();
    root.querySelector<HTMLButtonElement>(".launcher")?.focus();
  });
  const row = make("p", "", "row");
  row.append(retry, shut, plain);
  box.append(list, row);
  return box;
}

function begin(script: HTMLScriptElement): void {
  if (document.querySelector(`[${MARK}]`)) {
    console.warn("Worried About a Child: this page has the widget already; a second one is not shown.");
    return;
  }
  const set = options(script);
  const host = make("div");
  host.setAttribute(MARK, "");
  host.lang = "en-GB";
  host.style.setProperty("all", "initial", "important"); // not even the site's !important rules get in
  const root = host.attachShadow({ mode: "open" });
  paint(host, set.colour);
  const place = script.dataset.page ? document.getElementById(script.dataset.page) : null;
  let app: Promise<App> | null = null;
  let attempt = 0;

  const load = (): Promise<App> => {
    // A failed import is remembered by its address: another try needs another one.
    const address = `${set.server}/widget/${APP}${attempt++ ? `?try=${attempt}` : ""}`;
    app ??= import(address).then((made: { mount(h: HTMLElement, r: ShadowRoot, o: Options): App }) => made.mount(host, root, set));
    app.catch(() => { app = null; });
    return app;
  };

  // A probe measures, so the host must be in the document by then.
  const add = (): void => addSheet(root, css);
  if (place) {
    // The page that works without scripts stays until the app is there to take over.
    load().then((made) => { place.replaceWith(host); made.open(); }, () => undefined);
    return;
  }
  const launcher = make("button", set.title, `launcher ${set.position}`);
  launcher.type = "button";
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.setAttribute("aria-expanded", "false");
  const open = (): void => {
    root.querySelector(".failed")?.remove();
    if (launcher.getAttribute("aria-busy") === "true") return;
    launcher.setAttribute("aria-busy", "true");
    load()
      .then((made) => made.open())
      .catch(() => { root.append(failed(root, set, open)); root.querySelector<HTMLElement>(".failed button")?.focus(); })
      .finally(() => launcher.removeAttribute("aria-busy"));
  };
  launcher.addEventListener("click", open);
  root.append(launcher);
  document.body.append(host);
  add();
  try {
    const kept = JSON.parse(sessionStorage.getItem(`wac:${set.server}`) ?? "null") as { open?: boolean } | null;
    if (kept?.open) open(); // the talk goes on on the site's next page
  } catch {
    // No storage: the button is enough.
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) begin(script);
  else document.addEventListener("DOMContentLoaded", () => begin(script), { once: true });
}

// The page: connection, what was said, and what is shown when there is no answer.
import { el, render, retire } from "/widget/render.js";

const $ = (id) => document.getElementById(id);
const KEY = "wac-session", TALK = "wac-talk";
const WAIT = 8000, SIGN = 500;
const waiting = new Map();
let session = null, fixed = null, signTimer = null, warned = false;

const store = {
  get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* private mode: the talk just does not survive a reload */ } },
  clear: () => { try { sessionStorage.clear(); } catch { /* nothing was kept */ } },
};
const talk = JSON.parse(store.get(TALK) || "[]");

function keep(entry) {
  talk.push(entry);
  while (talk.length > 120) talk.shift();
  store.set(TALK, JSON.stringify(talk));
}

function toHistory() {
  while ($("latest").firstChild) $("history").append($("latest").firstChild);
}

function show(node, fresh) {
  (fresh ? $("latest") : $("history")).append(node);
  if (fresh) node.scrollIntoView({ block: node.matches(".card") ? "start" : "nearest" });
}

function showBot(message, fresh = true) {
  show(render(message, send), fresh);
}

function showMine(text, fresh = true) {
  const line = el("div", null, "mine");
  line.append(el("span", "You said: ", "quiet"), document.createTextNode(text));
  show(line, fresh);
}

function busy(on) {
  clearTimeout(signTimer);
  if (on) signTimer = setTimeout(() => { $("typing").hidden = false; }, SIGN);
  else $("typing").hidden = true;
}

function offline() {
  busy(false);
  if (warned) return;
  warned = true;
  $("status").textContent = "Not connected. I keep trying, and your message is not lost.";
  const box = el("div", null, "offline");
  box.append(render(fixed || { type: "notice", text: "I cannot answer just now. In danger? Ring 999. Tell your designated safeguarding lead.", contacts: [{ name: "Police and ambulance", phone: "999", hours_text: "Day and night" }], sources: [] }, send));
  show(box, true);
}

function online() {
  warned = false;
  $("status").textContent = "";
}

function post(id) {
  const item = waiting.get(id);
  if (!item || !session || !socket.connected) return;
  socket.emit("user_uttered", { message: item.text, session_id: session, id });
}

function send(text, shown) {
  for (const old of document.querySelectorAll(".question")) retire(old);
  toHistory();
  const id = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
  showMine(shown || text);
  keep({ mine: shown || text });
  waiting.set(id, { text, timer: setTimeout(offline, WAIT) });
  busy(true);
  post(id);
  $("text").focus();
}

const socket = window.io({ path: "/socket.io", transports: ["websocket", "polling"], reconnectionDelayMax: 5000 });
socket.on("connect", () => socket.emit("session_request", { session_id: session || store.get(KEY) }));
socket.on("session_confirm", (id) => {
  session = id;
  store.set(KEY, id);
  online();
  if (!talk.length) {
    waiting.set("hello-" + id.slice(0, 8), { text: "/greet", timer: setTimeout(offline, WAIT) });
  }
  for (const key of waiting.keys()) post(key);
});
socket.on("session_needed", () => socket.emit("session_request", { session_id: session || store.get(KEY) }));
socket.on("bot_uttered", (data) => {
  busy(false);
  online();
  const message = data.custom || { type: "notice", text: data.text || "", contacts: [], sources: [] };
  if (message.type === "question") for (const old of document.querySelectorAll(".question")) retire(old);
  showBot(message);
  keep({ bot: message });
});
socket.on("turn_done", (data) => {
  const item = waiting.get(data && data.id);
  if (item) clearTimeout(item.timer);
  waiting.delete(data && data.id);
  busy(false);
});
socket.on("disconnect", () => { if (waiting.size) offline(); else $("status").textContent = "Not connected. I keep trying."; });
socket.on("connect_error", offline);

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  $("error").hidden = Boolean(text);
  if (!text) { $("error").textContent = "Type a few words first."; return; }
  $("text").value = "";
  send(text);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("form").requestSubmit(); }
});
$("restart").addEventListener("click", () => send("/start_again", "Start again"));
$("exit").addEventListener("click", () => { store.clear(); window.location.replace("https://www.bbc.co.uk/weather"); });

fetch("/fallback.json").then((r) => r.json()).then((m) => { fixed = m; }).catch(() => { /* the built-in words stay */ });
for (const entry of talk) {
  if (entry.mine !== undefined) showMine(entry.mine, false);
  else showBot(entry.bot, false);
}
const last = [...document.querySelectorAll(".question")];
for (const old of last.slice(0, -1)) retire(old);

// Live updates, countdown and print. Every page works without this file: forms post and reload.
"use strict";

const view = document.getElementById("view");
const live = document.getElementById("live");
const controls = document.getElementById("controls");
const stream = document.querySelector("[data-events]");

// The server renders and escapes all of it; nothing typed by anybody is put in here as HTML.
function show(data) {
  if (data.live !== undefined && live) {
    if (data.live_html) {
      live.innerHTML = data.live;
    } else {
      live.textContent = data.live;
    }
  }
  if (data.view !== undefined && view && data.key !== view.dataset.key) {
    view.innerHTML = data.view;
    view.dataset.key = data.key;
    if (!controls) {
      const head = document.getElementById("head");
      if (head) head.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }
  if (data.controls !== undefined && controls && data.key !== controls.dataset.key) {
    const within = controls.contains(document.activeElement);
    controls.innerHTML = data.controls;
    controls.dataset.key = data.key;
    const first = controls.querySelector("button, a");
    if (within && first) first.focus();
  }
  tick();
}

if (stream && window.EventSource) {
  const source = new EventSource(stream.dataset.events);
  source.addEventListener("state", (event) => show(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    document.body.classList.toggle("offline", source.readyState !== EventSource.OPEN);
  });
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-Fragment": "1" },
  });
  return answer.json();
}

function complain(place, text) {
  place.querySelectorAll(".error").forEach((old) => old.remove());
  const line = document.createElement("p");
  line.className = "error";
  line.setAttribute("role", "alert");
  line.textContent = text;
  place.prepend(line);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const place = form.closest("#controls") || form.closest("#view");
  if (!stream || !place || form.method !== "post") return;
  event.preventDefault();
  send(form)
    .then((data) => {
      if (data.error) complain(place, data.error);
      else if (data.view !== undefined && view) {
        view.innerHTML = data.view;
        view.dataset.key = data.key;
        const kept = view.querySelector(".kept");
        if (kept) {
          kept.tabIndex = -1;
          kept.focus();
        }
      }
    })
    .catch(() => complain(place, "That was not sent. Check the connection, then try again."));
});

function tick() {
  document.querySelectorAll("[data-left]").forEach((clock) => {
    clock.dataset.until = String(Date.now() + 1000 * Number(clock.dataset.left));
  });
}
tick();
setInterval(() => {
  document.querySelectorAll("[data-until]").forEach((clock) => {
    const seconds = Math.max(0, Math.round((Number(clock.dataset.until) - Date.now()) / 1000));
    clock.querySelector("span").textContent = String(seconds);
  });
}, 500);

document.querySelectorAll("[data-print]").forEach((button) => {
  button.addEventListener("click", () => window.print());
});
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.because").forEach((one) => {
    one.open = true;
  });
});
document.querySelectorAll("[data-into]").forEach((field) => {
  field.addEventListener("input", () => {
    document.getElementById(field.dataset.into).textContent = field.value;
  });
});
if (document.querySelector(".inner")) {
  const last = document.querySelector(".bot:last-of-type");
  if (last) last.scrollIntoView();
}
const reload = document.querySelector("[data-reload]");
if (reload && window.EventSource) {
  new EventSource(reload.dataset.reload).addEventListener("reload", () => window.location.reload());
}

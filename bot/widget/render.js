// Message JSON (bot/message.schema.json) to DOM nodes.  Text goes in as text, never as HTML.

export function el(tag, text, cls) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = text;
  if (cls) node.className = cls;
  return node;
}

const SAFE = /^(https?:|tel:|mailto:)/;
function link(href, text, cls) {
  const node = el("a", text, cls);
  if (SAFE.test(href)) node.href = href;
  if (/^http/.test(href)) node.rel = "noopener noreferrer";
  return node;
}

const unsure = (item) => (item.status === "unverified" ? " (not confirmed)" : "");

function contact(c) {
  const box = el("div", null, "contact");
  box.append(el("strong", c.name + unsure(c)));
  if (c.phone) {
    const line = el("p");
    line.append(link("tel:" + c.phone.replace(/[^\d+]/g, ""), c.phone, "phone"));
    box.append(line);
  }
  if (c.email) { const line = el("p"); line.append(link("mailto:" + c.email, c.email)); box.append(line); }
  if (c.web) { const line = el("p"); line.append(link(c.web, c.web)); box.append(line); }
  const open = c.open_now === true ? " Open now." : c.open_now === false ? " Closed now." : "";
  box.append(el("p", c.hours_text + "." + open, "quiet"));
  if (c.note) box.append(el("p", c.note, "quiet"));
  return box;
}

function contacts(list) {
  const box = el("div");
  for (const c of list || []) box.append(contact(c));
  return box;
}

function sources(message) {
  const box = el("details");
  box.append(el("summary", "Where this comes from"));
  const list = el("ul");
  for (const s of message.sources || []) {
    const item = el("li");
    item.append(s.address ? link(s.address, s.title) : el("span", s.title));
    item.append(document.createTextNode(`, ${s.publisher}, ${s.date}; read ${s.accessed}`));
    list.append(item);
  }
  box.append(list, el("p", "Content version " + message.content_version, "quiet"));
  return box;
}

const DEADLINE = {
  immediately: ["immediate", "Now"], same_day: ["urgent", "Today"],
  one_working_day: ["urgent", "Within 1 working day"],
  forty_eight_hours_in_writing: ["urgent", "In writing within 48 hours"], none: ["routine", "Routine"],
};

function section(card, title, items, ordered) {
  if (!items || !items.length) return;
  card.append(el("h3", title));
  const list = el(ordered ? "ol" : "ul");
  for (const item of items) list.append(el("li", (item.text || item) + unsure(item)));
  card.append(list);
}

function doNow(card, message) {
  if (!message.do_now.length) return;
  const phones = Object.fromEntries(message.contacts.map((c) => [c.id, c]));
  card.append(el("h3", "Do now, in this order"));
  const list = el("ol");
  for (const step of message.do_now) {
    const item = el("li", step.text + unsure(step));
    const who = phones[step.contact_id];
    if (who && who.phone) {
      item.append(" ", link("tel:" + who.phone.replace(/[^\d+]/g, ""), who.phone));
    }
    list.append(item);
  }
  card.append(list);
}

function guidance(message) {
  const [look, when] = DEADLINE[message.outcome.deadline] || DEADLINE.none;
  const card = el("article", null, "card " + look);
  card.append(el("h2", message.title), el("span", when, "tag"));
  const level = message.level_name;
  if (level) card.append(el("p", `${level.own} (${level.common}). ${level.means}`));
  doNow(card, message);
  section(card, "Do not", message.do_not);
  section(card, "Write down", message.record);
  section(card, "Why", message.why);
  section(card, "Rules that apply", message.duties);
  section(card, "What happens next", message.next);
  section(card, "Please note", message.notes);
  if (message.contacts.length) card.append(el("h3", "Contacts"), contacts(message.contacts));
  card.append(sources(message));
  return card;
}

function resources(message) {
  const card = el("article", null, "card");
  card.append(el("h2", message.text));
  const list = el("ul");
  for (const hit of message.hits) {
    const item = el("li");
    item.append(hit.address ? link(hit.address, hit.title) : el("strong", hit.title));
    item.append(el("p", hit.purpose + unsure(hit)), el("p", `${hit.publisher}, ${hit.date}. For: ${hit.audience}`, "quiet"));
    list.append(item);
  }
  card.append(list, sources(message));
  return card;
}

function notice(message) {
  const box = el("div", null, "bot");
  box.append(el("p", message.text));
  if (message.contacts && message.contacts.length) box.append(contacts(message.contacts));
  if (message.sources && message.sources.length && message.contacts.length) box.append(sources(message));
  return box;
}

function single(message, send) {
  const group = el("div", null, "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", message.text);
  for (const option of message.options) {
    const button = el("button", option.title);
    button.type = "button";
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") send(option.payload, option.title);
    });
    group.append(button);
  }
  return group;
}

function several(message, send) {
  const group = el("fieldset", null, "choices");
  group.append(el("legend", message.text));
  const boxes = message.options.map((option) => {
    const label = el("label", null, option.suggested ? "likely" : "");
    const box = el("input");
    box.type = "checkbox";
    box.value = option.value;
    label.append(box, el("span", option.title));
    group.append(label);
    return box;
  });
  const alone = new Set(["none", "unsure"]);
  group.addEventListener("change", (event) => {
    if (!event.target.checked) return;
    for (const box of boxes) {
      if (box !== event.target && (alone.has(event.target.value) || alone.has(box.value))) box.checked = false;
    }
  });
  const button = el("button", "Send my choice", "send");
  button.type = "button";
  const problem = el("p", "", "error");
  problem.setAttribute("role", "alert");
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    const chosen = boxes.filter((box) => box.checked);
    if (!chosen.length) { problem.textContent = "Choose one or more, or say that you are not sure."; return; }
    const titles = message.options.filter((o) => chosen.some((b) => b.value === o.value)).map((o) => o.title);
    send("/answer" + JSON.stringify({ [message.id]: chosen.map((b) => b.value) }), titles.join("; "));
  });
  group.append(problem, button);
  return group;
}

function question(message, send) {
  const box = el("div", null, "bot question");
  if (message.multiple) {
    box.append(several(message, send));
  } else {
    box.append(el("p", message.text));
    if (message.options.length) box.append(single(message, send));
  }
  return box;
}

export function render(message, send) {
  if (message.type === "guidance") return guidance(message);
  if (message.type === "resources") return resources(message);
  if (message.type === "question") return question(message, send);
  return notice(message);
}

// Old questions stay readable, but can no longer be answered.
export function retire(node) {
  for (const button of node.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  for (const box of node.querySelectorAll("input")) box.setAttribute("aria-disabled", "true");
}

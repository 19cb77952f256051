"""The widget beside Microsoft's Web Chat and deep-chat, on the same page and machine.

`make bench-widget`: each is loaded when a button is pressed and talks with the same running
assistant (ours over Socket.IO, theirs over its REST address).  Writes docs/widget-benchmarks.md.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bot.runtime.supervisor import free_port
from bot.widget_build import OUT, built_widget
from scripts.screenshots import FLAGS, served

DOCS = Path(__file__).resolve().parent.parent / "docs" / "widget-benchmarks.md"
RUNS = int(os.environ.get("BENCH_RUNS", 7))
PORT = int(os.environ.get("BENCH_PORT", 0)) or free_port()
WORDS = "a girl says her mum hits her with a shoe"
OTHERS = {"botframework-webchat": "4.18.1", "deep-chat": "2.4.2"}
# A phone on a middling mobile line; the other measurement is over loopback.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}

_PAGE = """<!doctype html><html lang="en"><title>{name}</title>
<body><button id="open">Open</button><div id="place" style="height:500px;width:420px"></div>
<script>
const texts = (root) => [...root.querySelectorAll('*')].map(n =>
  (n.shadowRoot ? texts(n.shadowRoot) : '')).join('') + (root.innerText ?? root.textContent);
const inputs = (root) => [...root.querySelectorAll('*')].flatMap(n => [
  ...(n.matches('textarea, input[type=text], [contenteditable=true]') ? [n] : []),
  ...(n.shadowRoot ? inputs(n.shadowRoot) : [])]);
window.marks = {{}};
const until = (mark, from, test) => {{
  const look = () => test()
    ? (marks[mark] = performance.now() - from) : requestAnimationFrame(look);
  look();
}};
document.addEventListener('click', (event) => {{
  const pressed = event.composedPath();
  if (!pressed.some(n => n.id === 'open' || n.classList?.contains('launcher'))) return;
  const from = performance.now();
  until('usable', from, () => inputs(document).some(n => n.getClientRects().length));
}}, true);
document.addEventListener('keydown', (event) => {{
  if (event.key !== 'Enter' || marks.sent) return;
  marks.sent = performance.now();
  until('reply', marks.sent, () => texts(document.body).includes('Is everybody safe'));
}}, true);
const sender = 'bench-' + Math.random().toString(36).slice(2);
const ask = async (message) => (await (await fetch('/webhooks/rest/webhook', {{
  method: 'POST', headers: {{'Content-Type': 'application/json'}},
  body: JSON.stringify({{sender, message}})}})).json()).map(m => m.text);
const script = (src, type = '') => new Promise((done, failed) => {{
  const made = document.createElement('script');
  Object.assign(made, {{src, type, onload: done, onerror: failed}});
  document.head.append(made);
}});
{start}
</script></body></html>"""

_WEBCHAT = """
const observable = (begin) => ({
  subscribe(a, error, complete) {
    begin(typeof a === 'function' ? {next: a, error, complete} : a);
    return {unsubscribe() {}};
  },
  [Symbol.observable ?? '@@observable']() { return this; },
});
open.onclick = async () => {
  await script('/webchat.js');
  const hearers = [];
  let count = 0;
  const tell = (activity) => hearers.forEach(o => o.next({
    id: String(++count), timestamp: new Date().toISOString(), channelData: {}, ...activity}));
  const directLine = {
    activity$: observable(o => { hearers.push(o); }),
    connectionStatus$: observable(o => { o.next(0); o.next(1); o.next(2); }),
    postActivity: (activity) => observable(o => {
      const id = String(++count);
      o.next(id); o.complete?.();
      if (activity.type !== 'message') return;
      tell({...activity, id});
      ask(activity.text).then(all => all.forEach(text =>
        tell({type: 'message', from: {id: 'bot', role: 'bot'}, text})));
    }),
    end() {},
  };
  window.WebChat.renderWebChat({directLine, userID: 'user', locale: 'en-GB'}, place);
};"""

_DEEP_CHAT = """
open.onclick = async () => {
  await script('/deepchat.js', 'module');
  const made = document.createElement('deep-chat');
  made.connect = {handler: async (body, signals) => {
    for (const text of await ask(body.messages.at(-1).text)) await signals.onResponse({text});
  }};
  place.append(made);
};"""


def install(folder: Path) -> dict[str, Path]:
    """The others, from the npm registry, into a folder that is thrown away."""
    (folder / "package.json").write_text('{"private": true}')
    names = [f"{name}@{version}" for name, version in OTHERS.items()]
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *names]
    subprocess.run(command, cwd=folder, check=True, timeout=600)
    modules = folder / "node_modules"
    return {
        "/webchat.js": modules / "botframework-webchat" / "dist" / "webchat.js",
        "/deepchat.js": modules / "deep-chat" / "dist" / "deepChat.bundle.js",
    }


@contextlib.contextmanager
def site(address: str, files: dict[str, Path]) -> Iterator[str]:
    """A page each, the others' files packed as ours are, and the assistant behind them."""
    start = (
        "const open = document.getElementById('open'), place = document.getElementById('place');"
    )
    pages = {
        "/webchat": _PAGE.format(name="webchat", start=start + _WEBCHAT),
        "/deep-chat": _PAGE.format(name="deep-chat", start=start + _DEEP_CHAT),
        "/ours": _PAGE.format(name="ours", start="")
        + f'<script src="{address}/widget/loader.js" defer></script>',
    }
    packed = {path: gzip.compress(file.read_bytes(), 9) for path, file in files.items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _send(self, body: bytes, kind: str, **headers: str) -> None:
            self.send_response(200)
            given = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
            for name, value in given.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if self.path in pages:
                self._send(pages[self.path].encode(), "text/html; charset=utf-8")
            elif self.path in packed:
                self._send(packed[self.path], "text/javascript", Content_Encoding="gzip")
            else:
                self._send(b"", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = urllib.request.Request(  # noqa: S310 - loopback
                address + self.path, body, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback
                self._send(answer.read(), "application/json")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.shutdown()


def measure(browser: Browser, address: str, *, slow: bool) -> dict[str, float]:
    """Milliseconds from click to usable and from sending to the first reply shown."""
    context = browser.new_context(viewport={"width": 900, "height": 700})
    page = context.new_page()
    page.goto(address)
    if slow:
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINE)
    page.wait_for_timeout(300)
    page.locator(".launcher, #open").last.click()
    page.wait_for_function("window.marks.usable", timeout=120_000)
    page.wait_for_timeout(1500)  # greetings and welcome cards come to rest
    box = page.locator("textarea, input[type=text], [contenteditable=true]").first
    box.click()
    page.keyboard.type(WORDS)
    page.keyboard.press("Enter")
    page.wait_for_function("window.marks.reply", timeout=60_000)
    found: dict[str, float] = page.evaluate("window.marks")
    context.close()
    return found


def _middle(runs: list[dict[str, float]], key: str) -> int:
    return round(statistics.median(run[key] for run in runs))


def main() -> None:
    """Measures, and writes the table; at an address given, of a server that lists our port."""
    os.environ["BOT_ORIGINS"] = f"http://127.0.0.1:{PORT}"
    with tempfile.TemporaryDirectory() as temp:
        files = install(Path(temp))
        _measure_all(files)


def _measure_all(files: dict[str, Path]) -> None:
    given = sys.argv[1:2]
    with contextlib.nullcontext(given[0]) if given else served() as address:
        ours = built_widget()
        sizes = {
            "ours": sum((OUT / f"{n}.gz").stat().st_size for n in ours.files if n.endswith("js")),
            "webchat": len(gzip.compress(files["/webchat.js"].read_bytes(), 9)),
            "deep-chat": len(gzip.compress(files["/deepchat.js"].read_bytes(), 9)),
        }
        found: dict[str, dict[str, list[dict[str, float]]]] = {}
        with site(address, files) as host, sync_playwright() as started:
            browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for _ in range(RUNS):
                for name in sizes:  # in turn, so that the machine's load falls on all
                    for line in ("loopback", "mobile"):
                        run = measure(browser, f"{host}/{name}", slow=line == "mobile")
                        found.setdefault(name, {}).setdefault(line, []).append(run)
            browser.close()
    DOCS.write_text(report(sizes, found, (OUT / "loader.js.gz").stat().st_size), encoding="utf-8")
    print(DOCS.read_text(encoding="utf-8"))


def report(
    sizes: dict[str, int], found: dict[str, dict[str, list[dict[str, float]]]], loader: int
) -> str:
    """The page of docs."""
    load = os.getloadavg()[1]
    names = {
        "ours": "This widget",
        "webchat": f"Microsoft Web Chat {OTHERS['botframework-webchat']}",
        "deep-chat": f"deep-chat {OTHERS['deep-chat']}",
    }
    rows = [
        f"| {names[n]} | {sizes[n] / 1000:.1f} | {_middle(found[n]['loopback'], 'usable')} "
        f"| {_middle(found[n]['mobile'], 'usable')} | {_middle(found[n]['loopback'], 'reply')} |"
        for n in sizes
    ]
    return "\n".join(
        [
            "# The widget beside others",
            "",
            f"Written by `make bench-widget`: medians of {RUNS} runs in turn on one machine, "
            "headless Chromium, cold cache, the same assistant behind all three. Scripts are "
            'served packed (gzip -9). "Usable" is a text box on show; "mobile" is a line of '
            "1.6 Mbit/s with 150 ms. Web Chat and deep-chat get plain text; the widget also draws "
            f"the question's buttons. Load of the machine (2 cores) at the end: {load:.1f}.",
            "",
            "| | script, kB gz | click to usable, ms | the same, mobile | sending to reply, ms |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Before the first click this widget has loaded {loader / 1000:.1f} kB; the others, "
            "as measured here, nothing.",
            "",
        ]
    )


if __name__ == "__main__":
    main()

"""Answers on Rasa's own socket while Rasa cannot: 999 and the front doors, at once.

The supervisor owns the listening socket and hands it to Rasa, so that it stays open when
Rasa falls; connections made meanwhile are taken here and none is refused.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import threading
import time
from collections.abc import Callable

from bot.runtime.static_fallback import fallback_html, fallback_messages

MOST_BYTES = 200_000
READ_SECONDS = 0.5


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that children inherit.

    Raises:
        OSError: the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    made.listen(512)
    made.set_inheritable(True)
    return made


def answer_to(head: bytes) -> bytes:
    """The whole HTTP answer to a request with this beginning."""
    words = head.split(b"\r\n", 1)[0].split(b" ")
    method, path = (words[0], words[1]) if len(words) > 1 else (b"", b"/")
    if path == b"/health/live":
        status, kind, body = "200 OK", "application/json", b'{"status": "standby"}'
    elif path.startswith(b"/health"):
        status, kind, body = "503 Service Unavailable", "application/json", b'{"status": "standby"}'
    elif path.startswith(b"/socket.io"):
        status, kind, body = "503 Service Unavailable", "text/plain", b"standby"
    elif path == b"/fallback.json":
        status, kind = "200 OK", "application/json"
        body = json.dumps(fallback_messages()[0]["custom"]).encode()
    elif method == b"POST":
        status, kind = "200 OK", "application/json"
        body = json.dumps(fallback_messages()).encode()
    else:
        status, kind = "503 Service Unavailable", "text/html; charset=utf-8"
        body = fallback_html().encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "X-Fallback: 1",
        "Retry-After: 5",
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (b"" if method == b"HEAD" else body)


def _read_request(client: socket.socket) -> bytes:
    """The request, its body read away, so that closing does not reset the connection."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) < MOST_BYTES:
        part = client.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            with contextlib.suppress(ValueError):
                length = min(int(line.split(b":")[1]), MOST_BYTES)
    got = len(body)
    while got < length:
        part = client.recv(65536)
        if not part:
            break
        got += len(part)
    return head


def _serve(client: socket.socket) -> None:
    with client, contextlib.suppress(OSError):
        client.settimeout(READ_SECONDS)
        head = _read_request(client)
        if head:
            client.sendall(answer_to(head))
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_WR)


class Standby:
    """Accepts on a shared socket as long as `needed` says so."""

    def __init__(self, shared: socket.socket, needed: Callable[[], bool]) -> None:
        self._socket = shared
        self._needed = needed
        self._stopping = False
        self.served = 0
        self._thread = threading.Thread(target=self._run, name="standby", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping = True

    def _run(self) -> None:
        self._socket.setblocking(False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            while not self._stopping:
                if not self._needed():
                    time.sleep(0.1)
                    continue
                if selector.select(0.1) and self._needed():
                    self._take()

    def _take(self) -> None:
        try:
            client, _ = self._socket.accept()
        except (BlockingIOError, OSError):
            return
        self.served += 1
        threading.Thread(target=_serve, args=(client,), daemon=True).start()

"""Addresses in the content: their form, duplicates, and whether they answer.

The form is checked without a network. The live check asks each address once (HEAD, then
GET where HEAD is refused); where no address can be reached at all it says that there is no
network, and judges none of them.
"""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from knowledge.errors import Problem

if TYPE_CHECKING:
    from knowledge.content import Content

_FIELDS = ("address", "web")
_AGENT = "worried-about-a-child-link-check"


@dataclass(frozen=True)
class Link:
    """An address and the entry that shows it."""

    kind: str
    id: str
    address: str
    file: str
    line: int


@dataclass(frozen=True)
class Answered:
    """What came of asking one address: `ok`, `moved`, `broken` or `unreachable`."""

    address: str
    state: str
    detail: str


def links_of(content: Content) -> list[Link]:
    """Every address that an entry shows, in the order written."""
    found = []
    for kind, entries in content.kinds.items():
        for key, entry in entries.items():
            for field in _FIELDS:
                if address := getattr(entry, field, None):
                    file, line = content.where.get((kind, key), ("content", 1))
                    found.append(Link(kind, key, str(address), file, line))
    return found


def fault_of(address: str) -> str | None:
    """What is wrong with the form of an address, or None."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        return str(error)
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"}:
        return "it does not begin with https://"
    if "." not in host or host.startswith(".") or host.endswith(".") or ".." in host:
        return f"`{host}` is no host name"
    if parts.username or parts.password:
        return "it holds a user name or password"
    if port not in {None, 80, 443}:
        return f"it names port {port}"
    if any(c.isspace() or ord(c) < 33 or ord(c) > 126 for c in address):
        return "it holds a blank or a sign that an address cannot have"
    return None


def plain(address: str) -> str:
    """An address without what makes no difference: scheme, `www.`, last slash, fragment."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}".lower()


def check_addresses(content: Content) -> Iterator[Problem]:
    """K013: addresses that no browser could open."""
    for link in links_of(content):
        if fault := fault_of(link.address):
            text = f"address `{link.address}`: {fault}"
            mend = "copy it from the browser's address bar"
            yield Problem("K013", link.file, link.line, link.id, text, mend)


def not_https(links: Iterable[Link]) -> list[Link]:
    """Links that are not encrypted."""
    return [link for link in links if urlsplit(link.address).scheme != "https"]


def duplicates(links: Iterable[Link]) -> dict[str, list[Link]]:
    """Addresses that several entries of one kind show, by the plain address."""
    by: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        by.setdefault((link.kind, plain(link.address)), []).append(link)
    return {f"{kind} {at}": found for (kind, at), found in by.items() if len(found) > 1}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A moved page is told as such, not followed."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""


def _ask_once(address: str, method: str, seconds: float) -> Answered:
    opener = urllib.request.build_opener(_NoRedirect)
    headers = {"User-Agent": _AGENT}
    # The form was checked when the content was loaded: http or https only.
    request = urllib.request.Request(address, method=method, headers=headers)  # noqa: S310
    try:
        with opener.open(request, timeout=seconds) as answer:
            return Answered(address, "ok", str(answer.status))
    except urllib.error.HTTPError as error:
        if 300 <= error.code < 400:
            return Answered(address, "moved", f"{error.code} to {error.headers.get('Location')}")
        return Answered(address, "broken", str(error.code))
    except (urllib.error.URLError, TimeoutError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        kind = "no such host" if isinstance(reason, socket.gaierror) else str(reason)
        return Answered(address, "unreachable", kind or type(reason).__name__)


def ask(address: str, seconds: float = 10.0) -> Answered:
    """Ask one address; a server that refuses HEAD is asked with GET."""
    answer = _ask_once(address, "HEAD", seconds)
    if answer.state == "broken" and answer.detail in {"400", "403", "404", "405", "501"}:
        return _ask_once(address, "GET", seconds)
    return answer


def ask_all(addresses: Iterable[str], seconds: float = 10.0) -> list[Answered] | None:
    """Ask every address, eight at a time; None where no network is there.

    "No network" is when not one of them could be reached: what is unreachable then says
    nothing about the address.
    """
    wanted = sorted(set(addresses))
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda address: ask(address, seconds), wanted))
    if answers and all(a.state == "unreachable" for a in answers):
        return None
    return answers

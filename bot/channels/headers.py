"""Headers that every answer carries, whatever made it."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse

# A stricter or wider policy that a page sets itself stays.
SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


async def secure_headers(_: Request, answer: HTTPResponse | None) -> None:
    """Add what is missing, and say nothing of the server's make."""
    if answer is None:
        return
    for name, value in SECURE.items():
        answer.headers.setdefault(name, value)
    answer.headers.pop("Server", None)
    if "Access-Control-Allow-Origin" not in answer.headers:  # Rasa's CORS says half of it always
        answer.headers.pop("Access-Control-Allow-Credentials", None)
        answer.headers.pop("Access-Control-Expose-Headers", None)

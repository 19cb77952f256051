"""Web addresses that could be somebody's page; those of authorities and of content stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.finding import Finding, Kind
from bot.privacy.public import public

_LINK = re.compile(
    r"(?<![\w@.])(?:https?://|www\.)([\w.-]{1,200})(?:[/?#:]\S{0,1000})?|"
    r"(?<![\w@.-])((?:[\w-]{1,60}\.){1,3}(?:com|tv|me|gg|ly|net))/\S{1,500}",
    re.IGNORECASE,
)


# Content names some of these; a page on them is somebody's all the same.
_PEOPLES = (
    "instagram.com", "tiktok.com", "facebook.com", "youtube.com", "youtu.be", "twitter.com", "x.com", "snapchat.com", "discord.com",
    "discord.gg", "google.com", "onlyfans.com", "linkedin.com", "sharepoint.com", "dropbox.com", "reddit.com", "twitch.tv", "roblox.com",
)  # fmt: skip


class LinkRecogniser:
    """Profiles, posts, files: anything but a public site."""

    def find(self, text: str) -> Iterator[Finding]:
        """See `Recogniser`."""
        if "." not in text:
            return
        for match in _LINK.finditer(text):
            host = match.group(1) or match.group(2)
            peoples = f".{host.lower()}".endswith(tuple(f".{h}" for h in _PEOPLES))
            if peoples or not public().knows_host(host.rstrip(".")):
                end = match.end() - (match.group()[-1] in ".,;!")
                yield Finding.of(Kind.link, match.start(), end)

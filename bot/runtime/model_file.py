"""Whether a model file is as it was made: a seal beside it holds its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def seal_of(path: Path) -> Path:
    """Where the hash of a model lies."""
    return path.with_name(path.name + ".sha256")


def seal(path: Path) -> None:
    """Write the hash of a finished model."""
    part = seal_of(path).with_suffix(".part")
    part.write_text(digest_of(path) + "\n", encoding="ascii")
    part.replace(seal_of(path))


def intact(path: Path) -> bool:
    """Whether the model is there, sealed, and not one byte other than when sealed."""
    try:
        return seal_of(path).read_text(encoding="ascii").strip() == digest_of(path)
    except (OSError, UnicodeDecodeError):
        return False

"""Finds a version of the content: in the store, in git, or in a folder."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.paths import ROOT
from knowledge.content import read_dump
from knowledge.errors import KnowledgeError, StoreError
from knowledge.store import Store

Dump = dict[str, dict[str, Any]]
INSIDE = "knowledge/content"


class VersionError(KnowledgeError):
    """K015: what was named is no version, no revision and no folder."""


@dataclass(frozen=True)
class Version:
    """A version found: what it was named, where it lay, its entries, and faults in words."""

    name: str
    found_in: str
    dump: Dump
    faults: tuple[str, ...] = ()


def _of_folder(name: str, folder: Path, found_in: str) -> Version:
    dump, problems = read_dump(folder)
    if not any(dump.values()):
        raise VersionError(f"K015: no content in {name}. Mend: name a folder of content files")
    return Version(name, found_in, dump, tuple(str(p) for p in problems))


def _git(*words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _of_git(name: str) -> Version | None:
    if name.startswith("-"):
        return None
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if not found:
        return None
    revision = found.decode().strip()
    packed = _git("archive", "--format=tar", revision, INSIDE)
    if packed is None:
        raise VersionError(f"K015: revision {name} holds no {INSIDE}. Mend: name a later one")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            members = [m for m in archive if m.isfile() and m.name.startswith(INSIDE)]
            archive.extractall(folder, members)  # noqa: S202 - made by git from our own tree
        return _of_folder(name, Path(folder) / INSIDE, f"git {revision[:10]}")


def find_version(name: str, store: Store | None = None) -> Version:
    """The version that a name means: a folder, a version in the store, or a git revision.

    Raises:
        VersionError: none of these.
    """
    folder = Path(name)
    if folder.is_dir():
        return _of_folder(name, folder, "folder")
    if store is not None:
        try:
            version = store.history.resolve(name)
            return Version(version, "store", store.history.dump(version))
        except StoreError:
            pass
    if (found := _of_git(name)) is not None:
        return found
    raise VersionError(
        f"K015: `{name}` is no folder, no version in the store and no git revision. "
        "Mend: see `bot knowledge versions` and `git log`"
    )

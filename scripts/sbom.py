"""What runs, as a CycloneDX 1.5 list made from the lock file: `python -m scripts.sbom FILE`."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "runtime.txt"
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)(.*)$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
LONGEST_LICENCE = 60


def pins(text: str) -> list[tuple[str, str, list[str]]]:
    """Name, version and hashes of each pin of a lock file."""
    joined = text.replace("\\\n", " ")
    found = []
    for line in joined.splitlines():
        if match := _PIN.match(line.strip()):
            found.append((match[1], match[2], sorted(_HASH.findall(match[3]))))
    return found


def licence_of(name: str) -> str | None:
    """The licence that the installed package states, where it is a short one."""
    try:
        about: Any = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    stated = about.get("License-Expression") or about.get("License") or ""
    if stated and len(stated) <= LONGEST_LICENCE and "\n" not in stated:
        return str(stated)
    names = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if "License ::" in c]
    return names[0] if names else None


def component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    """One package.  A release has several files, so that only one hash says which."""
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
    }
    if len(hashes) == 1:
        made["hashes"] = [{"alg": "SHA-256", "content": hashes[0]}]
    if licence := licence_of(name):
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def sbom(text: str) -> dict[str, Any]:
    """The whole list; the same lock file gives the same list."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "worried-about-a-child",
                "name": "worried-about-a-child",
                "version": "0.1.0",
            },
            "properties": [{"name": "lock:sha256", "value": digest}],
        },
        "components": [component(*pin) for pin in pins(text)],
    }


def main() -> None:
    """Write the list."""
    place = Path(sys.argv[1])
    place.parent.mkdir(parents=True, exist_ok=True)
    made = sbom(LOCK.read_text(encoding="utf-8"))
    place.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{place}: {len(made['components'])} packages")


if __name__ == "__main__":
    main()

"""The report as JUnit XML, as build servers read it: one case a vignette."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

# Characters that XML 1.0 does not allow, however written.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _plain(text: object) -> str:
    return _NOT_XML.sub("\ufffd", str(text))


def write_junit(report: dict[str, Any], path: Path) -> None:
    """Write the report's results; a hazardous run is a failure of its own type."""
    suite = ElementTree.Element(
        "testsuite",
        name="bot evaluate",
        tests=str(len(report["results"])),
        failures=str(report["failed"]),
        errors="0",
        skipped="0",
    )
    for row in report["results"]:
        case = ElementTree.SubElement(
            suite, "testcase", classname="vignettes", name=_plain(row["id"])
        )
        if not row["passed"]:
            failure = ElementTree.SubElement(
                case,
                "failure",
                type="hazardous under-triage" if row["hazardous"] else "unexpected outcome",
                message=_plain("; ".join(row["reasons"])),
            )
            failure.text = _plain(f"outcome: {row['outcome']}\nquestions: {row['questions']}")
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)

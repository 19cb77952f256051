"""Every report of docs/evaluation in one run: `make evaluation`.

Writes vignettes.html and vignettes.json (with typing noise), red_flags.md, signs.md, noise.md,
README.md (what was to be reached, and whether it is), and, by `scripts.compare`,
peers.md (without DIET) and peers-every-5.md.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import bot  # noqa: F401 - sets the environment
from bot.paths import ROOT

DOCS = ROOT / "docs" / "evaluation"
BANKS = ROOT / "tests" / "messages" / "red_flags"
SIGNS = ROOT / "tests" / "messages" / "signs"
WRITTEN = ("", "_known", "_hard")  # how the banks' texts were written: see red_flags.md.j2
MOST_SHOWN = 40  # wrong ones of a kind
PARTS = ("vignettes", "red_flags", "signs", "peers")
# What staff answer to a message of the bank of signs, and the routes that are right for a level.
ANSWERS = {
    "topic": "child", "safe_now": "yes", "child_borough": "hackney", "indicators": "suggested",
    "consent": "yes", "child_age": "unsure", "more": "no",
}  # fmt: skip
ROUTES = {1: "universal", 2: "early_help", 3: "child_in_need", 4: ["child_protection", "emergency"]}
# What issue 4 asks for.
LOST, ALARMS, BOUND = 3.0, 0.03, 0.01


def written(template: str, path: Path, **values: Any) -> None:
    """Fill a Markdown template of this folder."""
    environment = Environment(  # noqa: S701 - Markdown, of our own words and numbers
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    path.write_text(environment.get_template(template).render(**values), encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}", flush=True)


def vignettes(workers: int) -> None:
    """Play the whole bank, plain and under every noise."""
    from bot.evaluate.command import played
    from bot.evaluate.noise import KINDS
    from bot.evaluate.report_html import write_html
    from bot.evaluate.vignettes import read_vignettes

    report = played(read_vignettes([ROOT / "tests" / "vignettes"]), list(KINDS), workers)
    path = DOCS / "vignettes.json"
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    write_html(report, DOCS / "vignettes.html")
    written("noise.md.j2", DOCS / "noise.md", rows=report["noise"], most=LOST)


def red_flags() -> None:
    """Send every emergency and every look-alike as a first message."""
    from bot.evaluate.messages import read_bank, tally, totals
    from bot.runtime.talk import Assistant

    assistant = Assistant()
    banks: dict[str, Any] = {}
    for name in (f"{bank}{kind}" for bank in ("emergencies", "near_misses") for kind in WRITTEN):
        rows = tally(
            assistant, read_bank(BANKS / f"{name}.yml"), emergency=name.startswith("emergencies")
        )
        kinds = {k: {"of": r.of, "wrong": r.wrong} for k, r in rows.items()}
        banks[name] = {"kinds": kinds, "total": totals(rows)}
        print(f"{name}: {banks[name]['total']}", flush=True)
    (DOCS / "red_flags.json").write_text(
        json.dumps(banks, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    written(
        "red_flags.md.j2", DOCS / "red_flags.md", banks=banks, most=ALARMS, most_shown=MOST_SHOWN
    )


def signs(workers: int) -> None:
    """Tell the assistant of each message of the bank of signs, and confirm what it suggests."""
    from bot.evaluate.command import played
    from bot.evaluate.messages import read_bank
    from bot.evaluate.vignettes import Expectation, Vignette
    from knowledge.content import load_content
    from knowledge.schema import Indicator
    from knowledge.vocabulary import Route

    level = {sign.id: int(sign.level) for sign in load_content().all("indicators", Indicator)}
    banks: dict[str, dict[str, Any]] = {}
    for path in sorted(SIGNS.glob("*.yml")):
        told = [
            Vignette(
                id=f"{sign}-{number}",
                says=[text],
                answers=ANSWERS,
                expect=Expectation(level=level[sign], route=ROUTES[level[sign]]),
            )
            for sign, texts in read_bank(path).items()
            for number, text in enumerate(texts, start=1)
        ]
        report = played(told, [], workers)
        routes: dict[int, Counter[str]] = {n: Counter() for n in ROUTES}
        for one, row in zip(told, report["results"], strict=True):
            routes[level[one.id.rpartition("-")[0]]][
                (row["outcome"] or {}).get("route", "none")
            ] += 1
        banks[path.stem] = {"report": report, "routes": routes}
    seen = {name for bank in banks.values() for row in bank["routes"].values() for name in row}
    names = [name for name in (*map(str, Route), "none") if name in seen]
    written("signs.md.j2", DOCS / "signs.md", banks=banks, names=names)


def goals(report: Mapping[str, Any], flags: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """What was to be reached, what was measured, and whether that is enough."""
    hazard = report["hazardous_under_triage"]
    lost = max(row["points_lost"] for row in report["noise"])
    fresh = sorted({key for row in report["noise"] for key in row["new_hazardous"]})
    missed, alarms = flags["emergencies"]["total"], flags["near_misses"]["total"]
    return [
        ("every vignette passes", f"{report['passed']} of {report['passed'] + report['failed']}",
         not report["failed"]),
        (f"upper 95% bound of hazardous under-triage under {BOUND:.0%}",
         f"{hazard['upper95']:.2%} ({hazard['count']} of {hazard['of']})",
         hazard["upper95"] < BOUND),
        ("every emergency found on the first reply",
         f"{missed['of'] - missed['wrong']} of {missed['of']}", not missed["wrong"]),
        (f"look-alikes answered as emergencies in under {ALARMS:.0%}",
         f"{alarms['rate']:.1%} ({alarms['wrong']} of {alarms['of']})", alarms["rate"] < ALARMS),
        (f"at most {LOST:.0f} points of the route lost under any noise", f"{lost:.1f} at worst",
         lost <= LOST),
        ("no new hazardous under-triage under noise", f"{len(fresh)} vignettes", not fresh),
    ]  # fmt: skip


def summary() -> None:
    """The page that says what holds and what does not, from the two JSON reports."""
    report = json.loads((DOCS / "vignettes.json").read_text(encoding="utf-8"))
    flags = json.loads((DOCS / "red_flags.json").read_text(encoding="utf-8"))
    written(
        "evaluation.md.j2",
        DOCS / "README.md",
        day=time.strftime("%Y-%m-%d %H:%M"),
        goals=goals(report, flags),
        figures=report["figures"],
        hazardous=[row["id"] for row in report["results"] if row["hazardous"]],
    )


def main() -> None:
    """Writes the parts asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 is as many as help")
    given = parser.parse_args()
    parts = given.parts or PARTS
    if wrong := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(wrong))}")
    from bot.cli import prepare

    prepare(quiet=True)
    if "vignettes" in parts:
        vignettes(given.workers)
    if "red_flags" in parts:
        red_flags()
    if "signs" in parts:
        signs(given.workers)
    if "peers" in parts:
        from scripts.compare import main as peers

        peers(["--without-diet"])  # it takes hours on every message
        peers(["--every", "5"])
    if (DOCS / "vignettes.json").exists() and (DOCS / "red_flags.json").exists():
        summary()


if __name__ == "__main__":
    main()

"""Ours beside its peers on the same training data and the same messages, in one run.

Trains Rasa's default pipeline, keyword with fallback, TF-IDF with logistic regression, and
ours, lets each read every text of tests/messages/intents, and writes docs/evaluation/peers.md.
Run it by `make compare`.  `--every 5` learns from each fifth message alone, so that Rasa's
default ends within an hour on any machine, and writes peers-every-5.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sklearn.metrics import f1_score

from bot.evaluate.calibration import calibrate
from bot.nlu.embedder import model_folder
from scripts.peer import DANGER, FALLBACK, ROOT, bank

CONFIGS = ROOT / "docs" / "evaluation" / "configs"
DIET = "Rasa default (DIET)"
PEERS = {
    DIET: CONFIGS / "diet.yml",
    "keyword, fallback": CONFIGS / "keyword.yml",
    "TF-IDF, logistic regression": CONFIGS / "tfidf.yml",
    "ours": ROOT / "config.yml",
}
UNTUNED = "ours, embedding as published"  # for thinned data: ours is tuned on the whole
OUT = "out_of_scope"
# The bank labels what a message is about, not how urgent it is: danger told of one of these
# is judged by the red-flag bench, and here by what the message is about.
WORRIES = frozenset(
    ["worried_about_child", "allegation_against_adult", "support_for_self", "child_writer",
     "parent_writer"]
)  # fmt: skip
# What the issue asks for, at one and the same threshold.
IN_SCOPE, OUT_OF_SCOPE, P50 = 0.95, 0.85, 15.0


@dataclass(frozen=True)
class At:
    """Figures at one threshold: shares from 0 to 1."""

    threshold: float
    in_scope: float
    macro_f1: float
    out_of_scope: float


def judged(wanted: str, guess: dict[str, Any], name: str | None) -> str:
    """The intent `name` of a guess as it is judged where `wanted` is the label."""
    if name == DANGER and wanted in WORRIES:
        name = guess["about"]
    return OUT if name in {None, FALLBACK} else str(name)


def decided(wanted: str, guess: dict[str, Any], threshold: float) -> str:
    """The intent, where everything not understood counts as out of scope."""
    return OUT if guess["confidence"] < threshold else judged(wanted, guess, guess["raw"])


def figures(wanted: Sequence[str], got: Sequence[str], threshold: float) -> At:
    """Accuracy on what is in scope, macro F1 over all intents, recall of what is out of it."""
    pairs = list(zip(wanted, got, strict=True))
    inside = [w == g for w, g in pairs if w != OUT]
    outside = [g == OUT for w, g in pairs if w == OUT]
    macro = f1_score(wanted, got, labels=sorted(set(wanted)), average="macro", zero_division=0)
    return At(threshold, sum(inside) / len(inside), float(macro), sum(outside) / len(outside))


def sweep(wanted: Sequence[str], guesses: Sequence[dict[str, Any]]) -> list[At]:
    """Figures at every hundredth of a threshold."""
    steps = [n / 100 for n in range(101)]
    pairs = list(zip(wanted, guesses, strict=True))
    return [figures(wanted, [decided(w, g, t) for w, g in pairs], t) for t in steps]


def best_with_recall(swept: Sequence[At], recall: float) -> At | None:
    """Of the thresholds with at least this out-of-scope recall, the best in scope."""
    reach = [a for a in swept if a.out_of_scope >= recall]
    return max(reach, key=lambda a: (a.in_scope, -a.threshold)) if reach else None


def row(name: str, wanted: Sequence[str], made: dict[str, Any]) -> tuple[str, At, str]:
    """A line of the main table, the shipped figures, and a line of the second table."""
    guesses = made["guesses"]
    pairs = list(zip(wanted, guesses, strict=True))
    at = figures(wanted, [judged(w, g, g["shipped"]) for w, g in pairs], -1.0)
    strict = [OUT if g["shipped"] in {None, FALLBACK} else g["shipped"] for g in guesses]
    error = calibrate((g["confidence"], judged(w, g, g["raw"]) == w) for w, g in pairs).ece
    took = made["milliseconds"]
    p95 = statistics.quantiles(took, n=20)[18]
    main = (
        f"| {name} | {at.in_scope:.3f} | {figures(wanted, strict, -1.0).in_scope:.3f} "
        f"| {at.macro_f1:.3f} | {at.out_of_scope:.3f} | {error:.3f} "
        f"| {statistics.median(took):.1f} | {p95:.1f} | {made['training_seconds']:.0f} "
        f"| {made['model_bytes'] / 1e6:.1f} |"
    )
    best = best_with_recall(sweep(wanted, guesses), OUT_OF_SCOPE)
    second = f"| {name} | " + (
        f"{best.threshold:.2f} | {best.in_scope:.3f} | {best.out_of_scope:.3f} |"
        if best
        else f"never reached | - | under {OUT_OF_SCOPE} |"
    )
    return main, at, second


def verdicts(shipped: dict[str, At], p50: float) -> list[str]:
    """What was to be reached, and whether it is, in plain words."""
    ours, diet = shipped["ours"], shipped.get(DIET)
    better = diet is not None and (
        ours.in_scope > diet.in_scope and ours.out_of_scope > diet.out_of_scope
    )
    theirs = f"{diet.in_scope:.3f} and {diet.out_of_scope:.3f}" if diet else "it was left out"
    checks = [
        (
            f"in-scope accuracy at least {IN_SCOPE}",
            ours.in_scope >= IN_SCOPE,
            f"{ours.in_scope:.3f}",
        ),
        (
            f"out-of-scope recall at least {OUT_OF_SCOPE}, at the same threshold",
            ours.out_of_scope >= OUT_OF_SCOPE,
            f"{ours.out_of_scope:.3f}",
        ),
        (
            "better than Rasa's default on both",
            better,
            theirs,
        ),
        (f"p50 of understanding under {P50:.0f} ms", p50 < P50, f"{p50:.1f} ms"),
    ]
    return [
        f"- {what}: **{'reached' if ok else 'NOT reached'}** ({got})" for what, ok, got in checks
    ]


def confusions(
    wanted: Sequence[str], guesses: Sequence[dict[str, Any]], most: int = 12
) -> list[str]:
    """Where ours goes wrong most, as shipped."""
    counts: dict[tuple[str, str], int] = {}
    for want, guess in zip(wanted, guesses, strict=True):
        got = judged(want, guess, guess["shipped"])
        if got != want:
            counts[(want, got)] = counts.get((want, got), 0) + 1
    worst = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [f"| {want} | {got} | {count} |" for (want, got), count in worst]


def report(measured: dict[str, dict[str, Any]], every: int) -> str:
    """The page."""
    wanted = [intent for _, intent in bank()]
    rows = {name: row(name, wanted, made) for name, made in measured.items()}
    ours = measured["ours"]
    inside = sum(w != OUT for w in wanted)
    danger = [w for w, g in zip(wanted, ours["guesses"], strict=True) if g["shipped"] == DANGER]
    calm = sum(w == OUT for w in danger)
    over = sum(w in WORRIES for w in danger)
    committed = [ROOT / "bot" / "data" / name for name in ("adapter.npz", "reader.npz")]
    weights = sum(f.stat().st_size for f in committed if f.exists())
    weights += (model_folder() / "model.safetensors").stat().st_size
    environment = Environment(  # noqa: S701 - Markdown, of our own words and numbers
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("peers.md.j2").render(
        every=every,
        left_out=DIET not in measured,
        inside=inside,
        outside=len(wanted) - inside,
        machine=f"{platform.platform()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d %H:%M')}",
        load=f"{os.getloadavg()[0]:.1f}",
        rows=[main for main, _, _ in rows.values()],
        danger=len(danger),
        calm=calm,
        over=over,
        weights=f"{weights / 1e6:.0f}",
        recall=OUT_OF_SCOPE,
        swept=[second for _, _, second in rows.values()],
        verdicts=verdicts(
            {n: r[1] for n, r in rows.items()}, statistics.median(ours["milliseconds"])
        ),
        confusions=confusions(wanted, ours["guesses"]),
    )


def kept_as(name: str, config: Path, every: int) -> str:
    """A name for a measurement: another one when messages, training data or config change, or,
    of ours, code and content."""
    made = hashlib.sha256(f"{name} {every} {bank()}".encode())
    rests = ["data/nlu"]
    if config == PEERS["ours"]:
        rests += ["bot/nlu", "bot/data", "knowledge/content"]
    for path in sorted(p for folder in rests for p in (ROOT / folder).rglob("*") if p.is_file()):
        if path.suffix != ".pyc":
            made.update(path.read_bytes())
    made.update(config.read_bytes())
    return made.hexdigest()[:16]


def main(arguments: Sequence[str] = ()) -> None:
    """Measures all but what is left out, prints and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-diet", action="store_true", help="it alone takes an hour")
    parser.add_argument("--every", type=int, default=1, help="learn from every nth message alone")
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "build" / "peers",
        help="what is measured stays here, and is not measured again while all is as it was",
    )  # fmt: skip
    given = parser.parse_args(arguments)
    left_out = {DIET} if given.without_diet else set()
    peers = {name: config for name, config in PEERS.items() if name not in left_out}
    if given.every > 1:
        peers[UNTUNED] = PEERS["ours"]
    given.keep.mkdir(parents=True, exist_ok=True)
    measured = {}
    for name, config in peers.items():
        output = given.keep / f"{kept_as(name, config, given.every)}.json"
        if not output.exists():
            options = ["--every", str(given.every), *(["--untuned"] if name == UNTUNED else [])]
            command = [sys.executable, "-W", "ignore", "-m", "scripts.peer", str(config)]
            done = subprocess.run(
                [*command, str(output), *options],
                cwd=ROOT,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # as served
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise SystemExit(f"{name}: {done.stderr[-3000:]}")
        measured[name] = json.loads(output.read_text(encoding="utf-8"))
        print(f"{name}: trained in {measured[name]['training_seconds']:.0f} s", flush=True)
    page = report(measured, given.every)
    name = "peers.md" if given.every == 1 else f"peers-every-{given.every}.md"
    (ROOT / "docs" / "evaluation" / name).write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Writes corpus/labelled.jsonl and corpus/harmless.jsonl from the hand-written files beside.

`.venv/bin/python -m tests.privacy.build_corpus`; the same every time.  Templates and names
are both split: what is held out has sentences and names that development never saw.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).resolve().parent / "corpus"
_SLOT = re.compile(r"\{([A-Za-z]+)\}")
_GIVEN = re.compile(r"\{\{([^}]+)\}\}")
FILLS = 6
STREETS = [
    "Sandringham Road", "Glyn Road", "Powerscourt Road", "Elderfield Road", "Oldhill Street", "Colvestone Crescent",
    "Cecilia Road", "Median Road", "Lavender Grove", "Wilton Way", "Ashenden Road", "Brooke Road", "Osbaldeston Road",
    "Fountayne Road", "Leweston Place", "Filey Avenue", "Castlewood Road", "Rossington Street", "Dunsmure Road",
    "Fletching Road", "Pedro Street", "Daubeney Road", "Rushmore Road", "Millfields Road", "Cassland Road", "Gore Road",
    "Lauriston Road", "Penshurst Road", "Wenlock Street", "Pitfield Street", "Hoxton Street", "Falkirk Street",
]  # fmt: skip
HANDLES = [
    "@lil.mikey07", "shadowfox99", "xX_dark_angel_Xx", "@notyourbabe", "queen.of.e8", "trapstar_n16", "jayjay2011x",
    "@real_kofi_", "mia.rose.xo", "ghostboy_404", "bigmanting23", "@sofia_lovesdogs", "zizi_x3", "roadman4lyf7",
    "pixelpanda2012", "@8thgrade.sadgirl", "no_love_4_me", "tiktok.queen.ayan", "kurdishprincess_09", "slayer1337x",
]  # fmt: skip
SCHOOLS = [
    "St Bartholomew's Primary School", "Elmgrove Primary School", "Oakfield Academy", "Kingsdale High School",
    "Our Lady of Sorrows RC Primary School", "Northbridge College", "Willowbrook Nursery", "St Aidan's Catholic High School",
    "Thornhill Grammar School", "Meadowbank Infant School", "Queen Matilda Academy", "Redcliffe Secondary School",
]  # fmt: skip
LINKS = [
    "https://www.instagram.com/lil.mikey07/", "https://www.tiktok.com/@mia.rose.xo/video/7301", "www.facebook.com/ayan.hassan.98",
    "https://vm.tiktok.com/ZGeabc123/", "snapchat.com/add/shadowfox99", "https://drive.google.com/file/d/1a2b3c/view",
    "https://discord.gg/abc123", "https://onlyfans.com/queen_e8",
]  # fmt: skip


def part_of(key: str) -> str:
    """`dev` or `held_out`, by the sentence alone."""
    return "dev" if zlib.crc32(key.encode()) % 2 else "held_out"


def _digits(rng: random.Random, form: str) -> str:
    return "".join(
        str(rng.randrange(10)) if c == "#" else str(rng.randrange(1, 10)) if c == "%" else c
        for c in form
    )


def _letters(rng: random.Random, choice: str, count: int) -> str:
    return "".join(rng.choice(choice) for _ in range(count))


def _phone(rng: random.Random) -> str:
    forms = ["07%## ######", "07### ### ###", "07#########", "+44 7### ######", "+447#########", "020 7### ####", "0208 ### ####",
             "(020) 7### ####", "07###-###-###", "0044 7### ### ###", "+48 6## ### ###", "01### ######", "+252 61 ### ####", "020 8### ####"]  # fmt: skip
    return _digits(rng, rng.choice(forms))


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2007, 2023)
    short = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"][
        month - 1
    ]
    long = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ][month - 1]
    th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return rng.choice([
        f"{day:02}/{month:02}/{year}", f"{day}/{month}/{year % 100:02}", f"{day}.{month}.{year}", f"{day:02}-{month:02}-{year}",
        f"{day} {long} {year}", f"{day}{th} {long} {year}", f"{day}{th} of {long.lower()} {year}", f"{day} {short} {year % 100:02}",
        f"{long} {day}, {year}", f"{year}-{month:02}-{day:02}", f"{day} {short.title()} {year}",
    ])  # fmt: skip


def _postcode(rng: random.Random) -> str:
    district = rng.choice(
        [
            "E5",
            "E8",
            "E9",
            "N16",
            "N1",
            "N4",
            "E2",
            "E1",
            "N15",
            "EC1A",
            "EC1Y",
            "EC2Y",
            "EC3N",
            "EC4M",
            "N17",
            "E17",
            "IG11",
            "SE15",
            "CM20",
            "M14",
        ]
    )
    whole = f"{district} {rng.randrange(1, 10)}{_letters(rng, 'ABDEFGHJLNPQRSTUWXYZ', 2)}"
    return rng.choice(
        [whole, whole.lower(), whole.replace(" ", ""), whole.replace(" ", "").lower()]
    )


def _nhs(rng: random.Random) -> str:
    return _digits(rng, rng.choice(["%## ### ####", "%##-###-####", "%#########"]))


def _nino(rng: random.Random) -> str:
    first = rng.choice(
        ["AB", "AE", "CE", "HJ", "JG", "KL", "MA", "NP", "PC", "RS", "SE", "TW", "WK", "YB"]
    )
    whole = f"{first} {_digits(rng, '## ## ##')} {rng.choice('ABCD')}"
    return rng.choice(
        [whole, whole.replace(" ", ""), whole.replace(" ", "").lower(), whole.lower()]
    )


def _upn(rng: random.Random) -> str:
    return (
        rng.choice("ABCDEFGHJKLMNPQRTUVWXYZ")
        + _digits(rng, "###########")
        + rng.choice("0123456789ABCDEF")
    )


def _passport(rng: random.Random) -> str:
    return rng.choice([_digits(rng, "%########"), _letters(rng, "ABCDEFGHJKLMNPRSTUVWXYZ", 2) + _digits(rng, "#######"),
                       _letters(rng, "ABCDEKLMPRS", 1) + _digits(rng, "########")])  # fmt: skip


def _plate(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNOPRSTUVWXY"
    now = f"{_letters(rng, 'ABCDEFGHKLMNOPRSVWY', 2)}{rng.randint(51, 74)} {_letters(rng, letters, 3)}"
    old = f"{_letters(rng, 'ABCDEFGHJKLMNPRSTVWXY', 1)}{rng.randint(10, 999)} {_letters(rng, letters, 3)}"
    return rng.choice([now, now, now.replace(" ", ""), now.lower(), old, old.replace(" ", "")])


def _address(rng: random.Random) -> str:
    number, street = rng.randint(1, 240), rng.choice(STREETS)
    short = street.replace("Road", "Rd").replace("Street", "St").replace("Avenue", "Ave")
    return rng.choice([
        f"{number} {street}", f"{number} {street.lower()}", f"Flat {rng.randint(1, 60)}, {number} {street}",
        f"{number}{rng.choice('abc')} {short}", f"flat {rng.randint(1, 60)} {number} {short.lower()}", f"{number}, {street}",
    ])  # fmt: skip


def _initials(rng: random.Random) -> str:
    while True:
        found = _letters(rng, "ABCDEFGHJKLMNOPRSTWYZ", 2)
        if found.lower() not in {
            "is",
            "in",
            "it",
            "at",
            "on",
            "as",
            "ta",
            "pe",
            "re",
            "ht",
            "dt",
            "da",
            "me",
            "my",
            "so",
            "no",
            "am",
            "be",
            "by",
            "do",
            "go",
            "he",
            "hi",
            "we",
            "us",
            "to",
            "ok",
            "of",
            "an",
            "or",
            "ma",
            "pa",
            "la",
            "gp",
            "ep",
            "sw",
            "hr",
            "lo",
            "ad",
            "ah",
            "rs",
            "pp",
            "cp",
            "sc",
            "ba",
            "eh",
        }:
            return rng.choice([found, f"{found[0]}.{found[1]}.", f"{found[0]}.{found[1]}"])


def _age(rng: random.Random) -> str:
    return rng.choice(
        ["{y} years and {m} months", "{y} years {m} months", "{y}yrs {m}mths"]
    ).format(y=rng.randint(3, 16), m=rng.randint(1, 11))


def _email(rng: random.Random) -> str:
    who = rng.choice(
        [
            "j.okafor",
            "mum_of_3",
            "a.kowalska",
            "hassan.ali98",
            "d.smith2",
            "safiya",
            "office",
            "head",
            "t.nguyen",
            "mrs.brown",
        ]
    )
    return f"{who}@{rng.choice(['gmail.com', 'hotmail.co.uk', 'elmgrove.hackney.sch.uk', 'outlook.com', 'northbridge.ac.uk'])}"


MADE: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "PHONE": ("phone", _phone), "EMAIL": ("email", _email), "POSTCODE": ("postcode", _postcode), "DOB": ("date_of_birth", _date),
    "NHS": ("nhs", _nhs), "NINO": ("nino", _nino), "UPN": ("upn", _upn), "PASSPORT": ("passport", _passport),
    "PLATE": ("plate", _plate), "ADDRESS": ("address", _address), "INITIALS": ("initials", _initials), "AGE": ("age", _age),
    "HANDLE": ("handle", lambda rng: rng.choice(HANDLES)), "SCHOOL": ("school", lambda rng: rng.choice(SCHOOLS)),
    "LINK": ("link", lambda rng: rng.choice(LINKS)),
}  # fmt: skip


class Names:
    """The names of one language and part, each drawn as evenly as can be."""

    def __init__(self, row: dict[str, list[str]], part: str) -> None:
        self._given, self._family = (self._half(row[k], part) for k in ("first", "last"))
        self._at = 0

    @staticmethod
    def _half(names: list[str], part: str) -> list[str]:
        middle = len(names) // 2
        return names[:middle] if part == "dev" else names[middle:]

    def fill(self, slot: str) -> str:
        """A name in the form that the slot asks for."""
        self._at += 1
        given = self._given[self._at % len(self._given)]
        family = self._family[self._at % len(self._family)]
        made = {"F": given, "L": family, "FL": f"{given} {family}"}[
            slot.upper().replace("FS", "F").replace("U", "F")
        ]
        if slot == "U":
            return made.upper()
        return made.lower() + ("s" if slot == "fs" else "") if slot.islower() else made


def fill(template: str, names: Names, rng: random.Random) -> tuple[str, list[dict[str, Any]]]:
    """The message, and its spans."""
    text, at, spans = "", 0, []
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        key = slot.group(1)
        kind, made = (MADE[key][0], MADE[key][1](rng)) if key in MADE else ("name", names.fill(key))
        spans.append({"kind": kind, "start": len(text), "end": len(text) + len(made)})
        text += made
        at = slot.end()
    return text + template[at:], spans


def labelled() -> list[dict[str, Any]]:
    """Every labelled message."""
    rows: list[dict[str, Any]] = []
    source = yaml.safe_load((CORPUS / "names.yml").read_text(encoding="utf-8"))
    languages = sorted(source)
    pools = {
        (lang, part): Names(source[lang], part)
        for lang in languages
        for part in ("dev", "held_out")
    }
    rng, turn = random.Random(8), {"dev": 0, "held_out": 0}
    lines = (CORPUS / "templates.txt").read_text(encoding="utf-8").splitlines()
    for template in (line for line in lines if line and not line.startswith("#")):
        part = part_of(template)
        for _ in range(FILLS):
            language = languages[turn[part] % len(languages)]
            turn[part] += 1
            text, spans = fill(template, pools[language, part], rng)
            if not any(s["kind"] == "name" for s in spans):
                language = ""
            rows.append({"text": text, "part": part, "language": language, "spans": spans})
    for line in (CORPUS / "word_names.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, at, spans = "", 0, []
        for match in _GIVEN.finditer(line):
            text += line[at : match.start()]
            spans.append(
                {"kind": "name", "start": len(text), "end": len(text) + len(match.group(1))}
            )
            text += match.group(1)
            at = match.end()
        rows.append(
            {"text": text + line[at:], "part": part_of(line), "language": "Words", "spans": spans}
        )
    seen: set[str] = set()
    return [r for r in rows if not (r["text"] in seen or seen.add(r["text"]))]  # type: ignore[func-returns-value]


def harmless() -> list[dict[str, Any]]:
    """Every message that must stay."""
    lines = [
        x
        for f in sorted(CORPUS.glob("harmless_*.txt"))
        for x in f.read_text(encoding="utf-8").splitlines()
    ]
    kept = dict.fromkeys(x for x in lines if x and not x.startswith("#"))
    return [{"text": text, "part": part_of(text)} for text in kept]


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """One row a line."""
    path.write_text(
        "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8"
    )


if __name__ == "__main__":
    write(CORPUS / "labelled.jsonl", labelled())
    write(CORPUS / "harmless.jsonl", harmless())
    print(len(labelled()), "labelled,", len(harmless()), "harmless")

"""One table a kind: what is taken, and near misses that stay."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from bot.evaluate.apart import learnt_examples, signs_of
from bot.nlu.foreign import is_foreign
from bot.paths import ROOT
from bot.privacy import Kind, find, redact
from bot.privacy.engine import RECOGNISERS
from bot.privacy.recognisers.school import GENERAL, KEEP, SchoolRecogniser

TAKEN = [
    (Kind.email, "write to j.okafor+x@gmail.com please", "write to [EMAIL] please"),
    (Kind.email, "jo.smith at elmgrove dot org", "[EMAIL]"),
    (Kind.link, "see https://www.tiktok.com/@mia.rose", "see [LINK]"),
    (Kind.link, "the video is at www.facebook.com/ayan.hassan.98", "the video is at [LINK]"),
    (Kind.handle, "her snap is shadowfox99 now", "her snap is [HANDLE] now"),
    (Kind.handle, "he calls himself lil_mikey_07", "he calls himself [HANDLE]"),
    (Kind.phone, "on +252 61 555 0123", "on [PHONE]"),
    (Kind.phone, "ring 07700900123 or (020) 7946 0018", "ring [PHONE] or [PHONE]"),
    (Kind.nhs, "nhs number 9434765919", "nhs number [NHS]"),
    (Kind.nino, "ni AB123456C", "ni [NINO]"),
    (Kind.upn, "upn A123456789012", "upn [UPN]"),
    (Kind.passport, "passport number is AB1234567", "passport number is [PASSPORT]"),
    (Kind.plate, "a van, ab12 cde, waits", "a van, [PLATE], waits"),
    (Kind.plate, "old car reg A123 BCD", "old car reg [PLATE]"),
    (Kind.number, "case 12345678 is open", "case [NUMBER] is open"),
    (Kind.date_of_birth, "born 3rd may", "born [DATE]"),
    (Kind.date_of_birth, "dob 030511", "dob [DATE]"),
    (Kind.date_of_birth, "he is 14/02/2012", "he is [DATE]"),
    (Kind.age, "7 years and 4 months", "7 years"),
    (Kind.postcode, "at e96jp now", "at E9 now"),
    (Kind.postcode, "EC1A 1BB", "EC1A"),
    (Kind.address, "lives at 12 glyn road", "lives at [ADDRESS]"),
    (Kind.address, "12 Mare Street", "[ADDRESS] Mare Street"),
    (Kind.address, "lives on Sandringham Road", "lives on [ADDRESS]"),
    (Kind.school, "at St Bartholomew's Primary School", "at [SCHOOL]"),
    (Kind.initials, "JT in 9B hit him", "[NAME] in 9B hit him"),
    (Kind.initials, "A.M. yr 4", "[NAME] yr 4"),
    (Kind.initials, "pupil RB has bruises", "pupil [NAME] has bruises"),
    (Kind.name, "Mr. O'Dowd-Smith shouted", "Mr. [NAME] shouted"),
    (Kind.name, "ayaans mum rang", "[NAME] mum rang"),
    (
        Kind.name,
        "her names doinița and she is in reception",
        "her names [NAME] and she is in reception",
    ),
    (Kind.name, "blue said his dad hits him", "[NAME] said his dad hits him"),
    (Kind.name, "no Rush said nothing", "no [NAME] said nothing"),
    (Kind.name, "the Rush twins said so", "the [NAME] twins said so"),
    (Kind.name, "met her parents Eve and Tom", "met her parents [NAME] and [NAME]"),
    (Kind.name, "shouted at Bay today", "shouted at [NAME] today"),
    (Kind.initials, "re jt. a y7 boy", "re [NAME] y7 boy"),
    (Kind.name, "nicknamed Tiny by all", "nicknamed [NAME] by all"),
    (Kind.name, "told Gráinne Ní Bhriain", "told [NAME]"),
    (Kind.name, "a boy, محمد, hit him", "a boy, [NAME], hit him"),
    (Kind.name, "Abdul Rahman bin Yusuf said", "[NAME] said"),
]
STAYS = [
    "a caution for hitting my brother. I'm a TA",
    "he limps now. yr 5",
    "there's a pile up. a y7 is under it",
    "his lips turned blue said the TA",
    "the girl in sick bay is asleep",
    "quick one, no rush, the y11 is back",
    "in her pen pal letter she says so",
    "baby had a febrile convultion and bit thru her tounge",
    "with her uncle. Can't say more",
    "mail MASH@hackney.gov.uk or ring 020 8356 5500",
    "www.gov.uk/keeping-children-safe",
    "snapchat is banned here",
    "insta is full of it",
    "3 boys aged 7, 8, 9 and 10",
    "in 10 days, 20 tablets of 500mg, £1,500",
    "incident on 04/11/2026 at lunch",
    "on 12-11-26 he ran off",
    "born in Ghana in 2015",
    "5 min walk, 2 kids in a house",
    "10 year old boy",
    "baby of 5 months",
    "E9, N16 and EC1",
    "y7 2nd report, e8 1st floor",
    "class 3 on 4th floor",
    "TA in year 4 and PE in 9B",
    "at 9 a.m. yr 4 came in",
    "she goes to Mossbourne Victoria Park",
    "at Stoke Newington School",
    "12 months old, so no school",
    "St Paul's, Old Street and Angel",
    "lives in Stoke Newington near Clapton Pond",
    "flat above a shop on a main road",
    "room 12 with Year 9",
    "can I use [NAME] as an example",
]


@pytest.mark.parametrize(("kind", "text", "expected"), TAKEN)
def test_recogniser_takes(kind, text, expected):
    assert redact(text) == expected
    assert kind in {found.kind for found in find(text)}


@pytest.mark.parametrize("text", STAYS)
def test_recogniser_leaves_near_misses(text):
    assert redact(text) == text


def test_every_kind_has_a_row():
    assert {kind for kind, _, _ in TAKEN} == set(Kind)


def test_school_names_can_be_made_general_or_kept():
    text = "a boy at Haggerston School and one at Elmgrove Primary School"
    general = list(SchoolRecogniser(GENERAL).find(text))
    assert [f.put for f in general] == ["a school in Hackney", "[SCHOOL]"]
    assert list(SchoolRecogniser(KEEP).find(text)) == []


def test_school_list_is_read(tmp_path):
    listed = tmp_path / "schools.txt"
    listed.write_text("The Mulberry Bush\n")
    code = "from bot.privacy import redact; print(redact('he is at the mulberry bush now'))"
    env = {"BOT_SCHOOL_LIST": str(listed), "PATH": "/usr/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == "he is at [SCHOOL] now"


def test_places_of_content_survive_in_a_sentence():
    from bot.privacy.public import public

    lost = []
    for name in public().places:
        if re.fullmatch(r"[a-z]{1,2}\d{1,2}[a-z]?", name):
            continue
        for text in (f"the family lives in {name}", f"She lives in {name.title()} now"):
            if redact(text) != text:
                lost.append((text, redact(text)))
    assert lost == []


def test_red_flag_sentences_keep_their_danger():
    """What the danger detection is tested with comes through unchanged."""
    import yaml

    lost = []
    for name in ("emergencies_known.yml", "near_misses_known.yml"):
        loaded = yaml.safe_load((ROOT / "tests/messages/red_flags" / name).read_text())
        for row in _texts(loaded):
            if redact(row) != row:
                lost.append((row, redact(row)))
    assert lost == []


def _texts(node):
    if isinstance(node, str):
        return [node] if " " in node else []
    items = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [text for item in items for text in _texts(item)]


def test_training_examples_are_left_alone():
    """The understanding sees at run time what it saw in training."""
    learnt = learnt_examples(ROOT / "data/nlu")
    learnt += [one for file in (ROOT / "data/signs").glob("*.yml") for one in signs_of(file)]
    # In another language only what is certainly a name can be told from a word.
    texts = [one.text for one in learnt if one.text.isascii() and not is_foreign(one.text)]
    changed = [text for text in texts if redact(text) != text]
    # Some name people: of books, of films, of the singers that pupils swear by.
    assert len(changed) / len(texts) < 0.01, changed


@pytest.mark.parametrize(
    "unit",
    [
        "a", "A", "1", "1 ", "a.", "a_", "Aa ", "1-", "flat 1 ", "a@", "a@a.", "lives at ", "12 a b c ",
        "St Ab Cd ", "dob 1 ", "snap ", "(0", "07 ", "A. ", "I'", "x-", "www.", "Zorblax ", "called ", "é", " ",
        "a at b dot ", "[NAME] ", "[a ", "his name is ", "passport no ", "Qwertyzx", "Mr ", "JT in 9B ", "الا ",
        "https://", "1 The ", "Our Lady of ", "car a1 ", "may ", "Will ",
    ],
)  # fmt: skip
def test_no_pattern_runs_away(unit):
    """Twice the text takes about twice the time; four times would be a square."""
    redact("warm Zorblaxi up")

    def took(size: int) -> float:
        text = (unit * size)[:size]
        began = time.process_time()
        redact(text)
        return time.process_time() - began

    small = min(took(2500) for _ in range(3))
    large = min(took(10_000) for _ in range(2))
    assert large < 4 * small * 2.2 + 0.05, (small, large)


def test_import_is_quick_and_without_tensorflow():
    code = (
        "import sys, time; t = time.process_time(); from bot.privacy import redact; "
        "redact('warm up Zorblax'); took = time.process_time() - t; "
        "print(took, 'tensorflow' in sys.modules, 'spacy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    took, tensorflow, spacy = done.stdout.split()
    assert float(took) < 3.0  # TensorFlow alone takes longer, on any machine
    assert (tensorflow, spacy) == ("False", "False")


def test_every_recogniser_has_its_file():
    files = {p.stem for p in (ROOT / "bot/privacy/recognisers").glob("*.py")} - {
        "__init__",
        "word_names",
    }
    assert {type(r).__module__.rsplit(".", 1)[1] for r in RECOGNISERS} == files

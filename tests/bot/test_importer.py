"""Our importer gives Rasa the same training data as Rasa's own would."""

from __future__ import annotations

import copy

import pytest
import yaml
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.importer import Example, Importer, plain_examples
from bot.paths import CONFIG, ROOT

DATA = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - hello there
    - good morning
- intent: thank
  examples: |
    - hello there
    - ta
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.yml").write_text(DATA, encoding="utf-8")
    (tmp_path / "two.yml").write_text(DATA, encoding="utf-8")
    return tmp_path


def _rows(data: TrainingData) -> list[tuple[str, str]]:
    return [(m.get(TEXT), m.get(INTENT)) for m in data.training_examples]


def test_the_same_examples_as_rasas_own_importer(folder):
    ours = Importer(training_data_paths=[str(folder)]).get_nlu_data()
    theirs = RasaFileImporter(training_data_paths=[str(folder)]).get_nlu_data()
    assert _rows(ours) == _rows(theirs)
    assert len(_rows(ours)) == 4  # "hello there" once for each of its intents
    assert all(type(m) is Example for m in ours.training_examples)


@pytest.mark.parametrize(
    "other",
    [
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hi [E8](place)\n',
        'version: "3.1"\nnlu:\n- intent: greet\n  metadata: {a: b}\n  examples: |\n    - hi you\n',
        'version: "3.1"\nnlu:\n- synonym: E8\n  examples: |\n    - hackney central\n',
    ],
)
def test_what_is_not_plain_is_read_by_rasa_in_its_place(folder, other):
    (folder / "one_b.yml").write_text(other, encoding="utf-8")
    assert plain_examples(other) is None
    assert plain_examples(DATA) is not None
    ours = Importer(training_data_paths=[str(folder)]).get_nlu_data()
    theirs = RasaFileImporter(training_data_paths=[str(folder)]).get_nlu_data()
    assert _rows(ours) == _rows(theirs)
    assert ours.entity_synonyms == theirs.entity_synonyms


def test_files_are_read_once_whatever_the_language(folder):
    one = Importer(training_data_paths=[str(folder)])
    first = one.get_nlu_data()
    assert one.get_nlu_data("en") is first


def test_a_copy_can_be_changed_alone():
    one = Example({TEXT: "hello", INTENT: "greet"})
    other = copy.deepcopy(one)
    other.set(INTENT, "thank")
    assert one == Message({TEXT: "hello", INTENT: "greet"})
    assert one != other
    assert len({one, Example({TEXT: "hello", INTENT: "greet"}), other}) == 2


def test_a_copy_has_the_same_fingerprint_until_it_is_changed():
    one = Example({TEXT: "hello", INTENT: "greet"})
    mark = one.fingerprint()
    other = copy.deepcopy(one)
    assert other.fingerprint() == mark == Example(dict(one.data)).fingerprint()
    other.set(INTENT, "thank")
    assert other.fingerprint() == Example({TEXT: "hello", INTENT: "thank"}).fingerprint() != mark


def test_the_configuration_names_it():
    made = TrainingDataImporter.load_from_config(
        str(CONFIG), str(ROOT / "domain.yml"), [str(ROOT / "data" / "rules")]
    )
    assert type(made.importer._importer._importers[0]) is Importer


def test_no_line_of_the_examples_is_skipped():
    """Rasa only warns of a line that is set in too far, and leaves it out."""
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = str(part.get("examples", "")).splitlines()
            wrong = [line for line in lines if line.strip() and not line.startswith("- ")]
            assert not wrong, f"{path.name}: {wrong}"


def test_what_redaction_left_is_no_annotation():
    cleaned = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - [NAME] (hi) said\n'
    assert [m.get(TEXT) for m in plain_examples(cleaned) or []] == ["[NAME] (hi) said"]
    for marked in ("[E8](place)", '[E8]{"entity": "place"}'):
        assert plain_examples(cleaned.replace("[NAME]", marked)) is None

"""What the reader goes on from, and with."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.reader import Reader
from scripts.tune_embedder import Task, Work
from scripts.tune_reader import STRETCH, add_signs, averaged, first_head, thinned

DATA = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - good morning
"""


def work(texts):
    labels = np.arange(len(texts), dtype=np.int32)[:, None]
    return Work(list(texts), labels, np.zeros((0, 0), np.float32), [])


def test_it_goes_on_with_the_files_and_twice_as_many_of_the_rest(tmp_path):
    path = tmp_path / "new.yml"
    path.write_text(DATA, encoding="utf-8")
    whole = work(["a", "hello there", "b", "c", "good morning", "d", "e", "f"])
    made = thinned(whole, [path], seed=7)
    assert made.texts[:2] == ["hello there", "good morning"]
    assert len(made.texts) == len(set(made.texts)) == 6
    assert [whole.texts[at] for at in made.labels[:, 0]] == made.texts
    with pytest.raises(SystemExit, match=r"E030.*Mend"):
        thinned(work(["a", "b"]), [path], seed=7)


def test_a_head_begins_as_that_of_the_reader_for_the_names_that_it_knows():
    head = np.arange(384 * 2, dtype=np.float32).reshape(384, 2)
    start = Reader({}, ("intent:greet", "intent:bye"), head, np.array([1.0, 2.0], np.float32))
    task = Task("intent", [], [], ["bye", "new"], 1.0)
    weight, bias = first_head(task, start, np.random.default_rng(7))
    assert np.allclose(weight.numpy()[:, 0] * STRETCH, head[:, 1])
    assert np.abs(weight.numpy()[:, 1]).max() < 1
    assert bias.numpy().tolist() == [2.0, 0.0]


def test_messages_by_their_sign_teach_level_and_sign_and_the_lesser_ones_no_danger(tmp_path):
    folder = tmp_path / "signs"
    folder.mkdir()
    (folder / "home.yml").write_text('late:\n- "in at ten"\nhurt:\n- "arm broken"\n', "utf-8")
    names = {"danger": ["not", "now"], "level": ["1", "4"], "indicators": ["hurt", "late"]}
    made = {name: Task(name, [], [], known, 1.0) for name, known in names.items()}
    add_signs(made, folder, {"late": 1, "hurt": 4})
    told = {
        n: [(x, t.names[i]) for x, i in zip(t.texts, t.labels, strict=True)]
        for n, t in made.items()
    }
    assert told["indicators"] == [("in at ten", "late"), ("arm broken", "hurt")]
    assert told["level"] == [("in at ten", "1"), ("arm broken", "4")]
    assert told["danger"] == [("in at ten", "not")]
    whole = work(["a", "in at ten", "b", "c", "arm broken"])
    assert thinned(whole, [folder / "home.yml"], seed=7).texts[:2] == ["in at ten", "arm broken"]
    with pytest.raises(SystemExit, match=r"E031.*home\.yml.*hurt.*Mend"):
        add_signs(made, folder, {"late": 1})


def test_what_it_went_on_from_is_kept_in_part_and_new_names_stay_as_learnt():
    one = np.ones((2, 2), np.float32)
    start = Reader({"w": one}, ("intent:a", "intent:b"), one, np.array([1, 2], np.float32))
    made = Reader({"w": 5 * one}, ("intent:b", "intent:c"), 5 * one, np.array([6, 7], np.float32))
    mean = averaged(start, made, 0.25)
    assert mean.names == made.names
    assert mean.weights["w"].tolist() == [[4, 4], [4, 4]]
    assert mean.head.tolist() == [[4, 5], [4, 5]]
    assert mean.bias.tolist() == [5, 7]
    assert made.bias.tolist() == [6, 7]

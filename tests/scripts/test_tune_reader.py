"""What the reader goes on from, and with."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.reader import Reader
from scripts.tune_embedder import Task, Work
from scripts.tune_reader import STRETCH, first_head, thinned

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


def test_it_goes_on_with_the_files_and_as_many_of_the_rest(tmp_path):
    path = tmp_path / "new.yml"
    path.write_text(DATA, encoding="utf-8")
    whole = work(["a", "hello there", "b", "c", "good morning", "d"])
    made = thinned(whole, [path], seed=7)
    assert made.texts[:2] == ["hello there", "good morning"]
    assert len(made.texts) == len(set(made.texts)) == 4
    assert [whole.texts[at] for at in made.labels[:, 0]] == made.texts
    with pytest.raises(SystemExit, match=r"E030.*Mend"):
        thinned(work(["a", "b"]), [path], seed=7)


def test_a_head_begins_as_that_of_the_reader_for_the_names_that_it_knows():
    head = np.arange(384 * 2, dtype=np.float32).reshape(384, 2)
    start = Reader(3, {}, ("intent:greet", "intent:bye"), head, np.array([1.0, 2.0], np.float32))
    task = Task("intent", [], [], ["bye", "new"], 1.0)
    weight, bias = first_head(task, start, np.random.default_rng(7))
    assert np.allclose(weight.numpy()[:, 0] * STRETCH, head[:, 1])
    assert np.abs(weight.numpy()[:, 1]).max() < 1
    assert bias.numpy().tolist() == [2.0, 0.0]

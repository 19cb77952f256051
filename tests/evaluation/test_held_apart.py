"""What we measure by was not learnt from: no text of the banks is near one of the data."""

from __future__ import annotations

import pytest

from bot.evaluate.apart import learnt_examples, learnt_phrases, signs_of, too_near
from bot.evaluate.messages import read_bank
from bot.evaluate.vignettes import read_vignettes
from bot.paths import ROOT

TESTS = ROOT / "tests"


@pytest.mark.slow
@pytest.mark.timeout(2400)  # every text is embedded anew, without our tuning
def test_no_text_of_the_banks_is_near_one_that_was_learnt(monkeypatch):
    monkeypatch.setenv("BOT_EMBEDDING_THREADS", "2")  # nothing else runs: half of the minutes
    texts = [t for v in read_vignettes([TESTS / "vignettes"]) for t in v.says]
    for path in sorted((TESTS / "messages").rglob("*.yml")):
        texts += [t for one in read_bank(path).values() for t in one]
    learnt = [*learnt_examples(ROOT / "data" / "nlu"), *learnt_phrases()]
    learnt += [one for path in (ROOT / "data" / "signs").glob("*.yml") for one in signs_of(path)]
    assert len(texts) > 2000
    assert len(learnt) > 2000
    near = too_near(texts, learnt)
    # Mend: delete the learnt line, not the text of the bank.
    assert not near, "\n".join(map(str, near))

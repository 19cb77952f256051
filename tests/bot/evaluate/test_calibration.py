"""Expected calibration error, and which runs count for it."""

from __future__ import annotations

import pytest

from bot.evaluate.calibration import INTENTS_OF_ROUTE, calibrate, of_runs
from knowledge.vocabulary import Route
from tests.bot.evaluate.runs import guidance, run


@pytest.mark.parametrize(
    ("guesses", "error"),
    [
        ([(1.0, True)] * 4, 0.0),
        ([(1.0, False)] * 4, 1.0),
        ([(0.75, True), (0.75, False)], 0.25),
        ([(0.95, True), (0.95, True), (0.15, True), (0.15, False)], 0.2),
        ([], 0.0),
    ],
)
def test_error(guesses, error):
    assert calibrate(guesses).ece == pytest.approx(error)


def test_every_route_has_its_intents():
    assert set(INTENTS_OF_ROUTE) == {str(r) for r in Route}


def test_what_a_red_flag_set_does_not_count():
    sure = run("a", {"route": "lado"}, [guidance("lado")])
    sure.guess = ("allegation_against_adult", 0.9)
    flagged = run("b", {"route": "emergency"}, [guidance("emergency")])
    flagged.guess, flagged.flagged = ("immediate_danger", 1.0), True
    found = of_runs([sure, flagged])
    assert found.of == 1
    assert found.bins[0].accuracy == 1.0

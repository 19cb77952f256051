"""Every indicator can be reached: its own plain description brings it among the five."""

from __future__ import annotations

import pytest

from knowledge.content import load_content
from knowledge.schema import Indicator

INDICATORS = load_content().all("indicators", Indicator)


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.id)
def test_indicator_is_reachable(indicator, assistant):
    near = assistant.parse(indicator.text)["near"]["indicators"]
    assert indicator.id in [n["id"] for n in near[:5]]

"""Rate limits."""

from __future__ import annotations

from bot.channels.limits import REMEMBERED, RateLimit


def test_limit_lets_a_burst_through_then_fills_again():
    now = [0.0]
    limit = RateLimit(per_minute=60, burst=3, clock=lambda: now[0])
    assert [limit.allow("a") for _ in range(4)] == [True, True, True, False]
    assert limit.allow("b")
    now[0] += 1.0
    assert limit.allow("a")
    assert not limit.allow("a")
    now[0] += 3600
    assert [limit.allow("a") for _ in range(4)] == [True, True, True, False]


def test_limit_forgets_the_oldest_clients():
    limit = RateLimit(per_minute=1, burst=1, clock=lambda: 0.0)
    for number in range(REMEMBERED + 10):
        assert limit.allow(str(number))
    assert len(limit._left) == REMEMBERED

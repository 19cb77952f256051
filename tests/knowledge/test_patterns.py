from __future__ import annotations

import pytest

from knowledge.patterns import PatternError, compile_pattern, normalise, telling_words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("She ISN’T breathing!!", "she isnt breathing ."),
        ("knife, now", "knife . now"),
        ("café\nnoir", "cafe . noir"),
        ("🙂 ok", "ok"),
    ],
)
def test_normalise(text, plain):
    assert normalise(text) == plain


@pytest.mark.parametrize(
    ("pattern", "text", "hit"),
    [
        ("has|got ~3 knife|blade", "he has got a big knife", True),
        ("has ~1 knife", "he has a very big knife", False),
        ("has ~3 knife", "he has a bag . knife", False),
        ("stab*", "he was stabbed", True),
        ("stab", "he was stabbed", False),
        ("not|isnt ~1 breath*", "she isnt really breathing", True),
        ("took ?all|some tablets", "took some tablets", True),
        ("took ?all|some tablets", "took tablets", True),
        ("fire", "wildfire", False),
    ],
)
def test_compile_pattern_matches_words_within_a_clause(pattern, text, hit):
    assert bool(compile_pattern(pattern).search(normalise(text))) is hit


@pytest.mark.parametrize("pattern", ["", "~15 x", "a (b)+", "~x y", "[a-z]", "?now . ?here"])
def test_compile_pattern_refuses_what_is_not_the_language(pattern):
    with pytest.raises(PatternError):
        compile_pattern(pattern)


def test_compile_pattern_is_fast_on_long_text():
    rule = compile_pattern("has|got ~8 knife ~8 now ~8 here")
    assert rule.search(" ".join(["has"] * 5000)) is None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("has|got ~3 knife|blade", ["knife", "blade"]),
        ("threaten*|threatning ~4 kill|stab", ["threaten*", "threatning"]),
        ("?suddenly passed_out|fainted", ["passed", "fainted"]),
        ("his|her . screaming*", ["screaming*"]),
    ],
)
def test_telling_words_are_of_the_item_that_few_texts_have(pattern, words):
    assert telling_words(pattern) == words

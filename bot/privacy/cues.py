"""Words around a name that show that it is one."""

from __future__ import annotations

from bot.privacy.lists import word_list

TITLES = word_list("titles")
# Titles that are ordinary words: only a capital or a name after them counts.
SOFT_TITLES = word_list("soft_titles")
# Titles that are written with a full stop.
SHORT_TITLES = frozenset(["mr", "mrs", "ms", "mx", "dr", "fr", "rev", "prof", "st", "sr"])
NOT_AFTER_TITLE = word_list("not_after_title")
STRONG = frozenset(["called", "named", "nicknamed", "aka", "surname", "forename", "christened"])
NICK = frozenset(["nicknamed", "nickname", "aka"])
PERSON = word_list("person")
FAMILY_THINGS = word_list("family_things")
RELATIVES = word_list("relatives")
SAYS = word_list("says")
PEOPLE_DO = word_list("people_do")
DONE_TO = word_list("done_to")
BE = word_list("be")
STATES = word_list("states")
OBJECT_OF = word_list("object_of")
FUNCTION = word_list("function")
MODALS = frozenset(["will", "may", "can", "might"])
TIMES = word_list("times")
TIME_BEFORE = word_list("time_before")
TIME_AFTER = word_list("time_after")
# Countries and cities that are given names too: as place names are, people only by a sign.
GEOGRAPHY = word_list("geography")
# Given names that are English words and are met in schools; written small they need a sign.
GIVEN_WORDS = word_list("given_words")
NOT_PEOPLE = word_list("not_people")
# Of family names that are English words, those that follow a given name in small letters.
SURNAMES = word_list("surnames")
PARTICLES = word_list("particles")
CLASS = r"(?:year|yr|y|form|class|set|reception|nursery|rec|ks|sixth|6th|my|our|tutor|primary|college|foundation|key|p)"

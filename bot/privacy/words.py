"""What the recognisers know of words: English, the field's, names, and which are both."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from bot.privacy import cues
from bot.privacy.public import public

_DATA = Path(__file__).resolve().parent.parent / "data"
_SPECIAL = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "’": "'", "‘": "'", "ʼ": "'"}
)  # fmt: skip

# In the list of names and of English words: written small, these are people far more often.
NAMELIKE = frozenset(
    "abbey alma amir amira barney basil beau becky ben betty billy bob bobby bonnie brad brandy bradley carlton carmine "
    "carol cal chad charlotte christen claire cody colleen connie connor daisy dale dane dean debs dennis derrick dexter "
    "dolly dominic don donna drake ebony ed eddy edwin elder elle emir emily erin esme ester eve fatima fern finley "
    "francis frank fraser fred gail gavin gemma gene gina glen gladys hank harley harry hazel heather hector "
    "henry holly homer ian imran iris isla ivy jack jackie jacky jade jamie jarred jasmin jasmine jasper jay jean jenny "
    "jerry jess jessie jill jim jimmy jo joey john johnny josh joshua joseph joyce julie julienne kale karma kay keith kelly ken "
    "kenny kerry kevin kirk kitty kurt kyle lacy lance laura laurel laurence lee leah leo lesley levi lewis lily lisa liz lois lola "
    "louis louise lucas lucy luke lydia madeline maggie malik mandy marcel margarita maria marina marlin marquis martin marvin mary "
    "matt matthew maxima megan melissa meg michael michelle mickey miguel mike mohammed molly monica muhammad myrtle nadia "
    "nancy naomi nathan neil nicholas nicola nina noel nora norman olga oliver olivia omar oscar otto owen pal pam patricia patsy patty "
    "paul paula peter phil philip phoebe polly rachel ralph raymond rebecca reggie rhea ricky rita rob robert robin rod rodney roger "
    "rogers roman ron ronnie rosa rosemary rosie ross roy ruby rupert ruth ryan sadie sally sam samantha samuel sander sanders sandra sara "
    "sarah saul savannah sawyer scarlett scott sean sebastian sergio sharon shawn sid sidney simon sofia sonia sonny sophia sophie spencer "
    "stella stephen steve steven stuart sue susan sybil tamara tara ted terrence terry theo theresa thomas tiffany tim timothy tina tobias "
    "todd tom tommy toni tony tracy tyler tyson valentina vera vernon vicky victor vince vincent viola vivian wallace walter "
    "warren wayne wendy wesley wilfred willie wilma xavier yasmin yvonne zac zach zoe kumar khan singh ali shah bey khalif aga "
    "kai mia zara zayn zain isa musa isaac adam abel aaron ethan evan ezra gideon jesse joel jonah micah noah seth tobi "
    "ade ayo obi emeka kemi sola tolu tobe femi dayo wale chidi uche ngozi ama efe esi kofi kojo kwame yaw abena akua adwoa afia "
    "anya asha maya mina nisha priya raj ravi sana sita tara uma vijay amin amina ameer aisha bilal dina fatou hana hassan hiba iman jamal "
    "karim layla leila malak mariam nora noor omari rania reem sami samir tariq yusuf zaid zaki iga ola ewa jan jola kasia magda ania "
    "liam".split()
)
ABBREVIATIONS = frozenset(
    "dob reg no ref tel mob ta tas lsa pe it sen send re dsl ddsl ht dht aht slt sl pa pru dt ict rs rse rshe eal fsm adhd asd asc pda pp lac cla cin "
    "cp cpp sw sws fgm csa cse cce hsb da dv dva la lado mash gp hv ep ed ot slcn semh ehcp ehc eha ehe cme yp yo os uk usa us eu "
    "tv pc id ai am pm ok omg cctv nhs nspcc gcse btec vp ap np ppa nqt ect hlta ba ma cv hr tba na nb ie eg etc fyi tbh idk lol "
    "bf gf fb ig sc wk hw cpoms mh sh ptsd ocd odd cbt uti std sti ae bnb bb hmo edt eet neet pdf pta fe he rp po pcso dc ds dci di "
    "ddo cps yot yos yjs plo cog fft dfe doe ks ks1 ks2 ks3 ks4 ey eyfs fs ss hla chscp kcsie prevent ce rc cofe nrm nrpf uasc "
    "gcses od ods iud tbi cat dog pet idva isva marf met ncs scr dbs qts pgce scitt mfl dofe rec nur ncy moo no yr yrs ad dms dm "
    "ww dr mr mrs ms mx st rd ave vs aka asap psa tlr ppt fa cup ufc wwe fifa xl gta ps bbc itv ted isis ira edl bnp uaf nf cso "
    "eip iro cic ico epo sgo lsw asye fnp hba hbv fm eye ear arm leg lgbt lgbtq roi vr ar api url usb pin sim mot hgv fog lidl kfc "
    "jd ymca rspca rnli nasuwt neu gmb asda hsbc td nos thc mdma lsd ket cbd pcp ghb bmi ivf hiv tb cpr aed icu sbc xbox".split()
)
_CONTRACTION = re.compile(r"(?:n't|'re|'ve|'ll|'d|'m|'s|s'|')$")
_SUFFIXES = ("ings", "ing", "edly", "ed", "ers", "er", "ies", "es", "s", "ly", "ness", "ish", "able", "y", "ful", "less", "ation", "isation", "ism", "ist", "ists", "ment", "like", "ers'")  # fmt: skip
_PREFIXES = ("un", "re", "non", "over", "under", "mis", "pre", "post", "anti", "cyber", "out", "self", "ex", "semi", "multi", "co", "step", "half", "mid", "sub", "inter", "super", "hyper")  # fmt: skip


def _lines(name: str) -> list[str]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def fold(word: str) -> str:
    """Lower case without accents, as the lists are kept."""
    lowered = word.lower().translate(_SPECIAL)
    if lowered.isascii():
        return lowered
    split = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in split if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Given names, and every name of the list written by hand."""
    more = {fold(n) for n in " ".join(_lines("more_names.txt")).split()}
    faker = {line[2:] for line in _lines("names.txt") if line[0] == "f"}
    return frozenset(faker | more | cues.GIVEN_WORDS)


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """Family names."""
    return frozenset(line[2:] for line in _lines("names.txt") if line[0] == "l")


@lru_cache(maxsize=1)
def field_words() -> frozenset[str]:
    """What staff and pupils write that no dictionary has."""
    return frozenset(" ".join(_lines("field_words.txt")).split()) | ABBREVIATIONS


@lru_cache(maxsize=1)
def famous() -> list[str]:
    """Names of public cases, laws, tests and works: no private person is meant."""
    return _lines("public_names.txt")


@lru_cache(maxsize=1)
def place_words() -> frozenset[str]:
    """The single words of all known places."""
    words: set[str] = set()
    for name in public().places:
        words.update(re.findall(r"[a-z']{3,}", fold(name)))
    return frozenset(words | {w.removesuffix("'s") for w in words} | {w.replace("'", "") for w in words})


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """Words that staff write often: what a slip of the keyboard may have meant."""
    return frozenset(w for w in _lines("everyday.txt")) | field_words()


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """The language."""
    return frozenset(_lines("english.txt")) | everyday()


@lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether it is a word of the language or the field, also inflected or compound."""
    plain = fold(word).strip("'")
    known = english()
    if plain in known or plain.replace("'", "") in known:
        return True
    bare = _CONTRACTION.sub("", plain)
    return bare in known or _derived(bare, known) or _compound(bare, known)


@lru_cache(maxsize=20_000)
def is_built(word: str) -> bool:
    """Whether it counts as a word only by its parts, as "Lockwood" does."""
    plain = fold(word).strip("'")
    return plain not in english() and (_compound(plain, english()) or not _derived(plain, english()))


def _derived(word: str, known: frozenset[str]) -> bool:
    for suffix in _SUFFIXES:
        stem = word[: -len(suffix)]
        if len(stem) < 3 or not word.endswith(suffix):
            continue
        if suffix == "ies" and stem + "y" in known:
            return True
        if suffix in {"y", "s", "es"} and len(stem) < 4:
            continue
        if stem in known or stem + "e" in known or (stem[-1] == stem[-2] and stem[:-1] in known):
            return True
    return any(
        word.startswith(p) and len(word) > len(p) + 3 and word[len(p) :] in known for p in _PREFIXES
    )


def _compound(word: str, known: frozenset[str]) -> bool:
    """Two everyday words typed as one: "breakfastclub", "classteacher"."""
    if len(word) < 8:
        return False
    common = everyday()
    return any(
        word[:i] in common and word[i:] in common
        for i in range(4, len(word) - 3)
    )

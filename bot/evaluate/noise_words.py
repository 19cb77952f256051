"""Word tables of the typing noise: what is typed, by kind, for what was meant."""

from __future__ import annotations

Table = dict[str, tuple[str, ...]]

TEXT_SPEAK: Table = {
    "you": ("u",), "your": ("ur",), "you're": ("ur",), "are": ("r",), "to": ("2",),
    "too": ("2",), "for": ("4",), "before": ("b4",), "because": ("cos", "bc", "cuz"),
    "please": ("pls", "plz"), "thanks": ("thx", "ta"), "with": ("w", "wiv"),
    "without": ("w/o",), "people": ("ppl",), "tomorrow": ("tmrw", "2moro"),
    "tonight": ("2nite", "tonite"), "today": ("2day",), "yesterday": ("yday",),
    "message": ("msg",), "messages": ("msgs",), "someone": ("sum1", "some1"),
    "everyone": ("every1",), "anyone": ("any1",), "something": ("smth", "sumthing"),
    "about": ("abt",), "know": ("kno",), "what": ("wot", "wat"), "great": ("gr8",),
    "right": ("rite",), "night": ("nite",), "going to": ("gonna",), "want to": ("wanna",),
    "i don't know": ("idk",), "to be honest": ("tbh",), "at the moment": ("atm",),
    "boyfriend": ("bf",), "girlfriend": ("gf",), "and": ("n", "&"), "see": ("c",),
    "okay": ("k",), "have": ("hav",), "that": ("dat", "tht"), "the": ("da", "the"),
    "this": ("dis", "this"), "there": ("ther",), "school": ("skl", "skool"),
    "through": ("thru",), "though": ("tho",), "really": ("rly",), "very": ("v",),
    "year": ("yr",), "minutes": ("mins",), "teacher": ("tchr", "teacher"), "been": ("bin",),
    "just": ("jus",), "said": ("sed",), "says": ("sez",), "from": ("frm",), "phone": ("fone",),
}  # fmt: skip

SLANG: Table = {
    "boy": ("yute", "bruv"), "girl": ("gyal", "peng ting"), "boys": ("mandem", "yutes"),
    "girls": ("gyaldem",), "friend": ("bredrin", "bro"), "friends": ("mandem", "bredrins"),
    "child": ("yute", "kid"), "children": ("yutes", "kids"), "mother": ("mumsy", "mum"),
    "mum": ("mumsy",), "father": ("pops", "dad"), "brother": ("bro", "bruv"), "sister": ("sis",),
    "very": ("bare", "well"), "really": ("bare", "proper"), "a lot of": ("bare",),
    "lots of": ("bare",), "many": ("bare",), "police": ("feds", "jakes"), "home": ("yard",),
    "house": ("yard",), "knife": ("shank", "nank"), "money": ("p's", "dough"),
    "clothes": ("garms", "creps"), "trainers": ("creps",), "fight": ("beef", "scrap"),
    "fighting": ("scrapping",), "stole": ("jacked",), "stealing": ("jacking",),
    "angry": ("vex", "vexed"), "scared": ("shook",), "frightened": ("shook",), "upset": ("vex",),
    "area": ("ends",), "isn't it": ("innit",), "dealing": ("shotting",), "drugs": ("draws",),
    "cannabis": ("bud", "draw"), "weed": ("bud", "draw"), "serious": ("peak",), "sad": ("peak",),
    "good": ("safe", "peng"), "everyone": ("man like everyone",), "hitting": ("banging",),
    "hits": ("bangs",), "boyfriend": ("man", "bf"), "girlfriend": ("wifey", "gf"),
    "ran away": ("ghosted",), "is not": ("ain't",), "isn't": ("ain't",), "leave": ("dip",),
    "left": ("dipped",), "about": ("bout",), "them": ("dem",),
    "they": ("dem man", "they"), "something": ("suttin",), "nothing": ("nuttin",), "thing": ("ting",),
}  # fmt: skip
SLANG_ENDS = ("innit", "fam", "still", "you get me", "bruv", "wallahi", "is it", "swear down")

CONFUSED: Table = {
    "he'll": ("hell",), "we'll": ("well",), "she'll": ("shell",), "i'll": ("ill",),
    "were": ("we're",), "we're": ("were",), "its": ("it's",), "it's": ("its",), "his": ("hid", "is"),
    "from": ("form",), "form": ("from",), "their": ("there", "they're"), "there": ("their",),
    "they're": ("their",), "to": ("too", "ti"), "too": ("to",), "than": ("then",), "then": ("than",),
    "said": ("sais", "sad"), "quiet": ("quite",), "quite": ("quiet",), "angry": ("angrey",),
    "bruise": ("bruce", "brews"), "bruises": ("bruces", "brushes"), "mum": ("mim", "mun"),
    "dad": ("did", "sad"), "hurt": ("hut", "hunt"), "lives": ("loves", "lifes"), "hit": ("git", "hut"),
    "hits": ("huts", "gits"), "school": ("scholl", "scool"), "teacher": ("teaches", "tea her"),
    "worried": ("worries", "worded"), "worry": ("wotty", "wordy"), "child": ("chills", "chilled"),
    "pupil": ("people", "pupils"), "class": ("clads", "glass"), "saw": ("was", "say"),
    "told": ("tols", "toes"), "face": ("fave", "fact"), "arm": ("aem", "and"), "lesson": ("lessen",),
    "marks": ("Mark's", "masks"), "mark": ("Mark", "mask"), "scared": ("scarred", "scare"),
    "home": ("hone", "hole"), "has": ("gas", "had"), "with": ("witch", "wit"), "been": ("bean", "beer"),
    "head": ("heard", "heads"), "coming": ("combing", "common"), "safe": ("sage", "save"),
    "who": ("how", "whole"), "want": ("wany", "went"), "wants": ("ants", "wanys"),
    "family": ("famiky", "famly"), "living": ("loving",), "crying": ("drying", "trying"),
    "referral": ("referal", "referrals"), "threshold": ("threshed", "thresh old"),
    "fucking": ("ducking",), "shit": ("shot", "ship"), "sleeping": ("slipping",), "staff": ("stuff",),
}  # fmt: skip

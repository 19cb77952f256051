"""Words by which roles, children, homes and workplaces are recognised in staff's text.

These are ways of speaking, not facts shown to anybody: facts stand in the content.
"""

# fmt: off
from __future__ import annotations

# Longest first wins in the entity ruler, so "assistant head" is never "head".
ROLES: dict[str, tuple[str, ...]] = {
    "head_and_proprietor": (
        "head and proprietor", "head who owns the school", "headteacher owns the school",
        "head is the proprietor", "head is also the proprietor", "owner and head",
        "proprietor and head", "sole proprietor", "head also owns", "headteacher who owns",
        "head owns the school", "owner and headteacher", "headteacher and owner",
        "head is also the owner", "head is the owner", "owns and runs the school",
        "runs and owns the school", "proprietor", "owner of the school", "school owner",
    ),
    "head_teacher": (
        "head teacher", "headteacher", "head master", "headmaster", "headmistress",
        "executive head", "exec head", "principal", "headtecher", "headteach", "the head",
        "our head", "my head", "acting head", "interim head", "heads", "head of school",
        "head", "ht",
    ),
    "teacher": (
        "teacher", "teachers", "tutor group teacher", "form tutor", "head of year", "hoy",
        "head of department", "hod", "deputy head", "assistant head", "deputy headteacher",
        "assistant headteacher", "vice principal", "deputy principal", "assistant principal",
        "senco", "sendco", "lecturer", "class teacher", "pe teacher", "maths teacher",
        "music teacher", "head of music", "head of pe", "head of maths", "head of english",
        "head of science", "head of drama", "head of sixth form", "head of key stage", "sir",
        "deputy", "teecher", "techer", "nqt", "ect", "dsl", "head of faculty", "head of boarding",
        "member of staff", "staff member", "line manager", "still teaching here", "still teaches here",
        "still works here", "colleague", "collegue", "a staff member",
        "designated safeguarding lead", "safeguarding lead", "early years teacher",
        "nursery teacher", "form teacher", "cover teacher", "subject leader", "nursery manager",
        "room leader", "room leaders", "phase leader", "head of house", "head of sixth", "sencos",
        "music lead", "pastoral lead", "staff nurse", "course leader", "sports lecturer",
    ),
    "teaching_assistant": (
        "teaching assistant", "ta", "tas", "lsa", "hlta", "learning support assistant",
        "classroom assistant", "learning mentor", "one to one", "1:1 support", "sen assistant",
        "nursery nurse", "nursery worker", "nursery practitioner", "key worker", "cover supervisor",
        "one-to-one", "1-1 support", "hltas", "lsas", "sen support", "learning support worker",
        "early years practitioner", "nursery assistant", "room assistant", "intervention ta",
    ),
    "support_staff": (
        "caretaker", "site manager", "premises manager", "dinner lady", "lunchtime supervisor",
        "midday supervisor", "midday meals supervisor", "mms", "receptionist", "school secretary",
        "office staff", "office manager", "admin", "librarian", "technician", "it technician",
        "school nurse", "kitchen assistant", "cook", "kitchen staff", "playground supervisor",
        "site staff", "business manager", "school counsellor", "pastoral worker", "welfare officer",
        "behaviour mentor", "attendance officer", "lab technician", "dinner supervisor",
        "support staff", "lunch lady", "lollipop lady", "school cook", "minibus driver",
        "lollipop man", "crossing patrol", "mds", "mdsa", "midday", "passenger assistant",
        "minibus escort", "bus escort", "transport escort", "groundsman", "premises officer",
        "site officer", "facilities manager", "office lady", "bursar", "exam invigilator",
        "invigilator", "exams officer", "reprographics", "dinner man", "canteen staff",
        "canteen lady", "family liaison officer", "bus supervisor", "housekeeper", "janitor",
    ),
    "supply": (
        "supply teacher", "supply", "supply ta", "agency teacher", "agency ta", "agency staff",
        "agency worker", "supply staff", "cover from agency", "agency cover", "agency", "supply cover",
        "agency teaching assistant", "supply teaching assistant", "day to day supply",
    ),
    "trainee": (
        "trainee teacher", "student teacher", "pgce student", "trainee", "pgce", "scitt",
        "work experience student", "apprentice", "placement student", "teaching student",
        "student on placement", "pgce trainee", "school direct",
    ),
    "volunteer": (
        "volunteer", "volunteers", "parent helper", "parent volunteer", "reading volunteer",
        "volunteer reader", "reading helper", "volunteering",
    ),
    "contractor": (
        "contractor", "builder", "builders", "electrician", "plumber", "cleaner", "cleaning company",
        "catering company", "caterer", "security guard", "workman", "workmen", "taxi driver",
        "bus driver", "coach driver", "photographer", "school photographer", "escort on the bus",
        "decorator", "window cleaner", "delivery driver", "roofer", "scaffolder", "security guy",
        "school bus driver", "cab driver", "cabbie", "it contractor",
    ),
    "lettings": (
        "lettings", "hires our hall", "hires the hall", "hire our hall", "hire the hall",
        "hires our premises", "hires the pitch", "uses our hall", "rents our hall", "rents the hall",
        "holiday camp", "hirer", "lets our hall", "club that hires", "club which hires",
        "hiring the hall", "hiring our hall", "rent our hall", "hire our gym", "hires our gym",
        "hires the gym", "hires the sports hall", "hires our sports hall", "rents the sports hall",
        "rents our", "hires our", "hires out the", "hire the school hall", "hires the school",
        "saturday school that rents", "lets the hall", "renting the hall", "renting our hall",
        "lettings club", "outside club", "holiday club", "weekend dance school",
    ),
    "coach": (
        "football coach", "sports coach", "swimming coach", "basketball coach", "boxing coach",
        "gymnastics coach", "athletics coach", "cricket coach", "tennis coach", "dance teacher",
        "swimming teacher", "martial arts instructor", "karate instructor", "coach", "pe coach",
        "scout leader", "club leader", "youth worker", "football trainer", "swim instructor",
        "judo coach", "rugby coach", "drama club leader", "beaver leader", "cub leader", "lifeguard",
        "wrestling coach", "netball coach", "sports instructor", "forest school leader",
 "dance coach", "instructor", "after school club leader",
        "after-school club worker", "breakfast club worker", "playworker", "youth club leader",
    ),
    "tutor": (
        "private tutor", "maths tutor", "home tutor", "tutor", "peripatetic music teacher",
        "piano teacher", "violin teacher", "guitar teacher", "music tutor", "english tutor",
        "peri music teacher", "peripatetic teacher", "online tutor",
    ),
    "faith_leader": (
        "imam", "maulana", "rebbe", "rabbi", "priest", "vicar", "pastor", "faith leader", "sunday school teacher",
        "madrassah teacher", "madrasah teacher", "madrassa teacher", "mosque teacher", "religious leader",
        "youth pastor", "church leader", "quran teacher", "koran teacher", "yeshiva teacher",
        "cheder teacher", "ustad", "ustadh", "ustadha", "youth minister", "altar server leader", "bible teacher", "melamed", "choirmaster", "bible class leader", "religious teacher",
    ),
    "foster_carer": ("foster carer", "foster mum", "foster dad", "foster mother", "foster father", "foster parent", "foster parents", "foster carers"),
    "chair_of_governors": ("chair of governors", "chair of the governors", "chair of gov", "chair of the governing body", "chair of trustees", "cog", "chair of govs", "chair of the govs", "chair of the board", "governors' chair"),
    "governor": ("governor", "school governor", "parent governor", "trustee", "member of the governing body", "link governor"),
    "other_professional": (
        "social worker", "police officer", "ed psych", "educational psychologist", "therapist",
        "speech therapist", "speech and language therapist", "counsellor", "gp", "doctor", "nurse",
        "health visitor", "childminder", "nanny", "paediatrician", "camhs worker", "residential worker",
        "children's home worker", "safer schools officer", "school police officer", "babysitter",
    ),
}

# Words that with an "s" are something else: a verb, mostly.
NO_PLURAL = frozenset({"cook", "supply", "escort", "sir", "ht", "cog", "admin", "midday", "agency", "deputy", "coach"})

# Words for the adult in pupils' mouths that are only a role with an act beside them.
CHILD_WORDS: tuple[str, ...] = (
    "child", "children", "kid", "kids", "pupil", "pupils", "student", "students", "boy", "boys",
    "girl", "girls", "baby", "babies", "toddler", "infant", "lad", "son", "daughter", "sibling",
    "siblings", "brother", "sister", "teenager", "young person", "yp", "newborn", "little one",
    "learner", "twins", "bubba", "class", "year", "yr", "reception", "stepson", "stepdaughter",
    "he", "she", "they", "him", "her",
)
FAMILY_WORDS: tuple[str, ...] = (
    "family", "mum", "mother", "dad", "father", "parent", "parents", "stepdad", "step dad",
    "stepmum", "step mum", "nan", "gran", "grandma", "grandmother", "grandad", "uncle", "aunt", "stepfather", "stepmother", "step father", "step mother", "granddad", "grandfather", "mummys boyfriend", "mum's boyfriend", "nana",
    "auntie", "mummy", "daddy", "mam", "carer", "foster", "guardian", "household", "mums boyfriend",
)
LIVES_CUES: tuple[str, ...] = (
    "live", "lives", "living", "lived", "home", "house", "flat", "address", "resident", "residents",
    "resides", "residing", "stays", "staying", "moved", "moving", "estate", "hostel", "housed",
    "from", "postcode", "refuge", "temp accommodation", "temporary accommodation", "b&b",
    "bnb", "placed with", "sofa surfing", "borough of residence", "council flat", "over in", "based at home",
)
WORKS_CUES: tuple[str, ...] = (
    "school", "schools", "college", "nursery", "setting", "academy", "works", "work", "working",
    "worked", "employed", "teaches", "teaching at", "based", "site", "campus", "club", "church",
    "mosque", "synagogue", "workplace", "job", "volunteers", "centre", "runs", "employer",
    "placement", "assigned", "here in", "we are in", "were in", "we're in", "madrassah", "madrasah",
    "premises", "hall", "pool", "gym", "pitch", "coaches", "tutors in", "primary", "secondary",
    "infants", "with us in", "ours is in", "sixth form", "pru", "children's centre", "mosque is",
)
NOT_NOW_HOME: tuple[str, ...] = ("used to live", "lived in", "moved out of", "moved away from", "previously lived", "formerly")
CONSENT_YES: tuple[str, ...] = (
    "would like some help", "would like help", "wants help", "wants some help", "asked for help",
    "asking for help", "asked us for help", "happy for us to refer", "agreed to a referral",
    "agrees to a referral", "mum agrees", "dad agrees", "parents agree", "mum has agreed",
    "happy to be referred", "has given consent", "gave consent", "have consent", "has consented",
    "wants support", "would like support", "asked for support", "asking for support", "consents",
    "open to help", "open to support", "mum is keen for help", "welcomes help", "would welcome",
    "said yes to help", "said yes to early help", "happy to have help", "is happy for help",
    "she would like some help", "begging for help", "glad of some help", "glad of some support", "glad of help", "would be glad of", "would love some help", "keen for help", "keen for support", "wants us to help", "said yes to a referral", "parents consent",
)
CONSENT_NO: tuple[str, ...] = (
    "refused consent", "refuses consent", "wont consent", "won't consent", "does not consent",
    "doesn't consent", "doesnt consent", "refuses help", "refused help", "declined help",
    "declined support", "refused support", "refuses support", "wont engage", "won't engage",
    "doesn't want help", "doesnt want help", "does not want help", "not want us to refer",
    "dont want us to refer", "don't want us to refer", "said no to help", "said no to early help",
    "said no to a referral", "turned down help", "wants nothing from us", "no consent",
)
SAFE_NOW: tuple[str, ...] = (
    "safe with me", "safe now", "safe at the moment", "safe in school", "no immediate danger",
    "not in immediate danger", "no one is in danger", "nobody is in danger", "no-one is in danger",
    "not in danger", "everyone is safe", "everyone's safe", "everyone safe", "all safe",
    "currently safe", "no danger", "child is safe", "she is safe", "he is safe", "they are safe",
    "shes safe", "hes safe", "she's safe", "he's safe", "safe right now", "is safe today", "no immediate risk",
)
REPEATED: tuple[str, ...] = (
    "again", "third time", "second time", "fourth time", "keeps happening", "not the first time",
    "repeatedly", "over and over", "another referral", "referred before", "we referred last",
    "same concern as last", "ongoing for months", "reported before", "previous referral",
    "several times before", "logged before", "lots of logs", "multiple logs", "keeps coming up",
)
SOCIAL_WORKER: tuple[str, ...] = (
    "has a social worker", "got a social worker", "allocated social worker", "their social worker",
    "his social worker", "her social worker", "child protection plan", "on a cp plan",
    "on a child in need plan", "on a cin plan", "open to social care", "open to children's social care",
    "open to childrens social care", "already known to social services", "looked after child", "is on a plan",
    "the social worker", "already open to",
)

"""Enumerations shared by content, messages, vignettes and scenarios.

Every id that two parts of the system exchange is listed here, and nowhere else.
"""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A closed vocabulary whose members are plain strings."""

    def __str__(self) -> str:
        return str(self.value)


class Borough(Word):
    """Where a child lives or an adult works."""

    city = "city"
    hackney = "hackney"
    other = "other"
    unknown = "unknown"


class Scope(Word):
    """For which borough an entry holds."""

    city = "city"
    hackney = "hackney"
    both = "both"
    national = "national"


class Status(Word):
    """How sure an entry is."""

    verified = "verified"
    unverified = "unverified"
    superseded = "superseded"


class Answer(Word):
    """An answer to a yes/no question."""

    yes = "yes"
    no = "no"
    unsure = "unsure"


class ConsentState(Word):
    """What is known of the parents' consent."""

    yes = "yes"
    no = "no"
    unsure = "unsure"
    not_asked = "not_asked"


class Topic(Word):
    """What a talk is about."""

    child = "child"
    adult = "adult"
    resource = "resource"
    me = "me"


class QuestionId(Word):
    """Stable ids of the questions."""

    topic = "topic"
    safe_now = "safe_now"
    child_borough = "child_borough"
    indicators = "indicators"
    consent = "consent"
    child_age = "child_age"
    setting_borough = "setting_borough"
    adult_role = "adult_role"
    about_head = "about_head"
    harm_test = "harm_test"
    resource_topic = "resource_topic"
    more = "more"


class AdultRole(Word):
    """Roles of adults who work with children."""

    teacher = "teacher"
    teaching_assistant = "teaching_assistant"
    support_staff = "support_staff"
    supply = "supply"
    trainee = "trainee"
    volunteer = "volunteer"
    contractor = "contractor"
    lettings = "lettings"
    head_teacher = "head_teacher"
    head_and_proprietor = "head_and_proprietor"
    governor = "governor"
    chair_of_governors = "chair_of_governors"
    coach = "coach"
    tutor = "tutor"
    faith_leader = "faith_leader"
    foster_carer = "foster_carer"
    other_professional = "other_professional"


class Route(Word):
    """Outcomes of a journey."""

    emergency = "emergency"
    child_protection = "child_protection"
    child_in_need = "child_in_need"
    early_help = "early_help"
    universal = "universal"
    lado = "lado"
    low_level_concern = "low_level_concern"
    governors = "governors"
    other_borough = "other_borough"
    resource = "resource"
    support_for_self = "support_for_self"
    out_of_scope = "out_of_scope"


class Tell(Word):
    """Who is to be informed."""

    police = "police"
    dsl = "dsl"
    head_teacher = "head_teacher"
    chair_of_governors = "chair_of_governors"
    proprietor = "proprietor"
    lado = "lado"
    front_door = "front_door"
    agency = "agency"
    parents = "parents"


class DoNot(Word):
    """What is not to be done."""

    investigate = "investigate"
    tell_the_adult = "tell_the_adult"
    promise_confidentiality = "promise_confidentiality"
    question_the_child = "question_the_child"
    delay = "delay"
    tell_the_family = "tell_the_family"
    view_images = "view_images"
    contact_other_parties = "contact_other_parties"


class Deadline(Word):
    """By when."""

    immediately = "immediately"
    same_day = "same_day"
    one_working_day = "one_working_day"
    forty_eight_hours_in_writing = "forty_eight_hours_in_writing"
    none = "none"


class AgeBand(Word):
    """Ages of children, in bands."""

    unborn = "unborn"
    under_1 = "under_1"
    under_5 = "under_5"
    age_5_to_11 = "5_to_11"
    age_12_to_15 = "12_to_15"
    age_16_to_17 = "16_to_17"


class Domain(Word):
    """Parts of a child's life that indicators speak of."""

    development = "development"
    education = "education"
    health = "health"
    emotional_wellbeing = "emotional_wellbeing"
    behaviour = "behaviour"
    identity = "identity"
    family_and_parenting = "family_and_parenting"
    basic_care = "basic_care"
    housing_and_money = "housing_and_money"
    physical_abuse = "physical_abuse"
    emotional_abuse = "emotional_abuse"
    sexual_abuse = "sexual_abuse"
    neglect = "neglect"
    domestic_abuse = "domestic_abuse"
    parental_substance_misuse = "parental_substance_misuse"
    parental_mental_ill_health = "parental_mental_ill_health"
    child_on_child = "child_on_child"
    sexual_exploitation = "sexual_exploitation"
    criminal_exploitation = "criminal_exploitation"
    serious_violence = "serious_violence"
    online_harm = "online_harm"
    radicalisation = "radicalisation"
    fgm = "fgm"
    forced_marriage_and_honour = "forced_marriage_and_honour"
    faith_linked_abuse = "faith_linked_abuse"
    trafficking = "trafficking"
    missing = "missing"
    absence = "absence"
    elective_home_education = "elective_home_education"
    young_carer = "young_carer"
    bereavement = "bereavement"
    self_harm_and_suicide = "self_harm_and_suicide"
    fabricated_illness = "fabricated_illness"
    injury_in_baby = "injury_in_baby"
    unborn_child = "unborn_child"
    private_fostering = "private_fostering"
    unaccompanied_child = "unaccompanied_child"
    disability = "disability"


# The ladder on which under-triage is judged: lowest first.
LADDER: tuple[str, ...] = (
    "universal",
    "early_help",
    "child_in_need",
    "child_protection",
    "emergency",
)

# The ladder of an allegation, lowest first; a concern about a head goes to the governors.
ADULT_LADDER: dict[str, int] = {"low_level_concern": 0, "governors": 0, "lado": 1}
# How soon, slowest first.
HASTE: tuple[str, ...] = (
    "none",
    "forty_eight_hours_in_writing",
    "one_working_day",
    "same_day",
    "immediately",
)

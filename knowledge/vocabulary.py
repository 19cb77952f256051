"""Enumerations shared by content, messages, vignettes and scenarios.

Every id that two parts of the system exchange is listed here, and nowhere else.
"""

from __future__ import annotations

from enum import Enum


class Word(str, Enum):
    """A closed vocabulary whose members are plain strings."""

    def __str__(self) -> str:
        return str(self.value)


Borough = Word("Borough", {b: b for b in ("city", "hackney", "other", "unknown")})
Scope = Word("Scope", {s: s for s in ("city", "hackney", "both", "national")})
Status = Word("Status", {s: s for s in ("verified", "unverified", "superseded")})
Answer = Word("Answer", {a: a for a in ("yes", "no", "unsure")})
Topic = Word("Topic", {t: t for t in ("child", "adult", "resource", "me")})

QuestionId = Word(
    "QuestionId",
    {
        q: q
        for q in (
            "topic",
            "safe_now",
            "child_borough",
            "indicators",
            "consent",
            "child_age",
            "setting_borough",
            "adult_role",
            "about_head",
            "harm_test",
            "resource_topic",
            "more",
        )
    },
)

AdultRole = Word(
    "AdultRole",
    {
        r: r
        for r in (
            "teacher",
            "teaching_assistant",
            "support_staff",
            "supply",
            "trainee",
            "volunteer",
            "contractor",
            "lettings",
            "head_teacher",
            "head_and_proprietor",
            "governor",
            "chair_of_governors",
            "coach",
            "tutor",
            "faith_leader",
            "foster_carer",
            "other_professional",
        )
    },
)

Route = Word(
    "Route",
    {
        r: r
        for r in (
            "emergency",
            "child_protection",
            "child_in_need",
            "early_help",
            "universal",
            "lado",
            "low_level_concern",
            "governors",
            "other_borough",
            "resource",
            "support_for_self",
            "out_of_scope",
        )
    },
)

Tell = Word(
    "Tell",
    {
        t: t
        for t in (
            "police",
            "dsl",
            "head_teacher",
            "chair_of_governors",
            "proprietor",
            "lado",
            "front_door",
            "agency",
            "parents",
        )
    },
)

DoNot = Word(
    "DoNot",
    {
        d: d
        for d in (
            "investigate",
            "tell_the_adult",
            "promise_confidentiality",
            "question_the_child",
            "delay",
            "tell_the_family",
            "view_images",
            "contact_other_parties",
        )
    },
)

Deadline = Word(
    "Deadline",
    {
        d: d
        for d in (
            "immediately",
            "same_day",
            "one_working_day",
            "forty_eight_hours_in_writing",
            "none",
        )
    },
)

AgeBand = Word(
    "AgeBand",
    {
        "unborn": "unborn",
        "under_1": "under_1",
        "under_5": "under_5",
        "5_to_11": "5_to_11",
        "12_to_15": "12_to_15",
        "16_to_17": "16_to_17",
    },
)

Domain = Word(
    "Domain",
    {
        d: d
        for d in (
            "development",
            "education",
            "health",
            "emotional_wellbeing",
            "behaviour",
            "identity",
            "family_and_parenting",
            "basic_care",
            "housing_and_money",
            "physical_abuse",
            "emotional_abuse",
            "sexual_abuse",
            "neglect",
            "domestic_abuse",
            "parental_substance_misuse",
            "parental_mental_ill_health",
            "child_on_child",
            "sexual_exploitation",
            "criminal_exploitation",
            "serious_violence",
            "online_harm",
            "radicalisation",
            "fgm",
            "forced_marriage_and_honour",
            "faith_linked_abuse",
            "trafficking",
            "missing",
            "absence",
            "elective_home_education",
            "young_carer",
            "bereavement",
            "self_harm_and_suicide",
            "fabricated_illness",
            "injury_in_baby",
            "unborn_child",
            "private_fostering",
            "unaccompanied_child",
            "disability",
        )
    },
)

# The ladder on which under-triage is judged: lowest first.
LADDER: tuple[str, ...] = (
    "universal",
    "early_help",
    "child_in_need",
    "child_protection",
    "emergency",
)

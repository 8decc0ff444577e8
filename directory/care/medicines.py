"""The questions that groups of medicines raise before needling and about restless legs. Pure.

It asks and never advises: nothing here says to start, stop or change a medicine. The groups are those that guidelines
name for restless legs (AASM 2025, Mayo Clinic 2021), with those that make bleeding likelier (Hsieh 2023). Names that
belong to a group are generic names, which are public; a name that is not known here says nothing about a medicine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from directory.guide.evidence import AASM, HSIEH
from directory.guide.words import N_, Source, Statement

MAYO: Final = Source(
    "Silber 2021, Mayo Clinic Proceedings", "https://doi.org/10.1016/j.mayocp.2020.12.026", reread=False
)


class Group(StrEnum):
    """What a medicine belongs to, in the order in which questions are shown."""

    BLOOD_THINNER = "blood_thinner"
    DROWSY_ANTIHISTAMINE = "drowsy_antihistamine"
    ANTIDEPRESSANT = "antidepressant"
    DOPAMINE_BLOCKER = "dopamine_blocker"
    DOPAMINE = "dopamine"
    IRON = "iron"


@dataclass(frozen=True, slots=True)
class Questions:
    """What a group raises; all words are msgids. ``name`` is how a patient says that they take one of it."""

    name: str
    examples: str
    why: Statement
    prescriber: tuple[str, ...]
    """For whoever prescribes, or a pharmacist."""
    practitioner: tuple[str, ...] = ()


QUESTIONS: Final[Mapping[Group, Questions]] = {
    Group.BLOOD_THINNER: Questions(
        N_("A medicine against blood clots"),
        N_("warfarin, apixaban, rivaroxaban, heparin, clopidogrel, aspirin every day"),
        Statement(N_("With some of these, small bleeds from needles are more likely."), (HSIEH,)),
        (
            N_("I am thinking of acupuncture. Is there anything you want the practitioner to know or to leave out?"),
            N_("Are my blood tests as you want them to be?"),
        ),
        (
            N_("How do you work with people who bleed easily, and how long do you press afterwards?"),
            N_("What do I do if a spot goes on bleeding at home?"),
        ),
    ),
    Group.DROWSY_ANTIHISTAMINE: Questions(
        N_("An allergy, cold or sleep medicine that makes drowsy"),
        N_("diphenhydramine, doxylamine, promethazine, hydroxyzine, chlorphenamine"),
        Statement(N_("Guidelines name these among what can make restless legs worse."), (AASM, MAYO)),
        (
            N_("Could this one play a part in my restless legs?"),
            N_("Is there another for the same trouble that makes less drowsy?"),
        ),
    ),
    Group.ANTIDEPRESSANT: Questions(
        N_("A medicine for depression or anxiety"),
        N_("sertraline, citalopram, venlafaxine, mirtazapine, amitriptyline"),
        Statement(N_("Guidelines name many of these among what can make restless legs worse."), (AASM, MAYO)),
        (
            N_("Did my legs change after I began it, or after a change of the dose?"),
            N_("Could it play a part, and what would you weigh before changing anything?"),
        ),
    ),
    Group.DOPAMINE_BLOCKER: Questions(
        N_("A medicine for nausea or psychosis that blocks dopamine"),
        N_("metoclopramide, prochlorperazine, haloperidol, olanzapine, quetiapine"),
        Statement(
            N_(
                "These can make restless legs worse. They can also cause a restlessness of the whole body that feels "
                "much like it."
            ),
            (AASM, MAYO),
        ),
        (
            N_("Could this one play a part, or cause the restlessness by itself?"),
            N_("Is there another that does not block dopamine?"),
        ),
    ),
    Group.DOPAMINE: Questions(
        N_("A medicine for restless legs that acts like dopamine"),
        N_("pramipexole, ropinirole, rotigotine, levodopa"),
        Statement(
            N_(
                "After months or years these can make restless legs begin earlier in the day, come faster or spread to "
                "the arms. This is called augmentation. They can also bring strong urges to gamble, buy, eat or have "
                "sex."
            ),
            (AASM, MAYO),
        ),
        (
            N_("Do my legs begin earlier, come faster or spread since I take it?"),
            N_("Are there new urges, mine or ones that others notice?"),
            N_("If it is augmentation, how do we go on from here together?"),
        ),
        (N_("Will you wait for my prescriber if my legs are getting worse on it?"),),
    ),
    Group.IRON: Questions(
        N_("Iron"),
        N_("tablets, drops or infusions; many vitamins hold some too"),
        Statement(
            N_("Iron is tested in the morning, and guidelines ask to leave iron out for 24 hours before the test."),
            (AASM,),
        ),
        (
            N_("What were my ferritin and transferrin saturation, and when?"),
            N_("When are they tested again, and how do I take iron around the test?"),
            N_("Does the iron get in the way of another medicine I take?"),
        ),
    ),
}

WITHOUT_IRON: Final = N_("Were my ferritin and transferrin saturation tested, and what were they?")
"""For whoever takes none."""
FOR_EVERYBODY: Final = N_("Could one of these play a part in my restless legs?")

_NAMES: Final[Mapping[Group, frozenset[str]]] = {
    Group.BLOOD_THINNER: frozenset(
        {
            *("acenocoumarol", "apixaban", "aspirin", "clopidogrel", "dabigatran", "dalteparin", "dipyridamole"),
            *("edoxaban", "enoxaparin", "fondaparinux", "heparin", "phenprocoumon", "prasugrel", "rivaroxaban"),
            *("ticagrelor", "tinzaparin", "warfarin"),
        }
    ),
    Group.DROWSY_ANTIHISTAMINE: frozenset(
        {
            *("chlorphenamine", "chlorpheniramine", "cinnarizine", "cyclizine", "cyproheptadine", "dimenhydrinate"),
            *("diphenhydramine", "doxylamine", "hydroxyzine", "meclizine", "promethazine", "triprolidine"),
        }
    ),
    Group.ANTIDEPRESSANT: frozenset(
        {
            *("amitriptyline", "citalopram", "clomipramine", "desvenlafaxine", "doxepin", "duloxetine"),
            *("escitalopram", "fluoxetine", "fluvoxamine", "imipramine", "mirtazapine", "nortriptyline"),
            *("paroxetine", "sertraline", "venlafaxine", "vortioxetine"),
        }
    ),
    Group.DOPAMINE_BLOCKER: frozenset(
        {
            *("amisulpride", "aripiprazole", "chlorpromazine", "droperidol", "haloperidol", "metoclopramide"),
            *("olanzapine", "paliperidone", "prochlorperazine", "promethazine", "quetiapine", "risperidone"),
            *("sulpiride", "ziprasidone"),
        }
    ),
    Group.DOPAMINE: frozenset({"cabergoline", "levodopa", "pramipexole", "ropinirole", "rotigotine"}),
    Group.IRON: frozenset({"ferric", "ferrous", "iron"}),
}
_WORD: Final = re.compile(r"[a-z]+")


def recognised(names: Iterable[str]) -> frozenset[Group]:
    """The groups of the generic names that stand in these texts, as whole words. None found means nothing."""
    words = {word for name in names for word in _WORD.findall(_plain(name))}
    return frozenset(group for group, known in _NAMES.items() if words & known)


def to_ask(groups: Collection[Group]) -> tuple[tuple[Group, Questions], ...]:
    """The questions of these groups, each group once and in the order of the list."""
    return tuple((group, questions) for group, questions in QUESTIONS.items() if group in groups)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))

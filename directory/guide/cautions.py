"""What somebody who told us of a condition should do first, and what to raise with a practitioner.

It flags and asks and never clears anybody. Practitioners cannot edit any of it. The codes are those the screening
keeps; which of them a practitioner has answered is decided there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from directory.guide.emergency import CDC, WHEN_TO_CALL
from directory.guide.evidence import AACP, AASM, BACC, HSIEH, NHS
from directory.guide.words import N_, Source, Statement

MCCULLOCH = Source("McCulloch 2015, anticoagulants and acupuncture", "https://doi.org/10.7812/TPP/14-057", reread=False)
WHO = Source(
    "WHO 1999, basic training and safety in acupuncture",
    "https://iris.who.int/handle/10665/66007",
    reread=False,
)
SIERPINA = Source(
    "Sierpina 2005, acupuncture: a clinical review",
    "https://www.medscape.com/viewarticle/501973_6",
    date(2026, 11, 26),
)
MCMASTER = Source(
    "McMaster University, when needling is not done",
    "https://acupuncture.mcmaster.ca/courses/acupuncture-needling-contraindications-and-potential-adverse-effects/",
    date(2026, 11, 26),
)
KIDNEY_CARE = Source(
    "Kidney Care UK, vascular access",
    "https://kidneycareuk.org/kidney-disease-information/treatments/vascular-access-for-dialysis/",
    reread=False,
)
NEUROPATHY = Source("NHS, Peripheral neuropathy", "https://www.nhs.uk/conditions/peripheral-neuropathy/", reread=False)
IMPLANTS = Source("AACP, safe practice guideline 2012", "https://www.aacp.org.uk/", reread=False)

OWN_RULES: Final = frozenset({"needle_phobia"})
"""Cautions that say nothing about health, only whom this service lists; every other one names a source."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one caution; all are msgids.

    ``name`` is what a patient sees of their own answer; ``advice`` is what to do before a visit, with what it rests
    on; ``ask`` is the question for the practitioner.
    """

    name: str
    advice: Statement
    ask: str


CAUTIONS: Final[Mapping[str, Words]] = {
    "bleeding_disorder": Words(
        N_("A bleeding disorder"),
        Statement(
            N_(
                "You have a bleeding disorder. Ask the team that looks after it before any needling, and tell the "
                "practitioner."
            ),
            (NHS,),
        ),
        N_("Do you work with people who bleed easily, and what do you do differently?"),
    ),
    "active_infection": Words(
        N_("An infection, a fever or broken skin"),
        Statement(
            N_(
                "You have an infection, a fever or broken skin. No needles go through infected or broken skin. See a "
                "doctor first, and put the visit off until it is over."
            ),
            (NHS,),
        ),
        N_("How long after an infection should I wait before I come?"),
    ),
    "immune_suppression": Words(
        N_("A weakened immune system or a heart valve problem"),
        Statement(
            N_(
                "Your body may fight an infection less well. Ask the team that treats you before a first visit. "
                "Needles that stay in the skin for days are usually avoided."
            ),
            (MCMASTER,),
        ),
        N_("How do you keep needling clean, and do you leave any needle in?"),
    ),
    "cancer": Words(
        N_("Cancer, now or before"),
        Statement(
            N_(
                "You have or had cancer. Ask the team that treats you before a first visit. Needles do not go into a "
                "tumour, a scar or an unstable spine."
            ),
            (WHO,),
        ),
        N_("Which parts of my body would you leave out?"),
    ),
    "kidney_failure": Words(
        N_("Kidney failure or dialysis"),
        Statement(
            N_(
                "Restless legs can come from kidney failure. Ask your kidney team first. The arm with the fistula is "
                "not needled."
            ),
            (AASM, KIDNEY_CARE),
        ),
        N_("Have you seen people on dialysis, and will you write to my kidney team?"),
    ),
    "bipolar_psychosis_or_dementia": Words(
        N_("Bipolar disorder, psychosis or dementia"),
        Statement(
            N_(
                "Some medicines cause a restlessness that feels like restless legs. Talk to the clinician who treats "
                "you first, and take somebody with you if consent is hard to give."
            ),
            (AASM, SIERPINA),
        ),
        N_("May I bring somebody who knows me, and how do you ask for my consent?"),
    ),
    "worse_or_urges_on_a_dopamine_medicine": Words(
        N_("Worse restless legs, or strong urges, on a dopamine medicine"),
        Statement(
            N_(
                "Restless legs that come earlier or spread, or new urges to gamble, buy or eat, can be caused by "
                "dopamine medicines. Tell the person who prescribes yours soon. Do not stop it by yourself."
            ),
            (AASM,),
        ),
        N_("Will you wait for my prescriber before we begin?"),
    ),
    "placenta_praevia": Words(
        N_("A low-lying placenta"),
        Statement(
            N_("You were told of a low-lying placenta. Ask your midwife or doctor before a first visit."),
            (WHO, AACP),
        ),
        N_("Do you see people with a low-lying placenta, and what do you leave out?"),
    ),
    "cervical_suture": Words(
        N_("A stitch in the cervix"),
        Statement(
            N_("You have a stitch in the cervix. Ask your midwife or doctor before a first visit."),
            (WHO, AACP),
        ),
        N_("Do you see people with a stitch in the cervix, and what do you leave out?"),
    ),
    "threatened_preterm_birth": Words(
        N_("A risk of birth before 37 weeks"),
        Statement(
            N_("You were told of a risk of an early birth. Ask your midwife or doctor before a first visit."),
            (WHO, AACP),
        ),
        N_("Do you see people at risk of an early birth, and what do you leave out?"),
    ),
    "multiple_pregnancy": Words(
        N_("Twins or more"),
        Statement(
            N_("You expect more than one baby. Ask your midwife or doctor before a first visit."),
            (WHO, AACP),
        ),
        N_("How do you work with somebody who expects twins or more?"),
    ),
    "previous_loss": Words(
        N_("An earlier loss of a pregnancy"),
        Statement(
            N_(
                "You lost a pregnancy before. Ask your midwife or doctor before a first visit, and say to the "
                "practitioner as much of it as you wish."
            ),
            (WHO, AACP),
        ),
        N_("Which points do you leave out after an earlier loss?"),
    ),
    "swelling_of_both_legs": Words(
        N_("Swelling of both legs in pregnancy"),
        Statement(
            N_(
                "Both your legs are swollen. Have your midwife or doctor look at them and measure your blood pressure "
                "before a first visit."
            ),
            (CDC, WHEN_TO_CALL),
        ),
        N_("Do you needle swollen legs, or do you leave them out?"),
    ),
    "anticoagulant": Words(
        N_("A medicine against blood clots"),
        Statement(
            N_(
                "You take a medicine against blood clots, so small bleeds are more likely. Tell whoever manages your "
                "anticoagulant, and do not change the dose yourself."
            ),
            (HSIEH, MCCULLOCH),
        ),
        N_("How do you work with people who bleed easily, and how long do you press afterwards?"),
    ),
    "pacemaker_or_implanted_device": Words(
        N_("A pacemaker or another implanted device"),
        Statement(
            N_(
                "You have a pacemaker, a defibrillator, a nerve stimulator or a pump. Electro-acupuncture is not done "
                "with these. Tell the practitioner before the visit."
            ),
            (BACC,),
        ),
        N_("Will you work by hand only, without any current?"),
    ),
    "lymphoedema_limb": Words(
        N_("Lymphoedema, or lymph nodes removed"),
        Statement(
            N_(
                "You have lymphoedema or had lymph nodes removed. That limb is not needled. Say which one before the "
                "visit."
            ),
            (BACC,),
        ),
        N_("Will you leave this limb out at every visit?"),
    ),
    "epilepsy": Words(
        N_("Epilepsy"),
        Statement(
            N_(
                "You have epilepsy. Say so before the visit. With seizures that are not under control, "
                "electro-acupuncture is avoided."
            ),
            (AACP,),
        ),
        N_("May I lie down, and will you do without strong stimulation?"),
    ),
    "metal_allergy": Words(
        N_("An allergy to a metal"),
        Statement(N_("You are allergic to a metal, such as nickel. Say so before the visit."), (NHS,)),
        N_("What are your needles made of, and do you have coated ones or a way without needles?"),
    ),
    "needle_phobia": Words(
        N_("No needles"),
        Statement(N_("You would rather not have needles at all, so we list only people who offer a way without them.")),
        N_("What would a visit without any needle be like?"),
    ),
    "pregnancy": Words(
        N_("Pregnant, or maybe pregnant"),
        Statement(N_("You are or may be pregnant. Tell the practitioner, and your midwife or doctor."), (AACP,)),
        N_("What do you avoid in pregnancy, and whom do you call when something worries you?"),
    ),
    "numb_feet_or_diabetes": Words(
        N_("Diabetes, numb feet or poor circulation"),
        Statement(
            N_(
                "An injury to a numb foot can go unnoticed, and numb feet can feel like restless legs. Have your feet "
                "checked, and say so before the visit."
            ),
            (NEUROPATHY,),
        ),
        N_("Do you look at my feet before and after, and do you leave them out?"),
    ),
    "joint_or_other_implant": Words(
        N_("A new joint or another implant"),
        Statement(
            N_(
                "You have a new joint, a plate, a filler or another implant. Needles do not go over it, and current "
                "stays away from metal. Say where it is before the visit."
            ),
            (IMPLANTS,),
        ),
        N_("Will you leave out the place of my implant?"),
    ),
    "nervous_of_needles": Words(
        N_("Nervous of needles, or fainted once"),
        Statement(
            N_(
                "You are nervous of needles or have fainted. Say so before the first one. Eat something before the "
                "visit, and ask to lie down."
            ),
            (NHS, SIERPINA),
        ),
        N_("May I lie down, begin with few needles, and have you stop when I say so?"),
    ),
    "drowsy_from_medicine_or_alcohol": Words(
        N_("Something that makes drowsy"),
        Statement(
            N_(
                "You take something that makes drowsy, or drink alcohol. Some people are sleepy after a treatment: "
                "have somebody else drive, and do not come after drinking."
            ),
            (NHS,),
        ),
        N_("How long should I rest before I go home?"),
    ),
}
"""By the code the screening keeps."""

ANSWERS: Final[Mapping[str, str]] = {
    "anticoagulant_bleeding_protocol": N_("They say they follow a written protocol for people who bleed easily."),
    "lymphoedema_limb_avoidance": N_("They say they never needle a limb with lymphoedema."),
    "works_without_needles": N_("They say they also work without needles."),
    "no_electro_acupuncture": N_("Electro-acupuncture is not among the ways of working they state."),
}
"""What a practitioner has said that answers a caution: their own statement, which we have not checked."""

NEVER_CLEARS: Final = Statement(
    N_(
        "These are things to raise. That nothing stands here does not mean that a treatment is right for you: ask the "
        "person who knows your health."
    )
)

QUESTIONS: Final = (
    N_("Which licence or register are you in, and until when?"),
    N_("How many people with restless legs syndrome (RLS) have you seen in the last 24 months?"),
    N_("How do you tell restless legs from cramps or from a nerve problem?"),
    N_("Do you ask for ferritin results?"),
    N_("How will we notice a change, and when do we decide to stop?"),
    N_("What does a visit cost, and how many are usual?"),
    N_("Whom do you contact if something worries you?"),
    N_("May I stand up when my legs need to move, and come at a time of day that suits them?"),
)
"""What anybody may ask before a first visit."""

FURTHER_QUESTIONS: Final = (
    N_("Where did you study, and was the course accredited then?"),
    N_("What points or ways of working do you leave out with me?"),
    N_("Do you use sterile needles once only?"),
    N_("Who insures you, and where can one complain?"),
    N_("May I bring somebody with me, and lie on my side?"),
)
"""What else there is to ask, where there is room for answers."""

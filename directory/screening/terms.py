"""The words in which a patient tells us about themselves: closed lists, because only codes are ever kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Condition(StrEnum):
    """What a patient may tell us about themselves, and what a practitioner may say they do not take on."""

    ANTICOAGULANT = "anticoagulant"
    BLEEDING_DISORDER = "bleeding_disorder"
    PACEMAKER = "pacemaker_or_implanted_device"
    NEEDLE_PHOBIA = "needle_phobia"
    LYMPHOEDEMA = "lymphoedema_limb"
    EPILEPSY = "epilepsy"
    IMMUNE_SUPPRESSION = "immune_suppression"
    METAL_ALLERGY = "metal_allergy"
    ACTIVE_INFECTION = "active_infection"
    PREGNANCY = "pregnancy"


class Concern(StrEnum):
    """What a patient may tell us besides, which is flagged and asked about and never shuts anybody out.

    No practitioner declines by these, so they are a list of their own and stand in no table.
    """

    NEEDLE_NERVES = "nervous_of_needles"
    CANCER = "cancer"
    NUMB_FEET = "numb_feet_or_diabetes"
    KIDNEY_FAILURE = "kidney_failure"
    IMPLANT = "joint_or_other_implant"
    STATE_OF_MIND = "bipolar_psychosis_or_dementia"
    DOPAMINE_URGES = "worse_or_urges_on_a_dopamine_medicine"
    DROWSY = "drowsy_from_medicine_or_alcohol"
    LOW_PLACENTA = "placenta_praevia"
    CERVICAL_STITCH = "cervical_suture"
    EARLY_LABOUR_RISK = "threatened_preterm_birth"
    TWINS_OR_MORE = "multiple_pregnancy"
    EARLIER_LOSS = "previous_loss"
    BOTH_LEGS_SWOLLEN = "swelling_of_both_legs"


class PregnancyStatus(StrEnum):
    """What the patient answered. "Not answered" is a state of its own; ``MAYBE`` is treated as the first trimester."""

    NOT_ANSWERED = "not_answered"
    NO = "no"
    YES = "yes"
    MAYBE = "maybe"
    POSTPARTUM = "postpartum"


class RedFlag(StrEnum):
    """Signs that need a doctor or midwife now, not a list of practitioners."""

    VAGINAL_BLEEDING = "vaginal_bleeding"
    FLUID_LEAK = "fluid_leak"
    REGULAR_CONTRACTIONS = "regular_contractions_before_37w"
    REDUCED_FETAL_MOVEMENT = "reduced_fetal_movement"
    SEVERE_HEADACHE = "severe_headache"
    VISUAL_CHANGE = "visual_change"
    SUDDEN_SWELLING = "sudden_swelling"
    UPPER_ABDOMINAL_PAIN = "upper_abdominal_pain"
    CALF_SWELLING = "one_sided_calf_swelling"
    CHEST_PAIN = "chest_pain"
    BREATHLESSNESS = "breathlessness"
    FEVER = "fever"
    PALM_SOLE_ITCHING = "intense_itching_palms_soles"
    FAINTING = "fainting"
    SELF_HARM_THOUGHTS = "thoughts_of_self_harm"
    NEW_LEG_WEAKNESS = "new_leg_weakness"
    BLADDER_BOWEL_CHANGE = "bladder_or_bowel_change"


class Stop(StrEnum):
    """What is shown instead of a list of people."""

    HELP = "help"
    """Whom to call now."""
    TALK = "talk"
    """People to talk to."""


OF_PREGNANCY: Final = (
    Concern.LOW_PLACENTA,
    Concern.CERVICAL_STITCH,
    Concern.EARLY_LABOUR_RISK,
    Concern.TWINS_OR_MORE,
    Concern.EARLIER_LOSS,
    Concern.BOTH_LEGS_SWOLLEN,
)
"""The concerns that only somebody who is or may be pregnant is asked about."""

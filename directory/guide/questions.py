"""What to ask somebody before the first treatment, in plain words. Whoever asks writes the answers beside them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from directory.guide.words import N_

EVERYBODY: Final = (
    N_("Where did you study, and was the course accredited then?"),
    N_("Which licence or register entry do you hold, under which number, and until when?"),
    N_("How many people with restless legs syndrome (RLS) have you seen in the last 24 months?"),
    N_("How do you tell restless legs from cramps, or from trouble with the nerves?"),
    N_("Do you ask for my ferritin result, and do you read it with my doctor?"),
    N_("How do we measure whether anything changes, and after how many visits do we decide whether to go on?"),
    N_("What does a visit cost, and how many do you usually plan?"),
    N_("May I get up, or stop, when my legs need to move?"),
    N_("At what time of day can I come? My legs are worst in the evening."),
    N_("Do you use sterile needles once only?"),
    N_("Whom do you call, or write to, if something worries you?"),
    N_("Who insures you, and where can one complain?"),
    N_("May I bring somebody with me?"),
)
PREGNANCY: Final = (
    N_("Which points and techniques do you leave out during pregnancy?"),
    N_("Can I lie on my side, and sit up between?"),
    N_("Will you tell my midwife or doctor that I come to you, and may I tell them first?"),
)
OF_CONDITIONS: Final = {
    "anticoagulant": N_("I take a blood thinner. What do you do differently, and do you have that in writing?"),
    "bleeding_disorder": N_("I bleed easily. What do you do differently, and do you have that in writing?"),
    "pacemaker_or_implanted_device": N_("I have an implanted device. Do you leave out every use of electricity?"),
    "lymphoedema_limb": N_("I have lymphoedema. Do you leave that limb alone?"),
    "needle_phobia": N_("Needles frighten me. What do you do without any?"),
    "epilepsy": N_("I have epilepsy. What do you do if I have a seizure here?"),
    "immune_suppression": N_("My immune system is weakened. Should I ask my doctor before I come?"),
    "metal_allergy": N_("I am allergic to a metal. What are your needles made of?"),
    "active_infection": N_("I have an infection. Should I wait until it is over?"),
}
"""By the code of what a patient told us."""


def to_ask(told: Collection[str], *, pregnant: bool) -> tuple[str, ...]:
    """The questions (msgids) for somebody who told us of these: those about what they told us come first."""
    own = tuple(OF_CONDITIONS[each] for each in sorted(told) if each in OF_CONDITIONS)
    return own + (PREGNANCY if pregnant else ()) + EVERYBODY

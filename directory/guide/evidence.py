"""What may honestly be said: about acupuncture and RLS, iron, medicines, pregnancy, and what this service checks.

Practitioners cannot edit any of it. Every medical sentence carries its sources and the day they were gone through.
"""

from __future__ import annotations

from typing import Final

from directory.guide.words import N_, Source, Statement

COCHRANE = Source("Cui 2008, Cochrane review", "https://doi.org/10.1002/14651858.CD006457.pub2")
PAN = Source("Pan 2015, randomised trial of 38 people", "https://doi.org/10.1155/2015/343201")
HUANG = Source("Huang 2021, review of 18 studies", "https://pubmed.ncbi.nlm.nih.gov/34763496/")
AASM = Source("American Academy of Sleep Medicine guideline 2025", "https://doi.org/10.5664/jcsm.11390")
BAUMLER = Source("Bäumler 2021, review of adverse events", "https://doi.org/10.1136/bmjopen-2020-045961")
AACP = Source("AACP, safe practice guideline 2012", "https://www.aacp.org.uk/")
CARR = Source("Carr 2015, points in pregnancy", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4680134/")
PICCHIETTI = Source(
    "Picchietti 2015, guideline on RLS in pregnancy", "https://doi.org/10.1016/j.smrv.2014.10.009", reread=False
)
HSIEH = Source("Hsieh 2023, bleeding after acupuncture", "https://doi.org/10.1016/j.ctim.2023.102951")
BACC = Source("British Acupuncture Council", "https://acupuncture.org.uk/")
NHS = Source("NHS, Acupuncture", "https://www.nhs.uk/conditions/acupuncture/", reread=False)
PNEUMOTHORAX = Source(
    "British Acupuncture Council, What is a pneumothorax?",
    "https://acupuncture.org.uk/news/what-is-pneumothorax/",
    reread=False,
)
CMS = Source(
    "Medicare NCD 30.3.3",
    "https://www.cms.gov/medicare-coverage-database/view/ncd.aspx?ncdid=373",
)

HONEST: Final = Statement(
    N_(
        "Some small studies report fewer restless-legs symptoms with acupuncture. They are few and of low quality, so "
        "we cannot say whether it works for you. Current medical guidelines do not list it as a standard treatment. "
        "Ask your doctor about iron tests first."
    ),
    (COCHRANE, PAN, HUANG, AASM),
)
IRON: Final = Statement(
    N_(
        "Ask your doctor or midwife whether your iron was tested: ferritin and transferrin saturation. Guidelines for "
        "restless legs syndrome (RLS) put these tests before any treatment. Do not take iron without a test."
    ),
    (AASM, PICCHIETTI),
)
MEDICINES: Final = Statement(N_("Do not stop or start a medicine without the person who prescribes it."), (AASM,))
SIDE_EFFECTS: Final = Statement(
    N_(
        "In studies, about 9 in 100 people noticed at least one minor effect during a series of treatments, such as a "
        "bruise. A serious one was reported for about 1 person in 10,000."
    ),
    (BAUMLER,),
)
AFTER_NEEDLING: Final = Statement(
    N_(
        "After a treatment, call the emergency number if you have chest pain or trouble breathing; see a doctor the "
        "same day for spreading redness, heavy bleeding or a fever."
    ),
    (NHS, PNEUMOTHORAX),
)
LONG_TERM: Final = Statement(
    N_("Restless legs syndrome (RLS) usually lasts. Nothing is known that ends it for good."), (AASM,)
)

POINTS_IN_PREGNANCY: Final = Statement(
    N_(
        "Some points often used for restless legs, LI4 and SP6 among them, are ones many practitioners avoid before "
        "37 weeks. Published reviews have not found harm, but practice differs. Ask your practitioner what they avoid."
    ),
    (AACP, CARR),
)
PREGNANCY_EVIDENCE: Final = Statement(
    N_("As far as we know, no trial has studied acupuncture for restless legs in pregnancy."), (CARR,)
)
PREGNANCY_GATE: Final = Statement(
    N_(
        "For somebody who is or may be pregnant we list only practitioners who take on the week of the visit, have at "
        "least 12 hours of maternity acupuncture training that we checked, a policy on points, written consent, an "
        "emergency policy, and cover that names pregnancy. The twelve hours are our own rule: no regulator sets any."
    )
)
MAYBE_PREGNANT: Final = Statement(N_("“Maybe” is treated as the first three months of pregnancy."))

PAPERS_NOT_SKILL: Final = Statement(N_("We check papers, not skill or results."))
NOT_LISTED: Final = Statement(
    N_(
        "We list somebody only while every paper we ask for is current and they confirm every few months that their "
        "profile is still true. If somebody is not here, that says nothing about them."
    )
)
NOT_CLEARANCE: Final = Statement(
    N_("This service does not diagnose anything and does not say that any treatment is right for you.")
)
NOT_A_RATING: Final = Statement(N_("How this fits what you asked, not a rating."))
REMOTE: Final = Statement(
    N_("Needling cannot be done remotely. A remote consultation is a conversation, and is judged by where you are.")
)
USUAL_PLAN: Final = Statement(
    N_(
        "Six to ten visits are a usual plan before you and the practitioner look at whether anything has changed. The "
        "number is for planning and is not advice."
    )
)
STRAIGHT_LINE: Final = Statement(N_("Every distance is a straight line. The way there is longer."))
AREA: Final = Statement(
    N_("“About” means that the point stands for an area, such as a postcode, and not for a front door.")
)
NO_LICENCE: Final = Statement(
    N_(
        "No acupuncture licence exists in this place, so nobody here can hold one and no state board takes complaints "
        "about acupuncture. What we checked is an active national certification."
    )
)
CLOSED: Final = Statement(
    N_(
        "We list nobody in this place: no acupuncture licence exists here, and we found no source that says practice "
        "without one is lawful."
    )
)
UNKNOWN_PLACE: Final = Statement(N_("We do not know the rules for acupuncture in this place, so we list nobody there."))
PROBATION: Final = Statement(
    N_("This licence is under a public order (probation). Its holder may practise. Read the order in the register.")
)
UNDER_18: Final = Statement(
    N_(
        "If you are under 18, a parent or guardian has to consent before a treatment, and most practitioners ask them "
        "to come along. Ask about it when you book."
    )
)
INSURANCE: Final = Statement(
    N_(
        "What a practitioner says about insurance is their own statement, with its date. Always ask your insurer "
        "whether acupuncture for restless legs is paid for. United States Medicare does not pay for it."
    ),
    (CMS,),
)

RLS_IN_PREGNANCY: Final = Statement(
    N_(
        "Restless legs are common in pregnancy, most of all in the last three months, and mostly ease after birth. "
        "Ask your midwife whether ferritin was measured."
    ),
    (PICCHIETTI,),
)

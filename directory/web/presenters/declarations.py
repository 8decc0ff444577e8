"""The words of what somebody has declared: experience with RLS, and care during pregnancy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from directory.credentials.models import PregnancyDeclaration, RlsExperience
from directory.credentials.rules import LEAST_MATERNITY_HOURS, admits_pregnancy, declaration_ends
from directory.credentials.terms import Liaison, OutcomeTracking
from directory.http.locale import day, gettext, ngettext, number, span
from directory.jurisdictions.rules import Jurisdiction, rule_for
from directory.screening.rules import Weeks
from directory.search.visible import Open
from directory.web.presenters import labels
from directory.web.presenters.checks import Check, detailed, item


def rls(declared: RlsExperience | None) -> Iterator[Check]:
    """What somebody told about their experience with RLS, line by line."""
    if declared is None:
        return
    seen = ngettext(
        "%(num)s person in the last 24 months", "%(num)s people in the last 24 months", declared.patients_24m
    )
    yield item(gettext("People with RLS seen"), seen, declared.patients_verification, bool(declared.patients_24m))
    yield item(gettext("Since when"), span(declared.years), declared.years_verification, bool(declared.years))
    hours = gettext("%(hours)s hours", hours=number(declared.training_hours))
    if declared.training_on is not None:
        hours = gettext("%(hours)s, finished on %(day)s", hours=hours, day=day(declared.training_on))
    hours = detailed(hours, declared.training_title, declared.training_provider)
    yield item(gettext("Training about RLS"), hours, declared.training_verification, bool(declared.training_hours))
    yield item(
        gettext("Following results"),
        detailed(labels.word(labels.OUTCOMES, declared.outcomes), declared.scale),
        declared.outcomes_verification,
        declared.outcomes is not OutcomeTracking.NONE,
    )
    yield item(
        gettext("Working with doctors"),
        detailed(labels.word(labels.LIAISON, declared.liaison), declared.liaison_with),
        declared.liaison_verification,
        declared.liaison is not Liaison.NONE,
    )
    papers_said = ngettext("%(num)s publication", "%(num)s publications", declared.publications)
    papers_said = detailed(papers_said, *(declared.publications_listed or "").splitlines())
    yield item(
        gettext("Publications about RLS"), papers_said, declared.publications_verification, bool(declared.publications)
    )
    if declared.supervisor:
        yield item(gettext("Works under supervision"), declared.supervisor, declared.supervisor_verification, True)


def passes(shown: Open, rules: Mapping[str, Jurisdiction]) -> bool:
    """Whether somebody pregnant in the declared weeks could be shown this person at all."""
    declared, rule = shown.listing.person.declaration, rule_for(shown.listing.place.jurisdiction, rules)
    if declared is None or declared.min_week is None or declared.max_week is None or rule is None:
        return False
    weeks = Weeks(declared.min_week, declared.max_week)
    return not admits_pregnancy(shown.listing.person, rule, weeks=weeks, today=shown.today)


def pregnancy_said(declared: PregnancyDeclaration | None, *, passes: bool) -> str:
    """The sentence about weeks of pregnancy that heads these lines."""
    if declared is None or not declared.treats:
        return str(gettext("Has not said that they treat during pregnancy, so they are not shown to anybody pregnant."))
    if not passes:
        return str(
            gettext(
                "Says they treat during pregnancy. Not everything we ask for is in place today, so they are not shown "
                "to anybody pregnant."
            )
        )
    return str(
        gettext(
            "Takes on weeks %(first)s to %(last)s of pregnancy. These are facts about training and cover, and no "
            "promise about a treatment.",
            first=declared.min_week,
            last=declared.max_week,
        )
    )


def pregnancy(declared: PregnancyDeclaration | None) -> Iterator[Check]:
    """The lines of a declaration about care during pregnancy that is signed."""
    if declared is None or declared.signed_on is None:
        return
    ends = gettext("Counts until %(day)s.", day=day(declaration_ends(declared.signed_on)))
    signed = gettext("Signed as true on %(day)s.", day=day(declared.signed_on))
    yield Check(str(gettext("Declaration")), "stated", str(signed), str(ends))
    training = gettext("%(hours)s hours", hours=number(declared.training_hours))
    named = ", ".join(part for part in (declared.training_title, declared.training_provider) if part)
    if named:
        training = gettext("%(hours)s: %(what)s", hours=training, what=named)
    rule = gettext("We ask for at least %(hours)s hours; this is our own rule.", hours=LEAST_MATERNITY_HOURS)
    training_said = item(gettext("Maternity acupuncture training"), training, declared.training_verification, True)
    yield Check(training_said.claim, training_said.state, training_said.said, str(rule))
    points = gettext("Policy on points")
    yield Check(str(points), "stated", f"{labels.word(labels.POINT_POLICIES, declared.point_policy)}.")
    stated = {
        gettext("Written consent that covers pregnancy"): declared.written_consent,
        gettext("Policy for emergencies and whom to call"): declared.emergency_policy,
        gettext("Positions adapted to pregnancy"): declared.positions_adapted,
        gettext("Not offered to start labour before term"): declared.not_offered_as_induction,
        gettext("Policy on electro-acupuncture and moxa in pregnancy"): bool(declared.electro_and_moxa_policy),
        gettext("Keeps a log of unwanted effects"): declared.adverse_event_log,
    }
    for name, holds in stated.items():
        yes, no = gettext("Yes, they say."), gettext("Not said.")
        yield Check(str(name), "stated" if holds else "missing", str(yes if holds else no))
    yield Check(str(gettext("Working with midwives")), "stated", f"{labels.word(labels.LIAISON, declared.liaison)}.")
    if declared.patients_24m:
        seen = ngettext(
            "%(num)s person in the last 24 months, they say.",
            "%(num)s people in the last 24 months, they say.",
            declared.patients_24m,
        )
        yield Check(str(gettext("Pregnant people seen")), "stated", str(seen))

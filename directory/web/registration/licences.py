"""Licences, registrations, memberships and certifications by jurisdiction, and indemnity insurance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from directory.credentials.models import Credential, Indemnity
from directory.credentials.owner import service as owner
from directory.credentials.registration import queries
from directory.credentials.registration.terms import StepKey
from directory.credentials.stating.requirements import NATIONAL_BODIES, Choice, choice, choice_of, national
from directory.credentials.stating.stated import LEARNT, StatedCover, StatedPaper
from directory.credentials.terms import STATABLE, CredentialStatus
from directory.errors import NotFound
from directory.geo.timezones import is_zone
from directory.http import headers, who
from directory.http.site import session, site
from directory.jurisdictions.queries import all_rules
from directory.jurisdictions.rules import Jurisdiction, Regime, rule_for
from directory.jurisdictions.words import told
from directory.practitioners import queries as people
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.terms import Profession
from directory.web.evidence import panels
from directory.web.forms.registration.licences import CoverForm, LicenceForm, LicencesListForm, WhereForm
from directory.web.registration import flow, papers_told, steps
from directory.web.registration.blueprint import pages, step
from directory.web.registration.ending import end_cover, end_paper

_TYPED = (
    "body",
    "title",
    "number",
    "name_on_record",
    "raw_status",
    "valid_from",
    "expires",
    "no_expiry",
    "conditions_text",
)


@step("/licences", "licences")
def listed() -> ResponseReturnValue:
    """Every jurisdiction that matters to this person, what it asks for, and what is on file."""
    person = who.practitioner()
    today = _today(person)
    rules = all_rules(session())
    rows = [row for row in owner.papers_of(session(), person.id) if row.kind not in LEARNT]
    places = queries.jurisdictions_of(session(), person.id)
    codes = {rule.code for code in {*places, *(row.jurisdiction for row in rows)} if (rule := rule_for(code, rules))}
    askings = [papers_told.asking(rules[code], rows, rules, person.profession, today=today) for code in sorted(codes)]
    everywhere = [row for row in rows if row.jurisdiction is None]
    held = {row.body for row in everywhere if row.given_up_on is None}
    return flow.answer(
        flow.Screen(
            step=StepKey.LICENCES,
            form=LicencesListForm,
            stored={},
            save=lambda _form: None,
            person=person,
            context={
                "askings": sorted(askings, key=lambda each: (each.told.code not in places, each.told.name)),
                "national": papers_told.lines_of(everywhere, rules, today=today),
                "national_offers": [
                    papers_told.Offer(papers_told.name_of_choice(each), papers_told.address(each))
                    for each in map(national, NATIONAL_BODIES)
                    if _may_hold(each, person.profession) and each.body not in held
                ]
                if not codes or any(code.startswith("US-") for code in codes)
                else [],
                "covers": papers_told.cover_lines(owner.covers_of(session(), person.id), today=today),
            },
        )
    )


@pages.get("/licences/new")
def licence_where() -> ResponseReturnValue:
    """Choose where, and then which paper."""
    headers.personal()
    person, rules = who.practitioner(), all_rules(session())
    asked = "jurisdiction" in request.args
    form = WhereForm(formdata=None, data={"jurisdiction": request.args.get("jurisdiction", "")})
    form.offer(sorted(((rule.code, told(rule, rules).name) for rule in rules.values()), key=lambda each: each[1]))
    context: dict[str, Any] = {"form": form, "frame": steps.frame(StepKey.LICENCES, person), "asking": None}
    if not asked:
        return render_template("registration/licence_where.html", **context)
    if not _known(form):
        return render_template("registration/licence_where.html", **context), 422
    rule = rules[str(form.jurisdiction.data)]
    rows = owner.papers_of(session(), person.id)
    context["asking"] = papers_told.asking(rule, rows, rules, person.profession, today=_today(person))
    context["offers"] = [
        papers_told.Offer(papers_told.name_of_choice(each), papers_told.address(each))
        for each in papers_told.choices_in(rule, person.profession)
    ]
    return render_template("registration/licence_where.html", **context)


@step("/licences/new/<jurisdiction>/<what>", "licence_new")
def new(jurisdiction: str, what: str) -> ResponseReturnValue:
    """Add a paper."""
    person, rules = who.practitioner(), all_rules(session())
    rule = rules.get(jurisdiction)
    if rule is None and jurisdiction != papers_told.NATIONAL:
        raise NotFound("There is no such paper here.")
    return _item(person, choice(rule, what, person.profession), rule, None, rules)


@step("/licences/<int:credential_id>", "licence")
def item(credential_id: int) -> ResponseReturnValue:
    """Change what is said of a paper."""
    person, rules = who.practitioner(), all_rules(session())
    row = _paper(person, credential_id)
    rule = rule_for(row.jurisdiction, rules)
    found = choice_of(row.kind, row.body, rule, person.profession) or Choice(
        code="other", kind=row.kind, jurisdiction=row.jurisdiction, body=row.body
    )
    return _item(person, found, rule, row, rules)


@step("/licences/<int:credential_id>/end", "licence_end")
def end(credential_id: int) -> ResponseReturnValue:
    """Take a paper back, or give it up."""
    person = who.practitioner()
    return end_paper(person, _paper(person, credential_id), StepKey.LICENCES)


@step("/licences/cover/new", "cover_new")
def new_cover() -> ResponseReturnValue:
    """Add indemnity insurance."""
    return _cover(who.practitioner(), None)


@step("/licences/cover/<int:indemnity_id>", "cover")
def cover(indemnity_id: int) -> ResponseReturnValue:
    """Change what is said of a policy."""
    person = who.practitioner()
    return _cover(person, owner.cover(session(), person.id, indemnity_id))


@step("/licences/cover/<int:indemnity_id>/end", "cover_end")
def cover_ends(indemnity_id: int) -> ResponseReturnValue:
    """A policy no longer runs."""
    person = who.practitioner()
    return end_cover(person, owner.cover(session(), person.id, indemnity_id))


def _paper(person: Practitioner, credential_id: int) -> Credential:
    row = owner.paper(session(), person.id, credential_id)
    if row.kind in LEARNT:
        raise NotFound("There is no such paper.")
    return row


def _known(form: WhereForm) -> bool:
    known = {each.value for each in form.jurisdiction.choices}
    if form.jurisdiction.data in known and form.jurisdiction.data:
        return True
    form.validate()
    return False


def _may_hold(each: Choice, profession: Profession) -> bool:
    return each.body != "ABMA" or profession is Profession.PHYSICIAN


def _item(
    person: Practitioner,
    chosen: Choice,
    rule: Jurisdiction | None,
    row: Credential | None,
    rules: dict[str, Jurisdiction],
) -> ResponseReturnValue:
    places = _places(person, chosen)
    said = told(rule, rules) if rule is not None else None
    return flow.answer(
        flow.Screen(
            step=StepKey.LICENCES,
            form=LicenceForm,
            stored=_stored(row),
            save=_saving(person, chosen, row),
            prepare=lambda form: form.shape(chosen, places),
            person=person,
            careful=flow.EVERYTHING,
            template="registration/licence.html",
            after=url_for("registration.licences"),
            context={
                "what": papers_told.name_of_choice(chosen),
                "facts": list(papers_told.facts(said, licensed=chosen.code == "licence")) if said else [],
                "needs_place": chosen.per_place and not places,
                "row": row,
                "own_word": row is None or owner.is_own_word(row),
                "line": papers_told.lines_of([row], rules, today=_today(person))[0] if row is not None else None,
                "no_licence": rule is not None and rule.regime is Regime.NONE,
                "end": url_for("registration.licence_end", credential_id=row.id) if row is not None else None,
                "panels": panels.of(session(), person.id, f"credential:{row.id}") if row is not None else [],
            },
        )
    )


def _places(person: Practitioner, chosen: Choice) -> list[tuple[int, str]]:
    if not chosen.per_place:
        return []
    found = session().execute(
        select(PracticePlace.id, PracticePlace.label)
        .where(
            PracticePlace.practitioner_id == person.id,
            PracticePlace.active,
            PracticePlace.jurisdiction == chosen.jurisdiction,
        )
        .order_by(PracticePlace.id)
    )
    return [(key, label) for key, label in found]


def _stored(row: Credential | None) -> dict[str, Any]:
    if row is None:
        return {"status": CredentialStatus.ACTIVE, "degree": "MD"}
    values = {name: getattr(row, name) for name in _TYPED}
    return values | {
        "status": row.status if row.status in STATABLE else CredentialStatus.ACTIVE,
        "degree": row.title if row.title in ("MD", "DO") else "MD",
        "place_id": str(row.place_id or ""),
    }


def _saving(person: Practitioner, chosen: Choice, row: Credential | None) -> Callable[[LicenceForm], object]:
    def save(form: LicenceForm) -> None:
        now = site().clock()
        typed: dict[str, Any] = {name: form[name].data or None for name in _TYPED if name in form}
        typed["no_expiry"] = form.no_expiry.data
        if "degree" in form:
            typed["title"] = form.degree.data
        if "place_id" in form:
            typed["place_id"] = int(form.place_id.data)
        stated = StatedPaper(
            kind=chosen.kind,
            jurisdiction=chosen.jurisdiction,
            status=CredentialStatus(form.status.data),
            **({"body": chosen.body} | typed),
        )
        if row is None:
            owner.state(session(), person.id, stated, today=now.date(), now=now)
        else:
            owner.correct(session(), person.id, row.id, stated, today=now.date(), now=now)

    return save


def _cover(person: Practitioner, row: Indemnity | None) -> ResponseReturnValue:
    names = ("insurer", "expires", "covers_acupuncture", "covers_pregnancy")

    def save(form: CoverForm) -> None:
        now = site().clock()
        stated = StatedCover(**{name: form[name].data for name in names})
        if row is None:
            owner.state_cover(session(), person.id, stated, today=now.date(), now=now)
        else:
            owner.correct_cover(session(), person.id, row.id, stated, today=now.date(), now=now)

    return flow.answer(
        flow.Screen(
            step=StepKey.LICENCES,
            form=CoverForm,
            stored={} if row is None else {name: getattr(row, name) for name in names},
            save=save,
            person=person,
            careful=flow.EVERYTHING,
            template="registration/cover.html",
            after=url_for("registration.licences"),
            context={
                "row": row,
                "line": papers_told.cover_lines([row], today=site().clock().date())[0] if row is not None else None,
                "own_word": row is None or row.verified_on is None,
                "end": url_for("registration.cover_end", indemnity_id=row.id) if row is not None else None,
                "panels": panels.of(session(), person.id, f"indemnity:{row.id}") if row is not None else [],
            },
        )
    )


def _today(person: Practitioner) -> date:
    """The day where this person works first: a late period begins and ends by the register's clock and not by ours."""
    places = people.places_of(session(), person.id)
    zone = next((each.timezone for each in places if is_zone(each.timezone)), "UTC")
    return site().clock().astimezone(ZoneInfo(zone)).date()

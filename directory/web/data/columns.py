"""The columns of the table: name, meaning and origin of each, and how it is read. The writer, the page with the
dictionary and the description for machines are all made from this list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from directory.credentials.rules import Paper
from directory.credentials.terms import CheckMethod, CredentialKind, CredentialStatus
from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.models import PracticePlace
from directory.practitioners.rules import accepting_now
from directory.practitioners.terms import Accepting, LanguageLevel, PointPrecision, SpokenBy
from directory.search.visible import Open
from directory.web.presenters import reach, structured

Value: TypeAlias = str | int | float | bool | Decimal | None
BETWEEN: Final = "|"
"""Stands between the values of a field that holds several."""


class Origin(StrEnum):
    """Who says it."""

    REGISTER = "register"
    PRACTITIONER = "practitioner"
    OURS = "directory"
    GAZETTEER = "gazetteer"


ORIGINS: Final[Mapping[Origin, object]] = {
    Origin.REGISTER: _l("read in the public register or confirmed by the body that keeps it"),
    Origin.PRACTITIONER: _l("the practitioner’s own word, said to be true within 120 days, not checked by us"),
    Origin.OURS: _l("made by this directory"),
    Origin.GAZETTEER: _l(
        "worked out from the address with GeoNames place data (CC BY 4.0), or set by the practitioner"
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One place of one person, with what every column may need."""

    shown: Open
    rules: Mapping[str, Jurisdiction]
    address: str
    """That of the profile, in full."""
    listed: datetime
    """Since when the person is shown here."""

    @property
    def place(self) -> PracticePlace:
        """The place."""
        return self.shown.listing.place

    @property
    def basis(self) -> tuple[Paper, ...]:
        """The papers the listing rests on, in the order in which they came."""
        return self.shown.permit.basis


@dataclass(frozen=True, slots=True)
class Column:
    """``datatype`` is one of XML Schema's, as CSV on the Web names them; ``many``: ``BETWEEN`` parts its values.

    A value is one of the ``choices`` where there are any, and fits the ``pattern`` where there is one.
    """

    name: str
    title: object
    meaning: object
    origin: Origin
    datatype: str
    read: Callable[[Row], Value]
    required: bool = False
    many: bool = False
    choices: type[StrEnum] | None = None
    pattern: str = ""

    @property
    def written(self) -> str:
        """The regular expression of one value; empty where the kind of value says all."""
        return "|".join(self.choices) if self.choices is not None else self.pattern


def _languages(row: Row) -> str:
    own = (
        each.code
        for each in row.shown.listing.languages
        if each.spoken_by == SpokenBy.PRACTITIONER and each.level != LanguageLevel.BASIC
    )
    return BETWEEN.join(dict.fromkeys(own))


def _telephone(row: Row) -> str | None:
    """As a link dials it from anywhere (RFC 3966); as it was written where more than a number stands there."""
    written = reach.telephone(row.place.telephone, row.place.country)
    if not written:
        return None
    dialled = re.sub(r"[\s()./\u00a0-]", "", written)
    return f"tel:{dialled}" if re.fullmatch(r"\+?[0-9]{3,20}", dialled) else written


def _papers(row: Row, read: Callable[[Paper], object]) -> str:
    said = (read(paper) for paper in row.basis)
    return BETWEEN.join("" if each is None else str(each).replace(BETWEEN, "/") for each in said)


def _accepting(row: Row) -> str:
    place = row.place
    return accepting_now(place.accepting, place.accepting_confirmed_on, today=row.shown.today).value


def _confirmed(row: Row) -> str | None:
    known = _accepting(row) != Accepting.UNKNOWN and row.place.accepting_confirmed_on is not None
    return row.place.accepting_confirmed_on.isoformat() if known and row.place.accepting_confirmed_on else None


def _attested(row: Row) -> str | None:
    on = row.shown.listing.person.attested_on
    return on.isoformat() if on is not None else None


COLUMNS: Final = (
    Column(
        "place_id",
        _l("Place"),
        _l("Number of the place here; it never stands for another one."),
        Origin.OURS,
        "integer",
        lambda row: row.place.id,
        required=True,
    ),
    Column(
        "practitioner_id",
        _l("Practitioner"),
        _l("Number of the person here. Somebody who works at several places has a row for each."),
        Origin.OURS,
        "integer",
        lambda row: row.shown.listing.practitioner.id,
        required=True,
    ),
    Column(
        "profile",
        _l("Profile"),
        _l("Address of the page that says what was checked, with whom and when. Please link to it."),
        Origin.OURS,
        "anyURI",
        lambda row: row.address,
        required=True,
    ),
    Column(
        "fictional",
        _l("Fictional"),
        _l("Whether the person is made up, for a demonstration: nobody of this name practises there."),
        Origin.OURS,
        "boolean",
        lambda row: row.shown.listing.practitioner.fictional,
        required=True,
    ),
    Column(
        "name",
        _l("Name"),
        _l("The name under which the person practises. That it is the one in the register was checked."),
        Origin.REGISTER,
        "string",
        lambda row: row.shown.listing.practitioner.display_name,
        required=True,
    ),
    Column(
        "title",
        _l("Title"),
        _l("The professional title, where a checked licence of that place grants it; otherwise the plain profession."),
        Origin.REGISTER,
        "string",
        lambda row: structured.job_title(row.shown, row.rules),
        required=True,
    ),
    Column(
        "npi",
        _l("NPI"),
        _l("National Provider Identifier of the United States, where it was checked to be this person’s."),
        Origin.REGISTER,
        "string",
        lambda row: row.shown.listing.practitioner.npi,
    ),
    Column(
        "jurisdiction",
        _l("Jurisdiction"),
        _l("Whose rules hold at the place: a country, or a country and its state, province or nation."),
        Origin.OURS,
        "string",
        lambda row: row.place.jurisdiction,
        required=True,
    ),
    Column(
        "paper_kind",
        _l("Kind of paper"),
        _l("The papers the listing rests on at this place; the next seven fields name them in the same order."),
        Origin.REGISTER,
        "string",
        lambda row: _papers(row, lambda paper: paper.kind.value),
        required=True,
        many=True,
        choices=CredentialKind,
    ),
    Column(
        "paper_jurisdiction",
        _l("Where it holds"),
        _l("The jurisdiction of each paper; empty for one that knows none."),
        Origin.REGISTER,
        "string",
        lambda row: _papers(row, lambda paper: paper.jurisdiction),
        many=True,
    ),
    Column(
        "paper_body",
        _l("Issued by"),
        _l("The board, council or association that issued each paper."),
        Origin.REGISTER,
        "string",
        lambda row: _papers(row, lambda paper: paper.body),
        many=True,
    ),
    Column(
        "paper_number",
        _l("Number"),
        _l("The number of each paper, as the register prints it."),
        Origin.REGISTER,
        "string",
        lambda row: _papers(row, lambda paper: paper.number),
        many=True,
    ),
    Column(
        "paper_status",
        _l("Status"),
        _l("The state of each paper when it was last read; probation is among them and is shown, not hidden."),
        Origin.REGISTER,
        "string",
        lambda row: _papers(row, lambda paper: paper.status.value),
        many=True,
        choices=CredentialStatus,
    ),
    Column(
        "paper_expires",
        _l("Valid to"),
        _l("The last day of each paper; empty for one without an end."),
        Origin.REGISTER,
        "date",
        lambda row: _papers(row, lambda paper: paper.expires),
        many=True,
    ),
    Column(
        "paper_checked_on",
        _l("Checked on"),
        _l("The day on which each paper was last read at its source."),
        Origin.OURS,
        "date",
        lambda row: _papers(row, lambda paper: paper.last_checked_on or paper.verified_on),
        many=True,
    ),
    Column(
        "paper_check_method",
        _l("How it was checked"),
        _l("At the register itself, in a list it published, or by telephone with whoever keeps it."),
        Origin.OURS,
        "string",
        lambda row: _papers(row, lambda paper: paper.check_method.value if paper.check_method else None),
        many=True,
        choices=CheckMethod,
    ),
    Column(
        "place_name",
        _l("Name of the place"),
        _l("What the practice is called."),
        Origin.PRACTITIONER,
        "string",
        lambda row: row.place.label,
        required=True,
    ),
    Column(
        "hidden_home",
        _l("Hidden home"),
        _l("Whether the practice is a home whose address is not published: only its area is told then."),
        Origin.PRACTITIONER,
        "boolean",
        lambda row: row.place.hidden_home,
        required=True,
    ),
    Column(
        "street",
        _l("Street"),
        _l("Street and number; always empty for a hidden home."),
        Origin.PRACTITIONER,
        "string",
        lambda row: None if row.place.hidden_home else row.place.street,
    ),
    Column(
        "locality",
        _l("Town"),
        _l("The town or village."),
        Origin.PRACTITIONER,
        "string",
        lambda row: row.place.locality,
        required=True,
    ),
    Column(
        "region",
        _l("Region"),
        _l("State, province or nation, as GeoNames codes it."),
        Origin.GAZETTEER,
        "string",
        lambda row: row.place.admin1,
    ),
    Column(
        "postal_code",
        _l("Postal code"),
        _l("The postal code; for a hidden home no more of it than the profile shows."),
        Origin.PRACTITIONER,
        "string",
        lambda row: row.place.postal_code,
    ),
    Column(
        "country",
        _l("Country"),
        _l("Two letters, ISO 3166-1."),
        Origin.PRACTITIONER,
        "string",
        lambda row: row.place.country,
        required=True,
        pattern="[A-Z]{2}",
    ),
    Column(
        "latitude",
        _l("Latitude"),
        _l("Degrees, WGS 84. For a hidden home that of its area, always the same one."),
        Origin.GAZETTEER,
        "decimal",
        lambda row: round(row.place.latitude, 5),
        required=True,
    ),
    Column(
        "longitude",
        _l("Longitude"),
        _l("Degrees, WGS 84, as the latitude."),
        Origin.GAZETTEER,
        "decimal",
        lambda row: round(row.place.longitude, 5),
        required=True,
    ),
    Column(
        "point_precision",
        _l("Precision"),
        _l("What the point stands for: exact (a building), postcode (its centre) or area."),
        Origin.OURS,
        "string",
        lambda row: row.place.point_precision.value,
        required=True,
        choices=PointPrecision,
    ),
    Column(
        "telephone",
        _l("Telephone"),
        _l("The number of the practice, as a link dials it."),
        Origin.PRACTITIONER,
        "string",
        _telephone,
    ),
    Column(
        "in_person",
        _l("At the practice"),
        _l("Whether patients come to the practice."),
        Origin.PRACTITIONER,
        "boolean",
        lambda row: row.place.in_person,
        required=True,
    ),
    Column(
        "home_visit_km",
        _l("Home visits up to"),
        _l("How far they travel to patients, in kilometres; 0 where they do not."),
        Origin.PRACTITIONER,
        "decimal",
        lambda row: row.place.home_visit_radius_km,
        required=True,
    ),
    Column(
        "remote_consultation",
        _l("Remote consultation"),
        _l("Whether one can talk to them from afar. Needling cannot be done remotely."),
        Origin.PRACTITIONER,
        "boolean",
        lambda row: row.place.remote_consultation,
        required=True,
    ),
    Column(
        "accepting",
        _l("New patients"),
        _l("yes, closed or unknown. A yes that was last said long ago counts as unknown."),
        Origin.PRACTITIONER,
        "string",
        _accepting,
        required=True,
        choices=Accepting,
    ),
    Column(
        "accepting_confirmed_on",
        _l("New patients, said on"),
        _l("The day on which that was last said."),
        Origin.PRACTITIONER,
        "date",
        _confirmed,
    ),
    Column(
        "languages",
        _l("Languages"),
        _l("Languages the practitioner speaks well enough for a talk about health, as BCP 47 codes."),
        Origin.PRACTITIONER,
        "string",
        _languages,
        many=True,
        pattern="[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*",
    ),
    Column(
        "step_free",
        _l("Step-free"),
        _l("Whether there is no step from street to table; empty where it was not said."),
        Origin.PRACTITIONER,
        "boolean",
        lambda row: row.place.step_free,
    ),
    Column(
        "said_true_on",
        _l("Said to be true on"),
        _l("The day on which the practitioner last said that the entry is true at this place."),
        Origin.PRACTITIONER,
        "date",
        _attested,
        required=True,
    ),
    Column(
        "listed_since",
        _l("Listed since"),
        _l("The day on which the person was first shown here."),
        Origin.OURS,
        "date",
        lambda row: row.listed.date().isoformat(),
        required=True,
    ),
)
"""Health facts of patients are in no column, and neither is what somebody says about experience, pregnancy, prices or
insurance: away from the words beside them on a profile they would say more than was checked."""

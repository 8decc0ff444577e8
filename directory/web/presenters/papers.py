"""What a paper says, in one sentence: what, with whom, when, and until when. Never "verified" alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.credentials.rules import LatePeriod, Paper
from directory.credentials.terms import PERMITS_IN_LATE_PERIOD, CheckMethod, CredentialKind, CredentialStatus
from directory.http.locale import day, gettext
from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions.names import name_of
from directory.web.presenters import labels

_WITH_PLACE = frozenset(
    {
        CredentialKind.STATUTORY_LICENCE,
        CredentialKind.STATUTORY_REGISTRATION,
        CredentialKind.CERTIFICATION_STATE,
        CredentialKind.LOCAL_AUTHORITY_REGISTRATION,
        CredentialKind.SPECIAL_PROCEDURE_LICENCE,
        CredentialKind.PREMISES_APPROVAL,
    }
)
_LEARNT = frozenset(
    {
        CredentialKind.CLEAN_NEEDLE_TECHNIQUE,
        CredentialKind.EDUCATION,
        CredentialKind.MATERNITY_TRAINING,
        CredentialKind.RLS_TRAINING,
    }
)
"""What somebody has learnt is not in force or out of it."""

STATUSES: Final[Mapping[CredentialStatus, object]] = {
    CredentialStatus.ACTIVE: _l("active"),
    CredentialStatus.ACTIVE_WITH_CONDITIONS: _l("active, with conditions"),
    CredentialStatus.PROBATION: _l("under a public order (probation)"),
    CredentialStatus.TEMPORARY: _l("temporary"),
    CredentialStatus.PENDING: _l("applied for, not granted"),
    CredentialStatus.EXPIRED_GRACE: _l("past its date, in the register’s late period"),
    CredentialStatus.EXPIRED: _l("past its date"),
    CredentialStatus.LAPSED: _l("past its date"),
    CredentialStatus.DELINQUENT: _l("past its date"),
    CredentialStatus.INACTIVE: _l("not active"),
    CredentialStatus.EXEMPT: _l("not active"),
    CredentialStatus.REGISTERED_NOT_PRACTISING: _l("registered as not practising"),
    CredentialStatus.RETIRED: _l("retired"),
    CredentialStatus.CANCELLED: _l("ended"),
    CredentialStatus.CLOSED: _l("ended"),
    CredentialStatus.DECEASED: _l("ended"),
    CredentialStatus.SUSPENDED: _l("suspended"),
    CredentialStatus.INTERIM_SUSPENDED: _l("suspended for now"),
    CredentialStatus.REVOKED: _l("taken away"),
    CredentialStatus.SURRENDERED: _l("given up"),
    CredentialStatus.DENIED: _l("refused"),
    CredentialStatus.UNKNOWN: _l("not readable in the register just now; we rely on the last state we read"),
}


def what(paper: Paper) -> str:
    """The paper's name: "Oregon acupuncture licence", "British Acupuncture Council: membership …"."""
    kind = labels.word(labels.KINDS, paper.kind)
    if paper.kind in _WITH_PLACE and paper.jurisdiction:
        return str(gettext("%(place)s %(kind)s", place=name_of(paper.jurisdiction), kind=kind))
    if paper.body:
        return str(gettext("%(body)s: %(kind)s", body=paper.body, kind=kind))
    return kind[:1].upper() + kind[1:]


def status(paper: Paper, *, late: LatePeriod | None = None) -> str:
    """The state the register gave, in plain words; empty for what has none. In a late period ``late`` the paper is in
    force like any other."""
    if paper.kind in _LEARNT:
        return ""
    if late is not None and paper.status in PERMITS_IN_LATE_PERIOD:
        return str(gettext("in force"))
    return str(STATUSES[paper.status])


def checked(paper: Paper, *, whom: str | None = None) -> str:
    """How, with whom and when it was checked; a sentence that says so where it was not."""
    on = paper.last_checked_on or paper.verified_on
    if paper.verified_on is None or paper.check_method is None or on is None:
        return str(gettext("their own statement, not checked by us"))
    asked = {"whom": paper.body or whom or gettext("the public register"), "day": day(on)}
    if paper.check_method is CheckMethod.ROSTER_FILE:
        return str(gettext("checked in the list published by %(whom)s on %(day)s", **asked))
    if paper.check_method is CheckMethod.TELEPHONE:
        return str(gettext("confirmed by telephone by %(whom)s on %(day)s", **asked))
    if paper.check_method is CheckMethod.DOCUMENT_ONLY:
        return str(gettext("we saw a document on %(day)s; the source itself was not asked", day=asked["day"]))
    return str(gettext("checked with %(whom)s on %(day)s", **asked))


def valid_to(paper: Paper, *, late: LatePeriod | None = None) -> str:
    """Until when it is valid; empty where the paper has no end. Past that, the day to which the law lets it go on."""
    if late is not None and late.assessed:
        return str(gettext("registration continues by law while the renewal is assessed"))
    if late is not None:
        return str(gettext("registration continues by law to %(day)s", day=day(late.until)))
    return str(gettext("valid to %(day)s", day=day(paper.expires))) if paper.expires is not None else ""

"""Which kind of case is decided by what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.cases.terms import Kind
from directory.credentials.decisions.effects.covers import COVER
from directory.credentials.decisions.effects.declarations import NUMBER, PREGNANCY, RLS
from directory.credentials.decisions.effects.identity import CONTROL, PROFILE_CLAIM
from directory.credentials.decisions.effects.papers import PAPER
from directory.credentials.decisions.effects.wishes import EDIT, PHOTO
from directory.credentials.decisions.handling import Handler

HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.LICENCE: PAPER,
    Kind.CERTIFICATION: PAPER,
    Kind.EDUCATION: PAPER,
    Kind.TRAINING: PAPER,
    Kind.INDEMNITY: COVER,
    Kind.RLS_CASELOAD: RLS,
    Kind.PREGNANCY_DECLARATION: PREGNANCY,
    Kind.PLAUSIBILITY: NUMBER,
    Kind.PHOTO: PHOTO,
    Kind.SENSITIVE_EDIT: EDIT,
    Kind.CONTROL: CONTROL,
    Kind.PROFILE_CLAIM: PROFILE_CLAIM,
}
"""The kinds whose rows lie in this package."""

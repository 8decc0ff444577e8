"""Under which kind of case a claim is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from directory.cases.terms import Kind
from directory.credentials.terms import CredentialKind

_KINDS: Final[Mapping[CredentialKind, Kind]] = {
    CredentialKind.EDUCATION: Kind.EDUCATION,
    CredentialKind.CLEAN_NEEDLE_TECHNIQUE: Kind.EDUCATION,
    CredentialKind.NATIONAL_CERTIFICATION: Kind.CERTIFICATION,
    CredentialKind.MATERNITY_TRAINING: Kind.TRAINING,
    CredentialKind.RLS_TRAINING: Kind.TRAINING,
}


def kind_of(paper: CredentialKind) -> Kind:
    """The kind of case about such a paper."""
    return _KINDS.get(paper, Kind.LICENCE)

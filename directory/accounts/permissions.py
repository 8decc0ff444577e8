"""The one table of permissions: who may do what, and what needs a second factor in the same session."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from directory.accounts.terms import Permission, Role


@dataclass(frozen=True, slots=True)
class Rule:
    """Any one of the roles is enough."""

    roles: frozenset[Role]
    second_factor: bool = False
    """Whether every page that needs this asks for a second factor proved in this session."""


_EVERYBODY: Final = frozenset(Role)

TABLE: Final[Mapping[Permission, Rule]] = {
    Permission.KEEP_OWN_ACCOUNT: Rule(_EVERYBODY),
    Permission.REGISTER_PRACTICE: Rule(frozenset({Role.PRACTITIONER})),
    Permission.KEEP_OWN_PROFILE: Rule(frozenset({Role.PRACTITIONER})),
    Permission.READ_REQUESTS: Rule(frozenset({Role.PRACTITIONER}), second_factor=True),
    Permission.VERIFY_CLAIMS: Rule(frozenset({Role.VERIFIER}), second_factor=True),
    Permission.ADMINISTER: Rule(frozenset({Role.ADMINISTRATOR}), second_factor=True),
}

PRIVILEGED: Final = frozenset({Role.VERIFIER, Role.ADMINISTRATOR})
"""Roles that reach other people's data: shorter sessions, and nothing at all without a second factor."""


def may(roles: Collection[Role], permission: Permission) -> bool:
    """Whether somebody with these roles has this permission."""
    return not TABLE[permission].roles.isdisjoint(roles)


def needs_second_factor(permission: Permission) -> bool:
    """Whether this permission is only used in a session that has proved a second factor."""
    return TABLE[permission].second_factor


def is_privileged(roles: Collection[Role]) -> bool:
    """Whether somebody with these roles may reach other people's data."""
    return not PRIVILEGED.isdisjoint(roles)

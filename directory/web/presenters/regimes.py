"""What the rules of a place mean for whoever practises there, in a sentence or two."""

from __future__ import annotations

from collections.abc import Mapping

from directory.http.locale import current, gettext
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, LocalRule, Regime, rule_for

LICENSES = frozenset({"US"})
"""Countries whose states say "license"; others register."""


def said(code: str | None, country: str, rules: Mapping[str, Jurisdiction]) -> list[str]:
    """The sentences about practising where this code holds; the last of them says when nobody is listed there."""
    rule = rule_for(code, rules)
    if rule is None:
        where = current().territories.get(country, country) if country else ""
        if not where:
            return [str(gettext("This point lies in no country we know, so you cannot be found here yet."))]
        return [
            str(
                gettext(
                    "We do not know the rules for acupuncture at this place in %(country)s yet. The place is saved, "
                    "and nobody is shown there before we do.",
                    country=where,
                )
            )
        ]
    sentences = [_regime(rule, name_of(code))]
    local = _local(rule)
    if local:
        sentences.append(local)
    if rule.hidden:
        sentences.append(str(gettext("We list nobody in %(place)s at present.", place=name_of(code))))
    elif not rule.open:
        sentences.append(
            str(gettext("We show nobody in %(place)s yet. The place is saved until we do.", place=name_of(code)))
        )
    return sentences


def _regime(rule: Jurisdiction, place: str) -> str:
    body = rule.body.partition(" (")[0]
    bodies = ", ".join(each.name for each in rule.accepted_bodies)
    match rule.regime:
        case Regime.STATUTORY if rule.country in LICENSES:
            return str(
                gettext(
                    "%(place)s licenses acupuncturists (%(body)s). You are shown here once we have checked a current "
                    "licence.",
                    place=place,
                    body=body,
                )
            )
        case Regime.STATUTORY:
            return str(
                gettext(
                    "%(place)s registers acupuncturists (%(body)s). You are shown here once we have checked a current "
                    "registration.",
                    place=place,
                    body=body,
                )
            )
        case Regime.VOLUNTARY:
            return str(
                gettext(
                    "%(place)s has no state register of acupuncturists. You are shown here once we have checked a "
                    "current membership: %(bodies)s.",
                    place=place,
                    bodies=bodies,
                )
            )
        case _:
            return str(
                gettext(
                    "%(place)s issues no acupuncture licence. You are shown here once we have checked a current "
                    "national certification: %(bodies)s.",
                    place=place,
                    bodies=bodies,
                )
            )


def _local(rule: Jurisdiction) -> str:
    match rule.local_rule:
        case LocalRule.REQUIRED:
            return str(gettext("The local council’s paper is needed as well."))
        case LocalRule.REQUIRED_UNLESS_EXEMPT:
            return str(
                gettext(
                    "The local council’s paper is needed as well, unless you belong to an exempt body (%(bodies)s).",
                    bodies=", ".join(rule.exempt_bodies),
                )
            )
        case _:
            return ""

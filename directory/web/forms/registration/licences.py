"""Licences, registrations, memberships and certifications, and the insurance beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from wtforms import BooleanField, Field, Form, RadioField, SelectField, ValidationError
from wtforms.fields import SelectChoice

from directory.credentials.stating.requirements import Choice
from directory.credentials.terms import STATABLE, CredentialKind, CredentialStatus
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import needed
from directory.web.forms.registration.fields import day, needed_day, one_line, some_lines
from directory.web.forms.registration.step import StepForm

STATUSES: Final[Mapping[CredentialStatus, Any]] = {
    CredentialStatus.ACTIVE: _l("In force"),
    CredentialStatus.ACTIVE_WITH_CONDITIONS: _l("In force, with conditions or restrictions"),
    CredentialStatus.PROBATION: _l("Under an order, such as probation"),
    CredentialStatus.TEMPORARY: _l("Temporary"),
    CredentialStatus.PENDING: _l("Applied for, not granted yet"),
    CredentialStatus.INACTIVE: _l("Inactive, or registered as not practising"),
    CredentialStatus.EXPIRED: _l("Past its date"),
    CredentialStatus.SUSPENDED: _l("Suspended or taken away"),
}
"""What a practitioner may say of a paper of theirs."""


class LicencesListForm(StepForm):
    """The list itself asks nothing."""


class WhereForm(Form):
    """A jurisdiction to add; bound to the address."""

    jurisdiction = SelectField(_l("State, province or country"), validate_choice=False)

    def offer(self, names: Iterable[tuple[str, str]]) -> None:
        """Give the list its choices, by code and name."""
        self.jurisdiction.choices = [SelectChoice("", _l("Please choose")), *(SelectChoice(*each) for each in names)]

    def validate_jurisdiction(self, field: Field) -> None:
        """One of them."""
        if not field.data or field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Please choose a place from the list."))


class LicenceForm(StepForm):
    """One paper; ``shape`` leaves out what such a paper does not have."""

    body = one_line(_l("Who issued it"), autocomplete="organization")
    title = one_line(
        _l("Title on it"), _l("As it is printed, such as Licensed Acupuncturist. Leave it empty if there is none.")
    )
    degree = RadioField(
        _l("Which licence"),
        choices=[SelectChoice("MD", _l("MD, doctor of medicine")), SelectChoice("DO", _l("DO, doctor of osteopathy"))],
        default="MD",
    )
    place_id = SelectField(_l("For which of your places"), validate_choice=False, coerce=str)
    number = one_line(_l("Number"), longest=80, spellcheck="false", autocapitalize="characters")
    name_on_record = one_line(
        _l("Name on the register, if it is another one"),
        _l("Such as a maiden name, or your name in another script. It is not shown; it helps us to find the entry."),
    )
    status = SelectField(
        _l("How it stands"),
        choices=[SelectChoice(each, STATUSES[each]) for each in STATABLE],
        default=CredentialStatus.ACTIVE,
        validate_choice=False,
    )
    raw_status = one_line(
        _l("In the register’s own word"), _l("Such as Active, Clear, Registered. Copy it as it stands there.")
    )
    valid_from = day(
        _l("Day of issue"), _l("The first one, if the register shows it: it says how long you have worked.")
    )
    expires = day(_l("Last day it is valid"))
    no_expiry = BooleanField(_l("No last day is printed"))
    conditions_text = some_lines(
        _l("Conditions or restrictions on it"),
        _l("In the register’s own words. They are shown to patients beside your licence, as the register shows them."),
        rows=3,
    )

    def shape(self, choice: Choice, places: Iterable[tuple[int, str]]) -> None:
        """Ask only what this paper has, and offer the person's own places."""
        if choice.body is not None or choice.code == "physician":
            del self.body
        elif choice.kind is CredentialKind.PROFESSIONAL_BODY:
            self.body.label.text = str(_l("Name of the association"))
        else:
            self.body.label.text = str(_l("Which council"))
        if choice.code == "physician":
            del self.title
        else:
            del self.degree
        if choice.per_place:
            self.place_id.choices = [
                SelectChoice("", _l("Please choose")),
                *(SelectChoice(str(key), name) for key, name in places),
            ]
        else:
            del self.place_id

    def validate_body(self, field: Field) -> None:
        """Needed where it is asked."""
        needed(field, _l("Please say who issued it."), 200)

    def validate_place_id(self, field: Field) -> None:
        """One of the person's own places."""
        if not field.data or field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Please say which of your places it is for."))

    def validate_status(self, field: Field) -> None:
        """One of the answers."""
        if field.data not in STATABLE:
            raise ValidationError(_l("Please choose one of the answers offered."))

    def validate_number(self, field: Field) -> None:
        """Needed; its shape never matters."""
        needed(field, _l("Please give the number, as the register writes it."), 80)

    def validate_expires(self, field: Field) -> None:
        """Not before the day of issue, and not beside the box that says there is none."""
        if field.data is None:
            return
        if self.valid_from.data is not None and field.data < self.valid_from.data:
            raise ValidationError(_l("The last day lies before the day of issue. Please look at both again."))
        if self.no_expiry.data:
            raise ValidationError(_l("Please give a last day or say that none is printed, not both."))


class CoverForm(StepForm):
    """Indemnity insurance."""

    insurer = one_line(_l("Insurer"), autocomplete="organization")
    expires = needed_day(_l("Last day it is valid"))
    covers_acupuncture = BooleanField(_l("The policy covers acupuncture"))
    covers_pregnancy = BooleanField(
        _l("It covers work with pregnant people expressly"),
        description=_l("Tick this only if the policy says so in words. A policy that is silent does not count."),
    )

    def validate_insurer(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please name the insurer."), 200)

    def validate_expires(self, field: Field) -> None:
        """Needed."""
        if field.data is None and not field.errors:
            raise ValidationError(_l("Please give the last day on which the policy is valid."))

    def validate_covers_acupuncture(self, field: Field) -> None:
        """Needed: other insurance says nothing about needles."""
        if not field.data:
            raise ValidationError(_l("Only insurance that covers acupuncture counts here. Please look at your policy."))

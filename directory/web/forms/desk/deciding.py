"""What a decision is typed into. Every field begins empty: what a register says is typed as it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice

from directory.credentials.decisions import rules, service
from directory.credentials.decisions.rules import Claim, Reading, Verdict
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.terms import CredentialStatus, Verification
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm
from directory.web.forms.registration.fields import day, one_line, some_lines
from directory.web.presenters import case_labels as labels

_YES_NO: Final = [SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]
_ITEM: Final = "item_"
_QUESTIONS: Final = ("question_1", "question_2", "question_3")


def _radios(label: Any, choices: Iterable[SelectChoice] = (), description: Any = "") -> RadioField:
    return RadioField(label, description=description, choices=list(choices), validate_choice=False)


def _one_of(label: Any, named: Mapping[Any, Any]) -> SelectField:
    choices = [SelectChoice("", _l("Please choose")), *(SelectChoice(key.value, said) for key, said in named.items())]
    return SelectField(label, choices=choices, validate_choice=False)


def _item(item: str) -> SelectField:
    named = {level: labels.LEVELS[level] for level in rules.ITEM_LEVELS[item]}
    choices = [SelectChoice("", _l("Not looked at")), *(SelectChoice(key.value, said) for key, said in named.items())]
    return SelectField(labels.ITEMS[item], choices=choices, validate_choice=False)


def in_outline(claim: Claim) -> Claim:
    """A claim without whose it is and when it ends: what ``DecisionForm.shape`` makes of it is the same."""
    return replace(
        claim,
        name=None if claim.name is None else "",
        name_on_record=None,
        status=None if claim.status is None else CredentialStatus.ACTIVE,
        expires=None,
        read_at_source=False,
        has_conditions=False,
        covers_pregnancy=None if claim.covers_pregnancy is None else False,
    )


class DecisionForm(PostedForm):
    """A decision about a case; ``shape`` leaves out what such a case does not ask."""

    opened = HiddenField()
    """When the page was opened, signed."""
    outcome = _radios(_l("What you decide"))
    method = _radios(_l("How it was checked"))
    read_on = day(_l("Day on which it was read or heard"))
    source = one_line(
        _l("Where"),
        _l("The address of the page, the name of the file, or the number that was called."),
        longest=500,
        spellcheck="false",
        autocapitalize="none",
    )
    status_read = _one_of(_l("Status, as you read it"), labels.STATUSES)
    raw_status = one_line(_l("In the register’s own word"))
    expires_read = day(_l("Last day, as you read it"))
    no_expiry_read = BooleanField(_l("No last day is printed"))
    late_until_read = day(
        _l("Late period, to the day"), _l("Only where the register itself says that practice may go on so long.")
    )
    name_read = one_line(_l("Name, as you read it"))
    identity_match = _radios(_l("Is this the same person?"), _YES_NO)
    name_reason = one_line(
        _l("If the name differs: why it is the same person"),
        _l("Such as a maiden name, and what shows it."),
        longest=500,
    )
    conditions_read = some_lines(_l("Conditions or orders, in the register’s words"), rows=3)
    covers_acupuncture_read = _radios(_l("Does the policy cover acupuncture?"), _YES_NO)
    covers_pregnancy_read = _radios(_l("Does it cover pregnancy in words?"), _YES_NO)
    item_patients = _item("patients")
    item_years = _item("years")
    item_training = _item("training")
    item_outcomes = _item("outcomes")
    item_liaison = _item("liaison")
    item_publications = _item("publications")
    item_supervisor = _item("supervisor")
    training = _radios(
        _l("How the training was checked"),
        [SelectChoice(each.value, labels.LEVELS[each]) for each in labels.LEVELS if each in rules.CHECKED],
    )
    second_registration_counts = BooleanField(
        _l("The registration as midwife or in obstetrics counts as the training"),
        description=_l("Its register must have been asked, and a second person has to agree."),
    )
    as_read = BooleanField(_l("Record what the source says"), description=_l("Where it differs from what was claimed."))
    snapshot = some_lines(
        _l("A copy of what you saw"),
        _l("Paste the text of the page. We keep its SHA-256 and not the text."),
        longest=50_000,
        rows=2,
    )
    question_1 = some_lines(_l("Question"), longest=rules.LONGEST_QUESTION, rows=2)
    question_2 = some_lines(_l("Another question"), longest=rules.LONGEST_QUESTION, rows=2)
    question_3 = some_lines(_l("Another question"), longest=rules.LONGEST_QUESTION, rows=2)
    reason_code = SelectField(_l("Reason"), validate_choice=False)
    words = some_lines(
        _l("What the practitioner is told"),
        _l("It stands in a letter: neutral, and nothing about anybody else. 280 characters."),
        longest=rules.LONGEST_WORDS,
        rows=3,
    )
    note = some_lines(_l("Note for those who look at it later"), longest=rules.LONGEST_NOTE, rows=2)
    agrees = _radios(
        _l("Do you agree?"), [SelectChoice("yes", _l("I agree")), SelectChoice("no", _l("I do not agree"))]
    )

    def shape(self, claim: Claim) -> None:
        """Ask what such a claim needs, and no more."""
        self.outcome.choices = [
            SelectChoice(each.value, labels.outcome(claim.kind, each)) for each in rules.outcomes(claim)
        ]
        self._reasons()
        methods = rules.methods(claim)
        self.method.choices = [SelectChoice(each.value, labels.METHODS[each]) for each in methods]
        self._leave_out("agrees")
        if not methods:
            self._leave_out("method", "read_on", "source", "snapshot")
        if claim.status is None:
            self._leave_out("status_read", "raw_status", "late_until_read", "conditions_read")
        if not claim.dated:
            self._leave_out("expires_read", "no_expiry_read")
        if claim.name is None:
            self._leave_out("name_read", "identity_match", "name_reason")
        if claim.covers_pregnancy is None:
            self._leave_out("covers_acupuncture_read", "covers_pregnancy_read")
        elif "no_expiry_read" in self:
            self._leave_out("no_expiry_read")
        self._leave_out(*(f"{_ITEM}{item}" for item in rules.ITEM_LEVELS if item not in claim.items))
        if not claim.trained:
            self._leave_out("training")
        if not claim.second_registration:
            self._leave_out("second_registration_counts")
        if not (claim.status or claim.dated):
            self._leave_out("as_read")
        if Outcome.MORE_INFORMATION not in rules.outcomes(claim):
            self._leave_out(*_QUESTIONS)
        if not rules.HAS_REASON & set(rules.outcomes(claim)):
            self._leave_out("reason_code")

    def shape_for_second(self) -> None:
        """Ask whether somebody agrees with what another person decided, and why not."""
        kept = {"opened", "agrees", "note", "csrf_token"}
        self._leave_out(*[field.name for field in self if field.name not in kept])

    def shape_for_person(self) -> None:
        """Ask what is decided about a whole profile."""
        self.outcome.choices = [SelectChoice(each.value, labels.OUTCOMES[each]) for each in rules.ON_A_PERSON]
        self._reasons()
        kept = {"opened", "outcome", "reason_code", "words", "note", "csrf_token"}
        self._leave_out(*[field.name for field in self if field.name not in kept])

    def verdict(self, *, took_seconds: int | None, draw: float, assumed: Outcome = Outcome.NO_ACTION) -> Verdict:
        """What was typed. ``assumed`` is the outcome where none is asked."""
        snapshot = self._text("snapshot")
        return Verdict(
            outcome=_enum(Outcome, self._text("outcome")) or assumed,
            method=_enum(Method, self._text("method")),
            read_on=self._value("read_on"),
            reading=Reading(
                status=_enum(CredentialStatus, self._text("status_read")),
                raw_status=self._text("raw_status") or None,
                expires=self._value("expires_read"),
                no_expiry=bool(self._value("no_expiry_read")),
                late_until=self._value("late_until_read"),
                name=self._text("name_read") or None,
                conditions=self._text("conditions_read") or None,
                covers_pregnancy=_yes_no(self._text("covers_pregnancy_read")),
                covers_acupuncture=_yes_no(self._text("covers_acupuncture_read")),
            ),
            identity_match=_yes_no(self._text("identity_match")),
            name_reason=self._text("name_reason"),
            as_read=bool(self._value("as_read")),
            source=self._text("source") or None,
            snapshot_hash=service.snapshot(snapshot) if snapshot else None,
            reason_code=_enum(ReasonCode, self._text("reason_code")),
            words=self._text("words"),
            note=self._text("note"),
            questions=tuple(text for name in _QUESTIONS if (text := self._text(name))),
            items={
                field.name.removeprefix(_ITEM): level
                for field in self
                if field.name.startswith(_ITEM) and (level := _enum(Verification, field.data)) is not None
            },
            training=_enum(Verification, self._text("training")),
            second_registration_counts=bool(self._value("second_registration_counts")),
            agrees=_yes_no(self._text("agrees")),
            took_seconds=took_seconds,
            draw=draw,
        )

    def chosen(self) -> bool:
        """Whether an outcome was chosen, where one is asked; the complaint stands at it."""
        if "outcome" not in self or _enum(Outcome, self._text("outcome")) is not None:
            return True
        self.outcome.errors = [gettext("Please choose what you decide.")]
        return False

    def complain(self, fields: Mapping[str, str]) -> None:
        """Put each sentence at its field, or above the form where there is none."""
        for name, sentence in fields.items():
            at = _PLACES.get(name, name)
            if name == "items":
                at = next((field.name for field in self if field.name.startswith(_ITEM)), at)
            if at in self:
                self[at].errors = [*self[at].errors, gettext(sentence)]
            else:
                self.form_errors.append(gettext(sentence))

    def parts(self, *names: str) -> list[Field]:
        """Those of these fields that are asked."""
        return [self[name] for name in names if name in self]

    def items(self) -> list[Field]:
        """How far each item was checked."""
        return [field for field in self if field.name.startswith(_ITEM)]

    def _reasons(self) -> None:
        self.reason_code.choices = [
            SelectChoice("", _l("Please choose")),
            *(SelectChoice(each.value, labels.reason(each)) for each in ReasonCode),
        ]

    def _leave_out(self, *names: str) -> None:
        for name in names:
            if name in self:
                del self[name]

    def _value(self, name: str) -> Any:
        return self[name].data if name in self else None

    def _text(self, name: str) -> str:
        found = self._value(name)
        return found.strip() if isinstance(found, str) else ""


_PLACES: Final = {"questions": "question_1", "expires": "expires_read"}


def _enum(closed: type[Any], text: str | None) -> Any:
    return closed(text) if text in {each.value for each in closed} else None


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)

"""What goes onto the papers to take along. Nobody keeps any of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from wtforms import BooleanField, Field, Form, FormField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from directory.care.medicines import QUESTIONS, Group
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm
from directory.web.forms.registration.fields import one_line, some_lines

LINES: Final = 12
"""Of a list of medicines."""
_NUMBERS: Final = range(1, LINES + 1)
SHOWN_LINES: Final = 4
"""The others are folded away until somebody needs them."""
MOST_NAMES: Final = 4
LONGEST_NAME: Final = 120
LONGEST_WORDS: Final = 1000


class MedicineForm(Form):
    """One line of the list."""

    name = one_line(_l("Name"), longest=LONGEST_NAME)
    dose = one_line(_l("Dose, and when"), longest=LONGEST_NAME)
    reason = one_line(_l("What for"), longest=LONGEST_NAME)

    def validate_name(self, field: Field) -> None:
        """Needed where the rest of the line is not empty."""
        if not field.data and (self.dose.data or self.reason.data):
            raise ValidationError(_l("Please give the name, or empty this line."))


@dataclass(frozen=True, slots=True)
class Medicine:
    """One line, as typed."""

    name: str
    dose: str
    reason: str


class BringForm(PostedForm):
    """Medicines and supplements, which groups are among them, and allergies. Its lines are added below."""

    groups = SelectMultipleField(
        _l("Is one of these among them?"),
        description=_l("Tick what you know. A pharmacist can say for the rest."),
        choices=[],
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    reactions = some_lines(_l("Allergies and bad reactions"), longest=LONGEST_WORDS, rows=2)
    whose = one_line(_l("Your name, for the paper"), longest=LONGEST_NAME)

    def offer(self) -> None:
        """The groups in the words of the visitor's language."""
        self.groups.choices = [
            SelectChoice(group.value, f"{gettext(each.name)} ({gettext(each.examples)})")
            for group, each in QUESTIONS.items()
        ]

    @property
    def lines(self) -> list[Any]:
        """The forms of the lines, in order."""
        return [self[f"line_{number}"].form for number in _NUMBERS]

    @property
    def medicines(self) -> list[Medicine]:
        """The lines that were filled in."""
        return [
            Medicine(line["name"].data, line.dose.data or "", line.reason.data or "")
            for line in self.lines
            if line["name"].data
        ]

    @property
    def ticked(self) -> frozenset[Group]:
        """Of the groups we know; only after ``validate`` said yes."""
        return frozenset(Group(each) for each in self.groups.data or ())

    def validate_groups(self, field: Field) -> None:
        """Of the list, and not empty where no line is filled in either."""
        chosen = set(field.data or ())
        if not chosen <= {group.value for group in Group}:
            raise ValidationError(_l("Please choose from the answers offered."))
        if not chosen and not any(any(line.data.values()) for line in self.lines):
            raise ValidationError(_l("Please write at least one line, or tick what you take."))


for _number in _NUMBERS:
    setattr(BringForm, f"line_{_number}", FormField(MedicineForm, separator="_"))


def _person(label: Any) -> StringField:
    return one_line(label, longest=LONGEST_NAME)


class NamesForm(PostedForm):
    """The people to ask, so that each has a column."""

    name_1 = _person(_l("First person"))
    name_2 = _person(_l("Second person"))
    name_3 = _person(_l("Third person"))
    name_4 = _person(_l("Fourth person"))

    @property
    def names(self) -> list[str]:
        """Those that were typed, in their order."""
        return [each.data for each in (self.name_1, self.name_2, self.name_3, self.name_4) if each.data]

    def validate_name_1(self, _field: Field) -> None:
        """Somebody."""
        if not self.names:
            raise ValidationError(_l("Please give at least one name, or print the page as it is."))


_TO: Final = {"gp": _l("My doctor"), "midwife": _l("My midwife")}
_KNOWN: Final = {
    "told": _l("A clinician told me that I have restless legs syndrome"),
    "think": _l("I think I may have it"),
}


class LetterForm(PostedForm):
    """A letter to a doctor or midwife."""

    to = RadioField(_l("Whom is it for?"), choices=[SelectChoice(*each) for each in _TO.items()], default="gp")
    to_name = one_line(_l("Their name"), longest=LONGEST_NAME)
    known = RadioField(
        _l("Your restless legs"), choices=[SelectChoice(*each) for each in _KNOWN.items()], default="think"
    )
    pregnant = BooleanField(_l("Say that I am or may be pregnant"))
    medicines = some_lines(
        _l("Medicines and supplements"),
        _l("Empty where you take none, or bring the list."),
        longest=LONGEST_WORDS,
        rows=3,
    )
    practitioner = one_line(_l("The acupuncturist you have in mind"), longest=LONGEST_NAME)
    signed = one_line(_l("Your name"), longest=LONGEST_NAME)
    born = one_line(_l("Your date of birth"), _l("As your doctor’s records have it."), longest=40)

    def validate_signed(self, field: Field) -> None:
        """Nobody sends a letter without a name."""
        if not field.data:
            raise ValidationError(_l("Please give the name to sign with."))

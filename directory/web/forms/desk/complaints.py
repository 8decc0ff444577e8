"""Settling a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from wtforms import BooleanField, Field, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from directory.complaints.terms import Result
from directory.credentials.decisions.rules import LONGEST_NOTE, LONGEST_QUESTION, LONGEST_WORDS
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, needed, short

RESULTS: Final[Mapping[Result, Any]] = {
    Result.CORRECTED: _l("It was wrong and is corrected"),
    Result.ASKED: _l("The practitioner was asked, and it is settled"),
    Result.NOTHING_FOUND: _l("Nothing to change was found"),
    Result.PASSED_ON: _l("Passed on to the board, the register or the police"),
    Result.HIDDEN: _l("Hide the profile now; a second person looks at it within two working days"),
}


def _text(label: Any, description: Any, longest: int, rows: int) -> TextAreaField:
    return TextAreaField(
        label, description=description, filters=[lines], render_kw={"rows": rows, "maxlength": longest}
    )


class SettleForm(PostedForm):
    """What the reporter hears, what the practitioner is asked or told, and what is kept."""

    ASK: ClassVar[str] = "ask"

    opened = HiddenField()
    """When the page was opened, signed."""
    result = RadioField(
        _l("What comes of it"),
        choices=[
            SelectChoice(ASK, _l("Ask the practitioner first; this waits for the answer")),
            *(SelectChoice(each.value, said) for each, said in RESULTS.items()),
        ],
        validate_choice=False,
    )
    question = _text(
        _l("Question to the practitioner"), _l("Nothing that tells who wrote, or in which words."), LONGEST_QUESTION, 3
    )
    words = _text(
        _l("Why the profile is hidden, for the practitioner"),
        _l("It stands in a letter: neutral, and nothing that tells who wrote. 280 characters."),
        LONGEST_WORDS,
        3,
    )
    keep = BooleanField(
        _l("Keep everything about them, also if they leave (legal hold)"),
        description=_l("Until an administrator lifts it. While a profile is hidden by us nothing is erased anyway."),
    )
    note = _text(_l("Note for those who look at it later"), "", LONGEST_NOTE, 2)

    def validate_result(self, field: Field) -> None:
        """One of these."""
        if field.data not in {self.ASK, *(each.value for each in RESULTS)}:
            raise ValidationError(_l("Please choose one of these."))

    def validate_question(self, field: Field) -> None:
        """Needed where the practitioner is asked."""
        if self.result.data == self.ASK:
            needed(field, _l("Please write the question."), LONGEST_QUESTION)

    def validate_words(self, field: Field) -> None:
        """Needed where the profile is hidden."""
        if self.result.data == Result.HIDDEN:
            needed(field, _l("Please write what the practitioner is told."), LONGEST_WORDS)
        short(field, LONGEST_WORDS)

    def validate_note(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_NOTE)

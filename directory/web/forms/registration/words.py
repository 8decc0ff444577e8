"""What somebody says in their own words. Two lengths: a sentence or two, and more."""

from __future__ import annotations

from typing import Final

from wtforms import Field, TextAreaField

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import lines, short
from directory.web.forms.registration.step import StepForm

LONGEST_WORDS: Final = 600
LONGEST_BIOGRAPHY: Final = 4000


class WordsForm(StepForm):
    """Both texts; neither is needed."""

    words = TextAreaField(
        _l("In a sentence or two"),
        description=_l("Such as how you work, or what people can expect at a first visit."),
        filters=[lines],
        render_kw={"rows": 4, "maxlength": LONGEST_WORDS, "dir": "auto"},
    )
    biography = TextAreaField(
        _l("About you, at length"),
        description=_l("Your path, your training, why this work. Somebody reads this before it is shown."),
        filters=[lines],
        render_kw={"rows": 10, "maxlength": LONGEST_BIOGRAPHY, "dir": "auto"},
    )

    def validate_words(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_WORDS)

    def validate_biography(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_BIOGRAPHY)

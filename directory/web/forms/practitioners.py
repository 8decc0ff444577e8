"""A name as somebody types it. It stands in the address of their own page, and nowhere else."""

from __future__ import annotations

import unicodedata
from typing import Final

from wtforms import Field, Form, StringField, ValidationError

from directory.http.locale import lazy_gettext as _l
from directory.search.names import LONGEST_NAME, fold
from directory.web.forms.texts import cleaned

_WHOLE_NAMES: Final = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
"""Scripts in which one sign may be a name."""


class NameForm(Form):
    """Bound to the address."""

    name = StringField(
        _l("Name"),
        description=_l("A family name or part of it is enough. Add the town if you know it."),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false", "maxlength": LONGEST_NAME},
    )

    def validate_name(self, field: Field) -> None:
        """Something with letters in it, neither one alone nor more than any name has."""
        typed: str = field.data
        if not typed:
            raise ValidationError(_l("Please type a name."))
        if len(typed) > LONGEST_NAME:
            raise ValidationError(_l("This is longer than any name we hold. Please type a shorter part of it."))
        if "\N{REPLACEMENT CHARACTER}" in typed:
            raise ValidationError(_l("There is a sign in this that cannot be read. Please type the name again."))
        folded = fold(typed)
        if not folded:
            raise ValidationError(_l("There are no letters in this. Please type a name."))
        if len(folded) == 1 and not any(unicodedata.name(sign, "").startswith(_WHOLE_NAMES) for sign in typed):
            raise ValidationError(_l("One letter fits too many people. Please type at least two."))

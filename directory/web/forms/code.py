"""The code of a letter on paper."""

from __future__ import annotations

from wtforms import Field, StringField

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, needed
from directory.web.forms.texts import cleaned


class CodeForm(PostedForm):
    """The code as it is printed; spaces and small letters do no harm."""

    code = StringField(
        _l("The code from our letter"),
        description=_l("Twelve letters and digits in three groups. Spaces do not matter."),
        filters=[cleaned],
        render_kw={"maxlength": 40, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def validate_code(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please type the code."), 40)

"""A practitioner's answer to a question of the desk."""

from __future__ import annotations

from wtforms import Field, TextAreaField

from directory.credentials.decisions.service import LONGEST_ANSWER
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, needed


class AnswerForm(PostedForm):
    """One answer."""

    answer = TextAreaField(
        _l("Your answer"),
        description=_l("Write about no patient: no names, dates or places."),
        filters=[lines],
        render_kw={"rows": 4, "maxlength": LONGEST_ANSWER, "dir": "auto"},
    )

    def validate_answer(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please write your answer."), LONGEST_ANSWER)

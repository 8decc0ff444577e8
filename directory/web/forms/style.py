"""The fields on the style page of development."""

from __future__ import annotations

from wtforms import Form, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice


class SampleForm(Form):
    """One field of each kind, one of them with a complaint."""

    place = StringField("A field with a hint", description="What the hint says.")
    refused = StringField("A field that was refused")
    answer = RadioField("Short answers", choices=[SelectChoice(each, each.title()) for each in ("no", "yes", "maybe")])
    words = TextAreaField("Longer words")

"""What forms that are sent share: where their answers come from, and what a typed text must be."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

from babel.support import NullTranslations, Translations
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, ValidationError
from wtforms.i18n import messages_path

from directory.http.locale import current
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.texts import cleaned

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class PostedForm(FlaskForm):
    """A form that reads what was posted and nothing else: a file or a JSON value under a field's name is no answer."""

    class Meta(FlaskForm.Meta):
        """Where answers come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was typed, or what the caller says was typed."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if request.method == "POST" else None

        def get_translations(self, form: FlaskForm) -> NullTranslations:
            """What WTForms itself says, in the visitor's language; read from its file once."""
            return _said_by_wtforms(str(current()))


@lru_cache(maxsize=32)
def _said_by_wtforms(locale: str) -> NullTranslations:
    found: NullTranslations = Translations.load(messages_path(), [locale], domain="wtforms")
    return found


def lines(value: str | None) -> str:
    """Several lines of text; each without space around it or signs that HTML cannot hold."""
    text = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(cleaned(line) for line in text.split("\n")).strip()


def needed(field: Field, complaint: Any, longest: int) -> None:
    """``ValidationError`` with this complaint when nothing was typed, or when it is too long."""
    if not field.data:
        raise ValidationError(complaint)
    short(field, longest)


def short(field: Field, longest: int) -> None:
    """``ValidationError`` when more was typed than there is room for."""
    if len(field.data) > longest:
        raise ValidationError(_l("That is too long. There is room for %(number)s characters.", number=longest))


def shaped_like_email(field: Field) -> None:
    """``ValidationError`` for what is not shaped like an address. Only a letter shows whether it is one."""
    if not _EMAIL.fullmatch(field.data):
        raise ValidationError(_l("That is not an email address. It has the form name@example.org."))

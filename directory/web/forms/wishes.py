"""What matters to a patient besides their health, and how much: wishes that travel in the address of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from directory.http.locale import lazy_gettext as _l
from directory.practitioners.terms import Availability
from directory.web.forms.search import GENDERS, LARGEST_PRICE
from directory.web.forms.texts import cleaned
from directory.web.presenters import labels

NICE: Final = "nice"
"""The answer, and the parameter of an address that names which of the others are only nice to have."""
MUST: Final = "must"
HOW: Final = {NICE: _l("Nice to have"), MUST: _l("A must")}
_NO: Final = {"": _l("Does not matter")}
FLAGS: Final = ("remote", "home_visit", "step_free", "accepting")
VALUES: Final = ("language", "availability", "gender", "max_price")
_PRICE: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")


def _radios(label: Any, answers: Mapping[str, Any], *, default: str = "") -> Any:
    return RadioField(
        label,
        choices=[SelectChoice(*answer) for answer in answers.items()],
        validate_choice=False,
        default=default,
        filters=[lambda value: value or default],
    )


def _how() -> Any:
    return _radios(_l("How much it matters"), HOW, default=NICE)


class WishesForm(FlaskForm):
    """Everything may be left as it is. ``languages`` are the codes and names that somebody listed speaks."""

    class Meta(FlaskForm.Meta):
        """Where answers come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """The body of a POST, and nothing else."""
            return None if formdata is None or request.method != "POST" else request.form

    place = StringField(
        _l("Where do you need someone?"),
        description=_l("A postcode or ZIP code, or a town with its state or county."),
        filters=[cleaned],
        render_kw={"autocomplete": "postal-code", "autocapitalize": "words", "spellcheck": "false", "maxlength": 200},
    )
    remote = _radios(_l("A first talk from a distance"), _NO | HOW)
    home_visit = _radios(_l("Somebody who comes to your home"), _NO | HOW)
    step_free = _radios(_l("Step-free from street to table"), _NO | HOW)
    accepting = _radios(_l("Takes new patients, confirmed within 30 days"), _NO | HOW)
    language = SelectField(_l("A language besides English"), choices=[], validate_choice=False, default="")
    language_how = _how()
    availability = SelectMultipleField(
        _l("Time of the week"),
        choices=[SelectChoice(code.value, labels.AVAILABILITY[code]) for code in Availability],
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    availability_how = _how()
    gender = _radios(
        _l("Who treats you"),
        {"": _l("It does not matter"), **{code.value: labels.GENDERS[code] for code in GENDERS}},
    )
    gender_how = _how()
    max_price = StringField(
        _l("Highest price of a visit"),
        description=_l("In the money of that place, such as 90."),
        filters=[cleaned],
        render_kw={"inputmode": "decimal", "autocomplete": "off", "size": 8, "maxlength": 10},
    )
    max_price_how = _how()

    def __init__(self, *args: Any, languages: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._languages = dict(languages)
        self.language.choices = [
            SelectChoice(code, name) for code, name in [("", _l("Does not matter")), *self._languages.items()]
        ]

    @staticmethod
    def answered(asks: MultiDict[str, str]) -> dict[str, object]:
        """What the address already asks."""
        nice = set(asks.getlist(NICE))
        how = {name: NICE if name in nice else MUST for name in (*FLAGS, *VALUES) if asks.getlist(name)}
        given: dict[str, object] = {name: how[name] for name in FLAGS if name in how}
        given |= {f"{name}_how": how[name] for name in VALUES if name in how}
        given |= {name: asks.get(name, "") for name in ("place", "language", "gender", "max_price")}
        return given | {"availability": asks.getlist("availability")}

    def asks(self, before: MultiDict[str, str]) -> MultiDict[str, str]:
        """The address with these wishes in place of the earlier ones; whatever is not asked here stays."""
        after = MultiDict(before)
        if self.place.data:
            after["place"] = self.place.data
        nice = [name for name in before.getlist(NICE) if name not in (*FLAGS, *VALUES)]
        for name in FLAGS:
            after.setlist(name, ["yes"] if self[name].data else [])
            nice += [name] if self[name].data == NICE else []
        for name in VALUES:
            data = self[name].data
            after.setlist(name, [each for each in ([data] if isinstance(data, str) else data) if each])
            nice += [name] if after.getlist(name) and self[f"{name}_how"].data == NICE else []
        after.setlist(NICE, nice)
        return after

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Every field, and that each answer to "how much" is one of those offered."""
        valid: bool = super().validate(*args, **kwargs)
        for name in FLAGS:
            valid = self._is_among(self[name], _NO | HOW) and valid
        for name in VALUES:
            valid = self._is_among(self[f"{name}_how"], HOW) and valid
        return valid

    def _is_among(self, field: Field, answers: Iterable[str]) -> bool:
        if field.data in tuple(answers):
            return True
        field.errors = [*field.errors, str(_l("Please choose one of the answers offered."))]
        return False

    def validate_language(self, field: Field) -> None:
        """A language that somebody listed speaks."""
        if field.data and field.data not in self._languages:
            raise ValidationError(_l("Please choose one of the answers offered."))

    def validate_availability(self, field: Field) -> None:
        """Parts of the week."""
        field.data = list(dict.fromkeys(value for value in field.data or () if value))
        if not set(field.data) <= {code.value for code in Availability}:
            raise ValidationError(_l("Please choose from the answers offered."))

    def validate_gender(self, field: Field) -> None:
        """A gender that somebody can state."""
        if field.data and field.data not in {code.value for code in GENDERS}:
            raise ValidationError(_l("Please choose one of the answers offered."))

    def validate_max_price(self, field: Field) -> None:
        """An amount of money."""
        if field.data and not (_PRICE.fullmatch(field.data) and 0 < float(field.data) <= LARGEST_PRICE):
            raise ValidationError(_l("Please give a price as a plain number, such as 90."))

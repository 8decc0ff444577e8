"""Languages and methods of a person; prices and insurers of each of their places."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from babel.numbers import get_currency_name, get_territory_currencies
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from directory.http.locale import current
from directory.http.locale import lazy_gettext as _l
from directory.practitioners.drafts import PRICES, Prices, Spoken
from directory.practitioners.terms import LanguageLevel, Protocol, SpokenBy, Technique
from directory.screening.terms import Condition
from directory.web.forms.registration.answers import question, said
from directory.web.forms.registration.fields import price, price_in
from directory.web.forms.registration.step import StepForm
from directory.web.presenters import labels

MOST_LANGUAGES: Final = 15
EMPTY_ROWS: Final = 2
_CURRENCIES: Final = ("USD", "CAD", "GBP", "EUR", "AUD", "NZD", "CHF")


_PROTOCOLS: Final = {
    Protocol.ANTICOAGULANT_BLEEDING: _l("A protocol for people who bleed easily"),
    Protocol.LYMPHOEDEMA_LIMB: _l("Never needling a limb with lymphoedema"),
}


def _boxes(label: Any, choices: Iterable[SelectChoice] = (), description: Any = "") -> Any:
    return SelectMultipleField(
        label,
        description=description,
        choices=list(choices),
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )


class LanguageRow(Form):
    """One language, how well, and whose; a row without a language says nothing."""

    code = SelectField(_l("Language"), choices=[], validate_choice=False)
    level = SelectField(
        _l("How well"),
        choices=[SelectChoice(each.value, labels.LEVELS[each]) for each in LanguageLevel],
        default=LanguageLevel.FLUENT.value,
        validate_choice=False,
    )
    by = SelectField(
        _l("Who speaks it"),
        choices=[SelectChoice(each.value, labels.SPEAKERS[each]) for each in SpokenBy],
        default=SpokenBy.PRACTITIONER.value,
        validate_choice=False,
    )


class OffersForm(StepForm):
    """What somebody speaks, does and declines."""

    languages = FieldList(FormField(LanguageRow), label=_l("Languages"), max_entries=MOST_LANGUAGES + EMPTY_ROWS)
    techniques = _boxes(
        _l("Methods you use"), [SelectChoice(each.value, word) for each, word in labels.TECHNIQUES.items()]
    )
    declines = _boxes(
        _l("Whom you do not take on"),
        [SelectChoice(each.value, word) for each, word in labels.CONDITIONS.items() if each is not Condition.PREGNANCY],
        _l("They are not shown your page in their list. Pregnancy has a step of its own."),
    )
    protocols = _boxes(
        _l("Written protocols you follow"),
        [SelectChoice(each.value, word) for each, word in _PROTOCOLS.items()],
        _l("Only what you have in writing."),
    )

    def offer(self, languages: Iterable[tuple[str, str]]) -> None:
        """Fill the lists of languages, and let there be empty rows to add more in."""
        choices = [SelectChoice("", _l("No language")), *(SelectChoice(*each) for each in languages)]
        empty = sum(1 for row in self.languages if not row.form.code.data)
        for _ in range(max(0, EMPTY_ROWS - empty)):
            if len(self.languages) < MOST_LANGUAGES + EMPTY_ROWS:
                self.languages.append_entry()
        for row in self.languages:
            row.form.code.choices = choices

    @property
    def spoken(self) -> tuple[Spoken, ...]:
        """The languages; only after ``validate`` said yes."""
        return tuple(
            Spoken(row.form.code.data, LanguageLevel(row.form.level.data), SpokenBy(row.form.by.data))
            for row in self.languages
            if row.form.code.data
        )

    def validate_languages(self, field: FieldList) -> None:
        """Known words, each language of each person once."""
        rows = [(row.form.code.data, row.form.level.data, row.form.by.data) for row in field if row.form.code.data]
        if len(rows) > MOST_LANGUAGES:
            raise ValidationError(_l("There is room for %(number)s languages.", number=MOST_LANGUAGES))
        for row in field:
            for control in (row.form.code, row.form.level, row.form.by):
                offered = {choice.value for choice in control.choices}
                if row.form.code.data and control.data not in offered:
                    raise ValidationError(_l("Please choose from the answers offered."))
        if len({(code, by) for code, _, by in rows}) < len(rows):
            raise ValidationError(_l("The same language of the same person stands there twice."))

    def validate_techniques(self, field: Field) -> None:
        """Of the list."""
        _of_the_list(field, Technique)

    def validate_declines(self, field: Field) -> None:
        """Of the list."""
        _of_the_list(field, Condition)

    def validate_protocols(self, field: Field) -> None:
        """Of the list."""
        _of_the_list(field, Protocol)


def _of_the_list(field: Field, allowed: Iterable[str]) -> None:
    field.data = list(dict.fromkeys(field.data or ()))
    offered = {choice.value for choice in field.choices}
    if not offered.issuperset(field.data) or not {str(each) for each in allowed}.issuperset(field.data):
        raise ValidationError(_l("Please choose from the answers offered."))


def as_price(amount: Decimal | None) -> str:
    """An amount as the form holds it."""
    if amount is None:
        return ""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


class PricesForm(StepForm):
    """What visits at one place cost, and who has paid for them."""

    price_currency = SelectField(_l("Currency"), choices=[], validate_choice=False)
    price_first_talk = price(_l("First talk"), _l("Before any treatment. 0 where it is free."))
    price_first_visit = price(_l("First visit"))
    price_follow_up = price(_l("Later visits"))
    price_shared_room = price(
        _l("A visit in a shared room"), _l("Several patients in one room, often at a lower price.")
    )
    sliding_scale = question(_l("Can the price follow what somebody can pay?"))
    same_without_insurance = question(_l("Does a visit cost the same without insurance?"))
    price_without_insurance = price(_l("A later visit without insurance"), _l("Only if it is not the same."))
    payers = _boxes(
        _l("Insurers that have paid for visits here"),
        description=_l(
            "Your own word, shown with the day. Patients are told to ask their insurer about restless legs."
        ),
    )
    payers_today = BooleanField(_l("Everything ticked is still right today"))

    def offer(self, country: str, payers: Iterable[tuple[str, str]], *, stored: str | None) -> None:
        """The money and the insurers of a country, and the money in which prices are stored."""
        locale = current()
        codes = list(dict.fromkeys([*get_territory_currencies(country), *_CURRENCIES, *([stored] if stored else [])]))
        self.price_currency.choices = [
            SelectChoice(code, f"{get_currency_name(code, locale=locale)} ({code})") for code in codes
        ]
        self.price_currency.data = self.price_currency.data or codes[0]
        self.payers.choices = [SelectChoice(*each) for each in payers]

    @property
    def prices(self) -> Prices:
        """What was said; only after ``validate`` said yes."""
        amounts = {name: price_in(self[name]) for name in PRICES}
        stated = any(amount is not None for amount in amounts.values())
        return Prices(
            price_currency=self.price_currency.data if stated else None,
            sliding_scale=said(self.sliding_scale.data),
            same_without_insurance=said(self.same_without_insurance.data),
            **amounts,
        )

    def validate_price_currency(self, field: Field) -> None:
        """One of the list."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Please choose the currency."))

    def _validate_price(self, field: Field) -> None:
        price_in(field)

    validate_price_first_talk = validate_price_first_visit = validate_price_follow_up = _validate_price
    validate_price_shared_room = _validate_price

    def validate_price_without_insurance(self, field: Field) -> None:
        """Not beside the word that it is the same."""
        if price_in(field) is not None and said(self.same_without_insurance.data):
            raise ValidationError(_l("Please say either that it is the same, or how much it is."))

    def validate_payers(self, field: Field) -> None:
        """Of the list."""
        field.data = list(dict.fromkeys(field.data or ()))
        if not {choice.value for choice in field.choices}.issuperset(field.data):
            raise ValidationError(_l("Please choose from the answers offered."))

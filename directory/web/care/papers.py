"""Papers to take along: what somebody types is printed on the page that answers, and kept nowhere."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from directory.care import medicines
from directory.guide import cautions, evidence
from directory.http import headers
from directory.http.locale import gettext
from directory.web import facts
from directory.web.care.blueprint import pages
from directory.web.forms.care.papers import SHOWN_LINES, BringForm, LetterForm, NamesForm
from directory.web.presenters import told


@pages.get("/bring")
def bring() -> str:
    """The form for a list of medicines, which can be printed empty as well."""
    form = BringForm()
    form.offer()
    return _bring(form)


@pages.post("/bring")
def make_list() -> ResponseReturnValue:
    """The list with the questions it raises, above its form; 422 with what was typed when it cannot be made."""
    headers.personal()
    form = BringForm()
    form.offer()
    if not form.validate():
        return _bring(form), 422
    found = medicines.recognised(each.name for each in form.medicines)
    return _bring(form, made=True, found=found, asks=medicines.to_ask(form.ticked | found))


def _bring(
    form: BringForm,
    *,
    made: bool = False,
    found: frozenset[medicines.Group] = frozenset(),
    asks: tuple[tuple[medicines.Group, medicines.Questions], ...] = (),
) -> str:
    return render_template(
        "care/bring.html",
        form=form,
        made=made,
        asks=asks,
        only_found=found - form.ticked if made else found,
        without_iron=medicines.Group.IRON not in {group for group, _ in asks},
        rules=medicines,
        evidence=evidence,
        shown_lines=SHOWN_LINES,
    )


@pages.get("/questions")
def questions() -> str:
    """The questions to ask, with room for one person's answers on paper."""
    return _questions(NamesForm(), names=[])


@pages.post("/questions")
def make_questions() -> ResponseReturnValue:
    """The same with a column for each person; 422 without a name."""
    form = NamesForm()
    if not form.validate():
        return _questions(form, names=[]), 422
    return _questions(form, names=form.names)


def _questions(form: NamesForm, *, names: list[str]) -> str:
    own = [item.ask for item in told.to_tell(facts.read())]
    general = [str(gettext(each)) for each in (*cautions.QUESTIONS, *cautions.FURTHER_QUESTIONS)]
    return render_template("care/questions.html", form=form, names=names, own=own, general=general)


@pages.get("/letter")
def letter() -> str:
    """The form for a letter to a doctor or midwife."""
    expecting = facts.read().expecting
    form = LetterForm(data={"to": "midwife" if expecting else "gp", "known": "think", "pregnant": expecting})
    return render_template("care/letter.html", form=form, made=False)


@pages.post("/letter")
def make_letter() -> ResponseReturnValue:
    """The letter above its form; 422 with what was typed when it cannot be made."""
    headers.personal()
    form = LetterForm()
    made = form.validate()
    page = render_template("care/letter.html", form=form, made=made)
    return page, 200 if made else 422


@pages.get("/superbill")
def superbill() -> str:
    """What belongs on an itemised receipt for an insurer."""
    return render_template("care/superbill.html", evidence=evidence)

"""What patients say about one's service, and answering it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.consultations.feedback import queries, rules, service
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Stand
from directory.errors import Conflict, InvalidInput, NotFound
from directory.http import headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.rules import rule_for
from directory.web import stories
from directory.web.forms.feedback import ReplyForm
from directory.web.practice.blueprint import pages

_LARGEST_ID = 2**63 - 1


@pages.get("/feedback")
def feedback() -> str:
    """What is shown of one's service, newest first, each with room for an answer."""
    return _page({})


@pages.post("/feedback/<int:story_id>")
def send_reply(story_id: int) -> ResponseReturnValue:
    """Take an answer; it is read before it is shown."""
    person, form = who.practitioner(), ReplyForm(prefix=f"story-{story_id}")
    _own(story_id)
    if not form.validate():
        return _page({story_id: form}), 422
    try:
        service.reply(session(), person.id, story_id, form.words.data, now=site().clock())
    except (InvalidInput, Conflict) as error:
        session().rollback()
        said = stories.complaint(error) if isinstance(error, InvalidInput) else gettext(str(error))
        form.words.errors = [*form.words.errors, said]
        return _page({story_id: form}), 422 if isinstance(error, InvalidInput) else 409
    return redirect(url_for("practice.feedback"), 303)


@pages.post("/feedback/<int:story_id>/take-back")
def take_reply_back(story_id: int) -> ResponseReturnValue:
    """Erase one's answer."""
    _own(story_id)
    service.take_reply_back(session(), who.practitioner().id, story_id, now=site().clock())
    return redirect(url_for("practice.feedback"), 303)


def _own(story_id: int) -> None:
    try:
        queries.own(session(), who.practitioner().id, min(story_id, _LARGEST_ID))
    except NotFound as error:
        raise NotFound(gettext(str(error))) from error


def _page(typed: Mapping[int, ReplyForm]) -> str:
    headers.personal()
    law = jurisdictions.all_rules(session())
    rows = queries.of_practitioner(session(), who.practitioner().id)
    return render_template(
        "practice/feedback.html",
        rows=[
            {
                "line": stories.line(each),
                "shown": rules.may_be_shown(rule_for(each.place.jurisdiction, law)),
                "waits": each.reply_stand is Stand.WAITING,
                "own": each.reply_sealed or "",
                "stands": each.reply_stand is Stand.PUBLISHED,
                "refused": each.reply_stand is Stand.REFUSED,
                "form": _reply_form(each, typed),
            }
            for each in rows
        ],
    )


def _reply_form(row: ServiceStory, typed: Mapping[int, ReplyForm]) -> ReplyForm | None:
    if row.reply_stand in (Stand.WAITING, Stand.PUBLISHED):
        return None
    return typed.get(row.id) or ReplyForm(formdata=None, prefix=f"story-{row.id}")

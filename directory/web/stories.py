"""Words about a service as pages show them: each with its month, without a name, and never as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton

from directory.consultations.feedback import queries
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.service import Unfit
from directory.consultations.feedback.terms import Stand
from directory.errors import InvalidInput
from directory.http.locale import current, gettext
from directory.http.site import session, site
from directory.jurisdictions.rules import Jurisdiction
from directory.web.forms.feedback import SHOWN


@dataclass(frozen=True, slots=True)
class Line:
    """One patient's word, and the answer to it where one may be shown."""

    id: int
    when: str
    """The month alone: a day could say who it was."""
    answers: Sequence[str]
    words: str
    reply: str


def published(practitioner_id: int, rules: Mapping[str, Jurisdiction]) -> list[Line]:
    """What people who met somebody said about the service, where the law of the place lets it be shown today."""
    return [line(each) for each in queries.shown(session(), practitioner_id, rules, now=site().clock())]


def line(story: ServiceStory) -> Line:
    """One of them."""
    replied = story.reply_stand is Stand.PUBLISHED
    return Line(
        id=story.id,
        when=str(format_skeleton("yMMMM", story.sent_at, locale=current())),
        answers=[str(SHOWN[aspect, answer]) for aspect, answer in story.answers.items()],
        words=story.words_sealed or "",
        reply=(story.reply_sealed or "") if replied else "",
    )


def complaint(error: InvalidInput) -> str:
    """Why words cannot be taken, with those that are meant where some are."""
    why = gettext(str(error))
    if isinstance(error, Unfit):
        return str(gettext("“%(words)s”: %(why)s", words=error.words, why=why))
    return str(why)

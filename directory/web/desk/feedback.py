"""Words about a service, and the answer to them, for whoever decides whether they are shown."""

from __future__ import annotations

from directory.consultations.feedback import queries
from directory.consultations.feedback.handling import is_reply
from directory.desk.review import Review
from directory.errors import NotFound
from directory.http.locale import gettext
from directory.http.site import session
from directory.practitioners.models import Practitioner
from directory.web.desk.facts import Claimed, Fact
from directory.web.forms.feedback import SHOWN


def claimed(review: Review) -> Claimed:
    """Words about a service, or the answer to them, with whom they are about."""
    try:
        row = queries.story(session(), int(review.case.subject.rpartition(":")[2]))
    except NotFound:
        return Claimed(nothing=str(gettext("It was taken back, or erased.")))
    person = session().get_one(Practitioner, row.practitioner_id)
    answers = [str(SHOWN[aspect, answer]) for aspect, answer in row.answers.items()]
    facts = [
        Fact(gettext("About"), person.display_name),
        Fact(gettext("Where"), row.place.label),
        *([Fact(gettext("Answered"), "; ".join(answers))] if answers else []),
    ]
    said = [row.words_sealed or ""]
    intro = gettext("Words of a patient. Nothing about health or about what a treatment did may be shown.")
    if is_reply(review.case.subject):
        said.append(row.reply_sealed or "")
        intro = gettext("The practitioner’s answer, below the words that it answers. It must not say who wrote them.")
    return Claimed(intro=str(intro), facts=facts, words=[each for each in said if each])

"""The step about how somebody works. All of it is free: what is saved is shown at once, as their own word."""

from __future__ import annotations

from typing import Any, Final

from flask.typing import ResponseReturnValue

from directory.credentials.registration.terms import StepKey
from directory.http import who
from directory.http.site import session, site
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.drafts import WAY_NUMBERS
from directory.practitioners.models import WorkingWay
from directory.web.forms.registration.answers import as_answer
from directory.web.forms.registration.work import WorkForm
from directory.web.registration import flow
from directory.web.registration.blueprint import step

_ANSWERS: Final = (
    "asks_ferritin", "reads_medicines", "writes_to_doctors", "single_use_needles", "may_move", "seated_or_standing",
)  # fmt: skip


@step("/work", "work")
def how_you_work() -> ResponseReturnValue:
    """What they ask for, what a visit is like, their usual plan."""
    person = who.practitioner()
    now = site().clock()
    return flow.answer(
        flow.Screen(
            step=StepKey.WORK,
            form=WorkForm,
            stored=_stored(people.way_of(session(), person.id)),
            save=lambda form: practitioners.set_way(session(), person.id, form.way, today=now.date(), now=now),
            person=person,
        )
    )


def _stored(way: WorkingWay | None) -> dict[str, Any]:
    answers = {name: as_answer(getattr(way, name, None)) for name in _ANSWERS}
    counts = {name: getattr(way, name, None) for name in WAY_NUMBERS}
    return answers | {name: "" if value is None else str(value) for name, value in counts.items()}

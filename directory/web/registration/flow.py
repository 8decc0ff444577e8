"""How every step of the registration is shown and saved.

Nothing that was typed is ever lost: a form that cannot be used comes back as it was typed (422), one that was saved
elsewhere meanwhile comes back with the difference (409), one that was sent when the session had ended is kept for its
owner until they come back. The same form sent twice is saved once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory import kept
from directory.credentials.registration import rules, service
from directory.credentials.registration.terms import StepKey
from directory.errors import InvalidInput
from directory.http import access, headers, who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.forms.registration.step import StepForm, answers, differences, fingerprint
from directory.web.registration import steps

FormT = TypeVar("FormT", bound=StepForm)


EVERYTHING: Final = frozenset({"*"})
"""For ``Screen.careful``: whatever is changed."""


class Refused(Exception):
    """A step cannot be saved, and its form says at its fields why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(Generic[FormT]):
    """One page of a step: what is stored, what is asked, how it is saved."""

    step: StepKey
    form: type[FormT]
    stored: Mapping[str, Any]
    """By field name, as the fields hold it. Where a change waits, the wanted value: it is what its owner last said."""
    save: Callable[[FormT], object]
    """Takes the valid form. ``InvalidInput`` comes back at its field."""
    prepare: Callable[[FormT], None] = lambda form: None
    """Gives a form what depends on the person, such as the choices of a list."""
    template: str = ""
    """The step's own unless another is named."""
    after: str | Callable[[], str] = ""
    """Where to go on, asked when it was saved; the next step unless another address is named."""
    person: Practitioner | None = None
    careful: frozenset[str] = frozenset()
    """Fields that are not changed on a published profile without a second factor in this session."""
    context: Mapping[str, Any] = field(default_factory=dict)

    def as_stored(self) -> FormT:
        """The form as it would be shown to whoever comes now."""
        form = self.form(formdata=None, data=dict(self.stored))
        self.prepare(form)
        form.seen.data = fingerprint(form)
        return form


def answer(screen: Screen[FormT]) -> ResponseReturnValue:
    """Show the page, or save what was sent from it."""
    headers.personal()
    return _save(screen) if request.method == "POST" else _show(screen)


def _show(screen: Screen[FormT]) -> ResponseReturnValue:
    account = who.account()
    found = kept.kept(session(), account.id, request.path, now=site().clock())
    if found is None:
        return page(screen, screen.as_stored())
    form = screen.form(formdata=MultiDict(found.fields))
    screen.prepare(form)
    return page(screen, form, kept_at=found.kept_at)


def _save(screen: Screen[FormT]) -> ResponseReturnValue:
    form = screen.form()
    screen.prepare(form)
    if not form.validate():
        return page(screen, form), 422
    stored = screen.as_stored()
    if answers(form) != answers(stored):
        if form.seen.data != stored.seen.data:
            found = differences(stored, form)
            form.seen.data = stored.seen.data
            return page(screen, form, meanwhile=found), 409
        if _lacks_second_factor(screen, stored, form):
            access.keep(who.account().id)
            return redirect(url_for("account.second_factor", next=request.path), 303)
        try:
            screen.save(form)
        except InvalidInput as error:
            _complain(form, error)
            return page(screen, form), 422
        except Refused:
            return page(screen, form), 422
    person = screen.person or who.practitioner()
    service.saved(session(), person.id, screen.step, now=site().clock())
    kept.drop(session(), who.account().id, request.path)
    return redirect(_onward(screen, person), 303)


def page(
    screen: Screen[FormT],
    form: FormT,
    *,
    meanwhile: object = None,
    kept_at: datetime | None = None,
) -> str:
    """The page of a step."""
    return render_template(
        screen.template or f"registration/{screen.step}.html",
        form=form,
        frame=steps.frame(screen.step, screen.person),
        meanwhile=meanwhile,
        kept_at=kept_at,
        action=request.path,
        **screen.context,
    )


def _lacks_second_factor(screen: Screen[FormT], stored: FormT, form: FormT) -> bool:
    if screen.person is None or screen.person.published_at is None or who.has_second_factor():
        return False
    before, after = answers(stored), answers(form)
    return screen.careful == EVERYTHING or any(before[name] != after[name] for name in screen.careful)


def _onward(screen: Screen[FormT], person: Practitioner) -> str:
    if request.form.get("then") == "leave":
        return url_for("registration.overview")
    after = screen.after if isinstance(screen.after, str) else screen.after()
    if after:
        return after
    if person.published_at is not None:
        return url_for("registration.overview")
    return steps.address(rules.following(screen.step))


def _complain(form: StepForm, error: InvalidInput) -> None:
    # What the domain says is English for whoever reads a log; most of its sentences are in the catalogues as well.
    words = str(gettext(str(error)))
    if error.field is not None and error.field in form:
        form[error.field].errors = [*form[error.field].errors, words]
    else:
        form.form_errors.append(words)

"""What waits for the desk, what is riskiest and due first; taking cases, and going from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.accounts import permissions
from directory.accounts.terms import Permission
from directory.cases import views
from directory.cases.models import DeskView
from directory.cases.terms import Kind
from directory.desk import queue as reading
from directory.desk import taking
from directory.desk.criteria import Criteria, Pile
from directory.desk.queue import Count, Counts, Key
from directory.desk.taking import MOST_AT_ONCE, Taken
from directory.errors import InvalidInput
from directory.http import who
from directory.http.locale import gettext, ngettext, number
from directory.http.site import session, site
from directory.web.desk import lines
from directory.web.desk.blueprint import pages
from directory.web.forms.desk.queue import QueueForm, ViewForm, in_address
from directory.web.presenters.case_labels import KINDS, PILES

FILTER: Final = frozenset({"state", "kind", "jurisdiction", "risk", "name", "before"})
"""The parameters of an address that make a filter."""

_LARGEST_ID: Final = 2**63 - 1


@pages.context_processor
def _filter_here() -> dict[str, object]:
    """The filter in which somebody works stands in the address of each page of the desk, so that "next" stays in it."""
    query = urlencode([each for each in request.args.items(multi=True) if each[0] in FILTER])
    return {"filter_query": query, "verifies": permissions.may(who.account().roles, Permission.VERIFY_CLAIMS)}


@pages.get("")
def queue() -> ResponseReturnValue:
    """One page of the queue; 422 where something in the address cannot be used, with everything else still holding."""
    kept = views.of_account(session(), who.account().id)
    form = _asked(kept)
    status = 200 if form.validate() else 422
    return _page(form, kept, notice=_said()), status


@pages.post("/take")
def send_take() -> ResponseReturnValue:
    """Take the cases that were ticked; 409 where somebody else has all of them."""
    account, now = who.account().id, site().clock()
    wanted = _ticked()
    result = taking.take(session(), wanted, by=account, now=now)
    if not result.taken:
        return _refused(_why_not(result)), 409
    if request.form.get("to") == "case":
        return redirect(case_address(result.taken[0], request.query_string.decode("ascii", "replace")), 303)
    missed = len(wanted) - len(result.taken)
    return redirect(_back(missed=missed, at=result.taken[0]), 303)


@pages.post("/release")
def send_release() -> ResponseReturnValue:
    """Let others work on the cases that were ticked."""
    freed = taking.release(session(), _ticked(), by=who.account().id)
    return redirect(_back(at=freed[0] if freed else None), 303)


@pages.post("/next")
def send_next() -> ResponseReturnValue:
    """Take the next free case of the filter in the address, and lead to it."""
    form = QueueForm(request.args)
    if not form.validate():
        return _page(form, views.of_account(session(), who.account().id)), 422
    behind = request.form.get("behind", type=int)
    found = taking.next_one(
        session(),
        form.criteria(),
        by=who.account().id,
        now=site().clock(),
        behind=behind if behind is not None and 0 < behind <= _LARGEST_ID else None,
    )
    query = urlencode(in_address(form.criteria()), doseq=True)
    if found is None:
        return redirect(f"{url_for('desk.queue')}?{query}&said=nothing_free", 303)
    return redirect(case_address(found.id, query), 303)


def case_address(case_id: int, query: str) -> str:
    """The page of a case, within a filter."""
    address = url_for("desk.case", case_id=case_id)
    return f"{address}?{query}" if query else address


# --- what was asked for ----------------------------------------------------------------------------------------------


def _asked(kept: Sequence[DeskView]) -> QueueForm:
    """The filter in the address; without any, the view with which this account's queue opens."""
    default = next((view for view in kept if view.default_for is not None), None)
    if default is not None and not FILTER & request.args.keys():
        return QueueForm(MultiDict([*parse_qsl(default.query), *request.args.items(multi=True)]))
    # A form that is given nothing at all would not even look at its defaults.
    return QueueForm(MultiDict(request.args) if request.args else MultiDict({"state": Pile.OPEN.value}))


def _ticked() -> list[int]:
    numbers = [int(each) for each in request.form.getlist("case") if each.isdecimal() and len(each) < len("9" * 19)]
    if not numbers:
        raise InvalidInput(gettext("No case was ticked. Please tick one first."), field="case")
    if len(numbers) > MOST_AT_ONCE:
        raise InvalidInput(gettext("These are too many at once. Please tick fewer."), field="case")
    return numbers


def _back(*, missed: int = 0, at: int | None = None) -> str:
    """The list as it was, at the line that was worked on."""
    kept = [each for each in request.args.items(multi=True) if each[0] in FILTER or each[0] == "after"]
    query = urlencode([*kept, *([("missed", missed)] if missed else [])])
    return f"{url_for('desk.queue')}?{query}{f'#case-{at}' if at is not None else ''}"


def _said() -> str:
    """What became of what was just done, as the address tells it."""
    if request.args.get("said") == "nothing_free":
        return gettext("Nothing in this list is free: the rest is taken, waits for an answer, or is for somebody else.")
    missed = request.args.get("missed", default=0, type=int)
    if 0 < missed <= MOST_AT_ONCE:
        return ngettext(
            "%(num)s case was left as it was: somebody else has it, or it was decided meanwhile.",
            "%(num)s cases were left as they were: somebody else has them, or they were decided meanwhile.",
            missed,
        )
    return ""


def _why_not(result: Taken) -> str:
    if not result.held:
        return gettext("This has been decided already, or what was asked has been taken back. Nothing was taken.")
    holder = next(iter(result.held.values()))
    return gettext(
        "%(who)s is working on this until %(time)s. Nothing was taken.",
        who=holder.email or gettext("Somebody"),
        time=lines.time_of_day(holder.until),
    )


def _refused(notice: str) -> str:
    kept = views.of_account(session(), who.account().id)
    form = _asked(kept)
    form.validate()
    return _page(form, kept, notice=notice)


# --- the page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list."""

    words: str
    href: str
    count: str
    here: bool


def _page(form: QueueForm, kept: Sequence[DeskView], *, notice: str = "") -> str:
    account, now = who.account().id, site().clock()
    criteria = form.criteria()
    counts = reading.counts(session(), criteria, by=account, now=now)
    found = reading.page(session(), criteria, by=account, now=now, after=None if form.after.errors else form.key())
    query = urlencode(in_address(criteria), doseq=True)
    view = next((each for each in kept if each.query == _kept_query(criteria)), None)
    return render_template(
        "desk/queue.html",
        form=form,
        criteria=criteria,
        pile=str(PILES[criteria.pile]),
        lines=[lines.shown(line, by=account, now=now) for line in found.lines],
        total=None if counts is None else said(counts.shown),
        some=found.lines and criteria.pile not in (Pile.WAITING, Pile.DECIDED),
        piles=list(_piles(criteria, counts)),
        kinds=list(_kinds(criteria, counts)),
        all_kinds=_address(replace(criteria, kinds=())),
        counted=counts is not None,
        views=kept,
        view=view,
        filter_query=query,
        next_page=_address(criteria, after=found.after) if found.after is not None else None,
        first_page=_address(criteria) if form.after.data else None,
        plain=url_for("desk.queue") + "?state=open",
        notice=notice,
    )


def _piles(criteria: Criteria, counts: Counts | None) -> Iterator[Choice]:
    begin, end = _around(criteria)
    for pile, words in PILES.items():
        count = "" if counts is None else said(counts.piles[pile])
        href = begin + urlencode({"state": pile.value, "kind": criteria.kinds}, doseq=True) + end
        yield Choice(str(words), href, count, pile is criteria.pile)


def _kinds(criteria: Criteria, counts: Counts | None) -> Iterator[Choice]:
    """The kinds of which there are any; each adds itself to the list or leaves it."""
    begin, end = _around(criteria)
    for kind, words in KINDS.items():
        here = kind in criteria.kinds
        if counts is not None and not here and counts.kinds[kind].number == 0:
            continue
        count = "" if counts is None else said(counts.kinds[kind])
        kinds = [each for each in Kind if (each in criteria.kinds) is not (each is kind)]
        href = begin + urlencode({"state": criteria.pile.value, "kind": kinds}, doseq=True) + end
        yield Choice(str(words), href, count, here)


def _around(criteria: Criteria) -> tuple[str, str]:
    """What stands in each address of a pile or a kind before and after these two."""
    rest = {name: values for name, values in in_address(criteria).items() if name not in ("state", "kind")}
    return f"{url_for('desk.queue')}?", f"&{urlencode(rest, doseq=True)}" if rest else ""


def _address(criteria: Criteria, *, after: Key | None = None) -> str:
    return f"{url_for('desk.queue')}?{urlencode(in_address(criteria, after=after), doseq=True)}"


def _kept_query(criteria: Criteria) -> str:
    """How a view keeps this filter: a person's name is not part of it."""
    return urlencode(in_address(replace(criteria, name="")), doseq=True)


def said(count: Count) -> str:
    """A number as people read it; "1,000+" where nobody counted further."""
    return f"{number(count.number)}+" if count.more else number(count.number)


# --- views -----------------------------------------------------------------------------------------------------------


@pages.get("/views")
def kept_views() -> ResponseReturnValue:
    """The views of whoever asks, to rename, to delete, and to choose the one with which the queue opens."""
    return _views_page({})


@pages.post("/views")
def send_view() -> ResponseReturnValue:
    """Keep the filter in the address under a name."""
    form, name_form = QueueForm(request.args), ViewForm()
    if not form.validate():
        return _page(form, views.of_account(session(), who.account().id)), 422
    query = _kept_query(form.criteria())
    try:
        views.keep(session(), who.account().id, name=name_form.name.data or "", query=query, now=site().clock())
    except InvalidInput as error:
        return _views_page({}, refused=str(error), typed_name=name_form.name.data or "", query=query), 422
    return redirect(f"{url_for('desk.queue')}?{query}", 303)


@pages.post("/views/<int:view_id>")
def send_view_name(view_id: int) -> ResponseReturnValue:
    """Give a view another name."""
    name = ViewForm().name.data or ""
    try:
        views.rename(session(), who.account().id, view_id, name=name)
    except InvalidInput as error:
        return _views_page({view_id: (name, str(error))}), 422
    return redirect(url_for("desk.kept_views"), 303)


@pages.post("/views/<int:view_id>/first")
def send_view_first(view_id: int) -> ResponseReturnValue:
    """Open the queue with this view from now on, or no longer."""
    views.open_with(session(), who.account().id, view_id, wanted=request.form.get("wanted") == "yes")
    return redirect(url_for("desk.kept_views"), 303)


@pages.post("/views/<int:view_id>/delete")
def send_view_drop(view_id: int) -> ResponseReturnValue:
    """Delete a view."""
    views.drop(session(), who.account().id, view_id)
    return redirect(url_for("desk.kept_views"), 303)


@dataclass(frozen=True, slots=True)
class Kept:
    """A view on the page of views."""

    id: int
    name: str
    typed: str
    complaint: str
    href: str
    means: str
    first: bool


def _views_page(
    typed: Mapping[int, tuple[str, str]], *, refused: str = "", typed_name: str = "", query: str = ""
) -> str:
    rows = [_kept(view, *typed.get(view.id, (view.name, ""))) for view in views.of_account(session(), who.account().id)]
    return render_template(
        "desk/views.html", rows=rows, refused=refused, typed_name=typed_name, query=query, wanted=_means(query)
    )


def _kept(view: DeskView, name: str, complaint: str) -> Kept:
    href = f"{url_for('desk.queue')}?{view.query}"
    return Kept(view.id, view.name, name, complaint, href, _means(view.query), view.default_for is not None)


def _means(query: str) -> str:
    """A filter in words."""
    form = QueueForm(MultiDict(parse_qsl(query)))
    form.validate()
    criteria = form.criteria()
    parts = [str(PILES[criteria.pile]), *(str(KINDS[kind]) for kind in criteria.kinds)]
    for field in (form.jurisdiction, form.risk):
        parts += [str(each.label) for each in field.choices if each.value and each.value == field.data]
    if criteria.before is not None:
        parts.append(gettext("opened before %(day)s", day=criteria.before.isoformat()))
    return " · ".join(parts)

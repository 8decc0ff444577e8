"""The views of the queue that somebody at the desk keeps: a name for a filter, and one with which the queue opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.cases.models import DeskView
from directory.errors import Conflict, InvalidInput, NotFound

LONGEST_NAME: Final = 60
MOST: Final = 30
"""Of one account."""


def of_account(session: Session, account_id: int) -> Sequence[DeskView]:
    """Somebody's views in the order of their names; one statement."""
    views = session.scalars(select(DeskView).where(DeskView.account_id == account_id)).all()
    return sorted(views, key=lambda view: (view.name.casefold(), view.id))


def own(session: Session, account_id: int, view_id: int) -> DeskView:
    """Somebody's view; ``NotFound`` also where it is somebody else's."""
    found = session.scalars(
        select(DeskView).where(DeskView.id == view_id, DeskView.account_id == account_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such view.")
    return found


def keep(session: Session, account_id: int, *, name: str, query: str, now: datetime) -> DeskView:
    """Keep a filter under a name. ``InvalidInput`` for a name that cannot be used, ``Conflict`` for one too many."""
    there = of_account(session, account_id)
    if len(there) >= MOST:
        raise Conflict("That is more views than we keep of one person. Please delete one first.")
    view = DeskView(account_id=account_id, name=_free(there, name), query=query, made_at=now)
    session.add(view)
    session.flush()
    return view


def rename(session: Session, account_id: int, view_id: int, *, name: str) -> DeskView:
    """Give a view another name. ``InvalidInput`` for one that cannot be used."""
    view = own(session, account_id, view_id)
    view.name = _free([each for each in of_account(session, account_id) if each.id != view_id], name)
    session.flush()
    return view


def open_with(session: Session, account_id: int, view_id: int, *, wanted: bool) -> DeskView:
    """Let the queue open with this view, or no longer; whichever it opened with before, it does not any more."""
    view = own(session, account_id, view_id)
    if wanted:
        for each in of_account(session, account_id):
            each.default_for = None
        # The column is unique: the old one must be free before the new one is set.
        session.flush()
        view.default_for = account_id
    else:
        view.default_for = None
    session.flush()
    return view


def drop(session: Session, account_id: int, view_id: int) -> None:
    """Delete a view."""
    session.delete(own(session, account_id, view_id))
    session.flush()


def erase_account(session: Session, account_id: int) -> None:
    """Delete every view of an account."""
    session.execute(delete(DeskView).where(DeskView.account_id == account_id))


def _free(others: Sequence[DeskView], name: str) -> str:
    """The name without space around it, where it can be used."""
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidInput("Please give the view a name.", field="name")
    if len(tidy) > LONGEST_NAME:
        raise InvalidInput("Please use at most 60 signs.", field="name")
    if tidy.casefold() in {each.name.casefold() for each in others}:
        raise InvalidInput("You have a view of this name already.", field="name")
    return tidy

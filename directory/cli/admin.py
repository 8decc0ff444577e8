"""``stillpoint admin``: the first administrator, and what administrators do about accounts from the machine itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

import click
import structlog
from sqlalchemy.orm import Session

from directory import db, migrations
from directory.accounts import history, queries, service, sessions, weakness
from directory.accounts.models import Account
from directory.accounts.terms import Happening, Role
from directory.cli.opening import opened
from directory.errors import InvalidInput, NotFound
from directory.mail import outbox

if TYPE_CHECKING:
    from config import Config

_log = structlog.get_logger("stillpoint.accounts")
LINK_LIVES = timedelta(hours=24)
_ROLES = click.Choice([str(role) for role in Role])


@click.group("admin")
def admin() -> None:
    """Make administrators, grant roles, close accounts, end sessions."""


@contextmanager
def _writing() -> Iterator[tuple[Config, Session, datetime]]:
    with opened() as (config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        with Session(engine, expire_on_commit=False) as session:
            db.writing(session)
            yield config, session, datetime.now(UTC)
            session.commit()


@admin.command("create")
@click.argument("email")
@click.option("--link", is_flag=True, help="Ask for no password: print a link with which it is chosen, once, in a day.")
def create(email: str, *, link: bool) -> None:
    """Make EMAIL an administrator: a new account, or one more role for an account that is there.

    A new account gets its password from the terminal, asked for twice, or with --link from whoever opens the link. A
    second proof is set up at the first sign-in; without it no administrator's page opens.
    """
    with _writing() as (config, session, now):
        address = outbox.address(email)
        account = queries.by_email(session, address)
        if account is None:
            password = None if link else _password(config, address)
            account = service.create(session, address, roles=[], password=password, now=now)
            service.grant(session, account, Role.ADMINISTRATOR, now=now)
            done = f"{address} is an administrator."
        else:
            changed = service.grant(session, account, Role.ADMINISTRATOR, now=now)
            done = f"{address} is an administrator now." if changed else f"{address} is an administrator already."
        token = service.recovery_link(session, account, now=now, lives=LINK_LIVES) if link else None
    click.echo(done)
    if token is not None:
        click.echo("Open this within 24 hours to choose a password. It works once; whoever has it can use it:")
        click.echo(f"{config.site_url}/account/recover/{token}")


@admin.command("list")
@click.option("--role", type=_ROLES, help="Only those with this role.")
def show(role: str | None) -> None:
    """List accounts with their roles and how they sign in."""
    with opened() as (_config, engine):
        with engine.connect() as connection:
            migrations.must_be_at_head(connection)
        with Session(engine) as session:
            found = queries.everybody(session, role=None if role is None else Role(role))
            for account in found:
                proofs = "second proof" if queries.has_second_factor(session, account) else "no second proof"
                marks = [*sorted(account.roles), proofs, *([] if account.active else ["closed"])]
                click.echo(f"{account.email}  {', '.join([*marks, *(['fictional'] if account.fictional else [])])}")
    click.echo(f"{len(found)} in all.")


@admin.command("grant")
@click.argument("email")
@click.argument("role", type=_ROLES)
def grant(email: str, role: str) -> None:
    """Give EMAIL a ROLE. It acts with the next request; verifiers and administrators must prove a second factor."""
    with _writing() as (_config, session, now):
        changed = service.grant(session, _account(session, email), Role(role), now=now)
    click.echo(f"{email} is a {role} now." if changed else f"{email} is a {role} already.")


@admin.command("withdraw")
@click.argument("email")
@click.argument("role", type=_ROLES)
def withdraw(email: str, role: str) -> None:
    """Take a ROLE from EMAIL, at once. The last administrator stays."""
    with _writing() as (_config, session, now):
        changed = service.withdraw(session, _account(session, email), Role(role), now=now)
    click.echo(f"{email} is no {role} any more." if changed else f"{email} is no {role}.")


@admin.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL and end its sessions. The last administrator stays."""
    with _writing() as (_config, session, now):
        service.disable(session, _account(session, email), now=now)
    click.echo(f"{email} is closed, and nobody is signed in with it.")


@admin.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Open the account of EMAIL again."""
    with _writing() as (_config, session, now):
        service.enable(session, _account(session, email), now=now)
    click.echo(f"{email} is open.")


@admin.command("sessions")
@click.argument("email")
@click.option("--end", is_flag=True, help="End all of them.")
def own_sessions(email: str, *, end: bool) -> None:
    """Show where EMAIL is signed in, and end it with --end."""
    with _writing() as (_config, session, now):
        account = _account(session, email)
        rows = queries.sessions_of(session, account.id)
        for row in rows:
            since, last = (f"{each:%Y-%m-%d %H:%M}" for each in (row.began_at, row.last_seen_at))
            click.echo(f"{row.device or 'unknown'}  since {since}  last {last}")
        if end:
            sessions.end_all(session, account.id)
            history.note(session, account.id, Happening.OTHER_SESSIONS_ENDED, now=now)
    click.echo(f"{len(rows)} ended." if end else f"{len(rows)} open or idle. Times are UTC.")


@admin.command("end-all-sessions")
@click.confirmation_option(prompt="Sign everybody out?")
def end_everybodys_sessions() -> None:
    """Sign everybody out, of every account: when cookies may have been stolen."""
    with _writing() as (_config, session, _now):
        ended = sessions.end_everybodys(session)
    click.echo(f"{ended} ended.")


@admin.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take every second proof from EMAIL, who has lost them all. First make sure, by another way, who asks."""
    with _writing() as (_config, session, now):
        service.reset_second_factors(session, _account(session, email), now=now)
    click.echo(f"{email} signs in with the password alone until a new second proof is set up.")


@admin.command("break-glass")
@click.argument("email")
@click.option("--reason", required=True, help="Why nobody else can act. It is kept beside the audit entry as a hash.")
@click.confirmation_option(prompt="Everybody who works here is told. Go on?")
def break_glass(email: str, reason: str) -> None:
    """Make EMAIL, who has an account, an administrator for four hours, when nobody else can act."""
    with _writing() as (_config, session, now):
        account = _account(session, email)
        told = service.break_glass(session, account, reason=reason, now=now)
        _log.error("break_glass", account=account.id, told=len(told))
    click.echo(f"{email} is an administrator for four hours. {len(told)} people are told by mail.")


def _account(session: Session, email: str) -> Account:
    found = queries.by_email(session, email)
    if found is None:
        raise NotFound(f"There is no account of {email}.")
    return found


def _password(config: Config, email: str) -> str:
    """A good password from the terminal, asked for twice; from a pipe, its first line."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\n")
        wrong = weakness.complaint(given, context=[config.site_name, email])
        if wrong is not None:
            _refuse(wrong)
        return given
    while True:
        given = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
        wrong = weakness.complaint(given, context=[config.site_name, email])
        if wrong is None:
            return str(given)
        click.echo(wrong, err=True)


def _refuse(wrong: str) -> NoReturn:
    raise InvalidInput(f"{wrong} Nothing was changed.", field="password")

"""``stillpoint seed-demo``: a fictional population to try the site with, as dense as the real profession."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import changes, db, migrations
from directory.cli.demo import desk, sign_ins, talks
from directory.cli.demo.density import Spots, regions, shared_out, spots_of
from directory.cli.demo.papers import Lack
from directory.cli.demo.people import Made, Maker
from directory.cli.opening import opened
from directory.credentials import service as credentials
from directory.credentials.evidence.store import Store
from directory.entries import service as entries
from directory.errors import Conflict
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions import service as jurisdictions_service
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.models import PracticePlace, Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.reference import service as reference_data

if TYPE_CHECKING:
    from config import Config

DEFAULT_SIZE = 3000
LARGEST_SIZE = 200_000
DEFAULT_SEED = 20261123
_BATCH = 250


@click.command("seed-demo")
@click.option("--size", default=DEFAULT_SIZE, show_default=True, type=click.IntRange(1, LARGEST_SIZE), help="How many.")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, type=int, help="Another number makes other people.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day that every date is relative to."
)
@click.option("--replace", "anew", is_flag=True, help="Take out demonstration people who are there already.")
def seed_demo(size: int, seed: int, today: datetime | None, anew: bool) -> None:
    """Fill the database with people who do not exist. Never in production, never beside real people.

    Everything happens in one transaction: when it is interrupted, nobody was added.
    """
    now = datetime.now(UTC)
    day = today.date() if today else now.date()
    with opened() as (config, engine):
        if config.production:
            raise Conflict("Demonstration people are not for production; nothing was added.", code="production")
        migrations.upgrade(engine)
        with Session(engine) as session:
            db.writing(session)
            with db.unhurried(session.connection()):
                _make_room(session, anew=anew, now=_at(now, day))
                with click.progressbar(
                    length=size, label="Making people", file=sys.stderr, hidden=not sys.stderr.isatty()
                ) as bar:
                    added = populate(session, size=size, seed=seed, today=day, now=_at(now, day), progress=bar.update)
                furnish(session, config, today=day, now=_at(now, day))
                session.commit()
        note_entries(engine, now=_at(now, day))
    click.echo(f"{added} fictional people were added.", err=True)


def furnish(session: Session, config: Config, *, today: date, now: datetime) -> None:
    """What a population needs so that it can be tried out: people who sign in, a desk with cases, and requests."""
    store = Store(config.evidence_dir)
    person = sign_ins.make(session, now=now)
    desk.fill(session, store, today=today, now=now)
    if person is not None:
        talks.fill(session, person, secret=config.secret_key, store=store, now=now)


def _at(now: datetime, day: date) -> datetime:
    """Now, on another day."""
    return datetime.combine(day, now.timetz())


def note_entries(engine: Engine, *, now: datetime) -> None:
    """Note everybody who is shown in the ledger of entries, in a transaction of its own: a job does it as well."""
    with Session(engine) as session:
        db.writing(session)
        with db.unhurried(session.connection()):
            entries.catch_up(session, now=now)
            session.commit()


def _make_room(session: Session, *, anew: bool, now: datetime) -> None:
    if people.anybody(session, fictional=False):
        raise Conflict("This database holds real practitioners; nothing was added.", code="real_people")
    if not people.anybody(session, fictional=True):
        return
    if not anew:
        raise Conflict(
            "This database holds demonstration people already; nothing was added. Use --replace to make new ones.",
            code="demo_people",
        )
    talks.clear(session, now=now)
    desk.clear(session, now=now)
    practitioners.remove_fictional(session)


def populate(
    session: Session,
    *,
    size: int = DEFAULT_SIZE,
    seed: int = DEFAULT_SEED,
    today: date,
    now: datetime,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Add ``size`` fictional people, all through the services, and the reference data they need; flush, never commit.

    The same size, seed and day make the same people. ``progress`` is told now and then how many more there are.
    ``Conflict`` where there are real people.
    """
    if people.anybody(session, fictional=False):
        raise Conflict("This database holds real practitioners; nothing was added.", code="real_people")
    jurisdictions_service.load(session)
    reference_data.load_reference(session)
    everybody = invented(jurisdictions.all_rules(session), size=size, seed=seed, today=today)
    while batch := list(islice(everybody, _BATCH)):
        _store(session, batch, today=today, now=now)
        session.expunge_all()
        if progress is not None:
            progress(len(batch))
    changes.begin_epoch(session)
    return size


def invented(rules: Mapping[str, Jurisdiction], *, size: int, seed: int, today: date) -> Iterator[Made]:
    """Region by region, each person drawn from the seed and their number alone."""
    allowed = [code for code, rule in rules.items() if rule.open]
    among = regions(allowed)
    maker = Maker(rules, today)
    of_country: dict[str, dict[str, Spots]] = {}
    number = 0
    for region, share in zip(among, shared_out(size, among), strict=True):
        if share == 0:
            continue
        if region.country not in of_country:
            of_country[region.country] = spots_of(region.country, allowed)
        spots = of_country[region.country][region.admin1]
        for _ in range(share):
            number += 1
            yield maker.make(number, spots, Random(f"{seed}/{number}"))  # noqa: S311 -- people, not secrets


def _store(session: Session, batch: Sequence[Made], *, today: date, now: datetime) -> None:
    """Put a batch into the database, one flush for each kind of row."""
    rows = practitioners.register_all(session, [made.person for made in batch], now=now)
    made_of = dict(zip([row.id for row in rows], batch, strict=True))
    places = premises.add_places(
        session,
        [replace(place, practitioner_id=key) for key, made in made_of.items() for place in made.places],
    )
    practitioners.set_way_all(session, {key: made.way for key, made in made_of.items()}, today=today)
    _store_papers(session, made_of, places, now=now)
    credentials.declare_rls_all(session, [replace(made.rls, practitioner_id=key) for key, made in made_of.items()])
    credentials.declare_pregnancy_all(
        session,
        [replace(made.pregnancy, practitioner_id=key) for key, made in made_of.items() if made.pregnancy is not None],
    )
    practitioners.attest_all(
        session, {key: now - timedelta(days=made.attested_days_ago, hours=1) for key, made in made_of.items()}
    )
    _publish(session, rows, made_of, today=today, now=now)


def _store_papers(
    session: Session, made_of: Mapping[int, Made], places: Sequence[PracticePlace], *, now: datetime
) -> None:
    first_place: dict[int, int] = {}
    for place in places:
        first_place.setdefault(place.practitioner_id, place.id)
    drafts = []
    for key, made in made_of.items():
        drafts += [replace(paper, practitioner_id=key) for paper in made.papers.held]
        drafts += [replace(each, practitioner_id=key, place_id=first_place[key]) for each in made.papers.premises]
    credentials.record_all(session, drafts, now=now)
    covers = [replace(cover, practitioner_id=key) for key, made in made_of.items() for cover in made.covers]
    credentials.record_indemnity_all(session, covers, now=now)


def _publish(
    session: Session, rows: Sequence[Practitioner], made_of: Mapping[int, Made], *, today: date, now: datetime
) -> None:
    published = [row.id for row in rows if made_of[row.id].lack is not Lack.DRAFT]
    publication.publish_all(session, published, holder_proved_on=today - timedelta(days=30), now=now)
    hide = {Lack.PAUSED: publication.pause, Lack.SUSPENDED: publication.suspend, Lack.HELD: publication.hold}
    for key, made in made_of.items():
        if made.lack in hide:
            hide[made.lack](session, key, now=now)

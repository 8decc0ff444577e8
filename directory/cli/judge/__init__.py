"""``stillpoint judge FILE``: run judged scenarios through the very search that answers the site.

Each scenario's people are stored through the services in a throw-away database and searched for at the scenario's
``as_of`` and place; neither settings, nor a network, nor a configured database are needed, and nothing is geocoded.
How the file is understood, where it leaves room:

- A scenario is searched with the rotation of seven days, the local day of ``as_of`` and the six that follow; the gates
  stay at ``as_of``. Everything must hold on each of them.
- What "counts as at ``as_of``" (the profile's attestation, cover, proof of the holder, a verified paper without a date)
  is dated half a day earlier, so that it lies in the future nowhere on earth.
- One ``practitioner_id`` is one person and one result, at their best place. An order that names a place which is not
  the one shown fails; an absence is kept.
- Order is judged in the main list or, where that is empty, in the relaxed one: all steps after one another, each
  candidate where it first stands. Whoever must be absent is absent from the newcomers' strip as well.
- A tie holds when scores differ by at most one band of the order, 0.01.
- The week of pregnancy in the file is the week of the visit.
- Unknown words about people permit nothing. An unknown filter, or an unknown word among what the patient asks or says,
  fails its scenario by name. An unknown red flag stops matching as a known one does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import logs, migrations
from directory.cli.judge.loading import load
from directory.cli.judge.nodes import Malformed
from directory.cli.judge.scenarios import Scenario, read
from directory.cli.judge.verdicts import failures, listed
from directory.db import make_engine
from directory.errors import DomainError
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions import service as jurisdictions_service
from directory.jurisdictions.rules import Jurisdiction
from directory.practitioners.reference import service as reference_data
from directory.search import service as search
from directory.search.criteria import Page
from directory.search.loader import IndexHolder

ROTATION_DAYS = 7
MALFORMED = 2


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def judge(context: click.Context, file: Path) -> None:
    """Judge the search by the scenarios of FILE; exit 1 when one fails, 2 when FILE cannot be understood."""
    logs.configure("error")
    try:
        scenarios = read(file)
    except Malformed as error:
        click.echo(f"stillpoint judge: {error}", err=True)
        context.exit(MALFORMED)
    failed = 0
    with click.progressbar(
        _judged(scenarios), length=len(scenarios), label="Judging", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as progress:
        verdicts = list(progress)
    for scenario, wrong in verdicts:
        failed += bool(wrong)
        click.echo(" ".join(f"{'FAIL' if wrong else 'PASS'} {scenario.id} {scenario.title}{_because(wrong)}".split()))
    click.echo(f"{len(verdicts) - failed} passed, {failed} failed")
    context.exit(1 if failed else 0)


def _because(wrong: list[str]) -> str:
    return f": {' | '.join(wrong)}" if wrong else ""


def _judged(scenarios: list[Scenario]) -> Iterator[tuple[Scenario, list[str]]]:
    engine = make_engine("sqlite:///:memory:")
    try:
        rules = _with_tables(engine)
        for scenario in scenarios:
            yield scenario, judged(engine, scenario, rules)
    finally:
        engine.dispose()


def _with_tables(engine: Engine) -> dict[str, Jurisdiction]:
    migrations.models().create_all(engine)
    with Session(engine) as session:
        jurisdictions_service.load(session)
        reference_data.load_reference(session)
        session.commit()
        return jurisdictions.all_rules(session)


def judged(engine: Engine, scenario: Scenario, rules: Mapping[str, Jurisdiction]) -> list[str]:
    """What does not hold in this scenario. The database is left as it was."""
    if scenario.problems:
        return list(scenario.problems)
    with Session(engine) as session:
        try:
            loaded = load(session, scenario, rules)
            today = scenario.as_of.astimezone(ZoneInfo(scenario.criteria.point.timezone)).date()
            holder = IndexHolder()
            days = {}
            for later in range(ROTATION_DAYS):
                page = Page(day=today + timedelta(days=later), size=len(scenario.candidates) + 1)
                results = search.find(session, loaded.criteria, page, now=scenario.as_of, holder=holder)
                days[page.day or today] = listed(results, loaded.candidate_of_place)
            return failures(scenario, days)
        except DomainError as error:
            return [f"cannot be run: {error}"]
        finally:
            session.rollback()

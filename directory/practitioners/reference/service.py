"""Writing what people and places refer to: languages and insurers, from the seeds and from imports."""

from __future__ import annotations

import csv

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.paths import SEEDS
from directory.practitioners import queries
from directory.practitioners.drafts import (
    cleaned,
)
from directory.practitioners.models import (
    Language,
    Payer,
)
from directory.practitioners.rules import (
    payer_code,
)


def load_reference(session: Session) -> dict[str, int]:
    """Bring payers and languages into line with their files, and say how many there are; safe to run again.

    What changed is in the index by name, so that every index reads everything again then.
    """
    payers = {payer_code(row["country_code"], row["name"]): row for row in _csv("insurers.csv")}
    languages = {row["code"]: row for row in _csv("languages.csv")}
    for payer in session.scalars(select(Payer).where(Payer.code.in_(payers))).all():
        row = payers[payer.code]
        payer.country, payer.name = row["country_code"], row["name"]
    for language in session.scalars(select(Language).where(Language.code.in_(languages))).all():
        row = languages[language.code]
        language.name, language.autonym = row["name_en"], row["autonym"]
    there = queries.payer_codes(session) | queries.language_codes(session)
    for code, row in payers.items():
        if code not in there:
            session.add(Payer(code=code, country=row["country_code"], name=row["name"]))
    for code, row in languages.items():
        if code not in there:
            session.add(Language(code=code, name=row["name_en"], autonym=row["autonym"]))
    if session.new or any(session.is_modified(row) for row in session.dirty):
        changes.begin_epoch(session)
    session.flush()
    return {"languages": len(languages), "payers": len(payers)}


def ensure_payer(session: Session, *, country: str, name: str, code: str | None = None) -> str:
    """The code of a payer, which is added where it is missing."""
    wanted = code or payer_code(country, name)
    if session.get(Payer, wanted) is None:
        session.add(Payer(code=wanted, country=country, name=cleaned("payer", name, 120)))
        session.flush()
    return wanted


def ensure_language(session: Session, *, code: str, name: str, autonym: str) -> None:
    """A language people may ask for, added where it is missing."""
    if session.get(Language, code) is None:
        session.add(Language(code=code, name=name, autonym=autonym))
        session.flush()


def _csv(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

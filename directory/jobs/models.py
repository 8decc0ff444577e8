"""When each job ran last, how it went, and who is at it now."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, value_enum


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    """Its process was told to stop before it was through; it goes on with the next run."""


class JobRun(Base):
    """One row for each job that ever ran."""

    __tablename__ = "job_run"
    __table_args__ = (CheckConstraint("(lease IS NULL) = (lease_until IS NULL)", name="lease_has_end"),)

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    due_at: Mapped[datetime]
    """When it runs next."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """Of the last run that came to an end."""
    outcome: Mapped[Outcome | None] = mapped_column(value_enum(Outcome, name="outcome"))
    done: Mapped[int]
    """How many things the last finished run did; what a thing is depends on the job."""
    trouble: Mapped[str | None] = mapped_column(String(200))
    """The kind of error of the last run, without any value."""
    failures: Mapped[int]
    """How many runs have failed since one went well."""
    lease: Mapped[str | None] = mapped_column(String(32))
    """Of the process that runs it now."""
    lease_until: Mapped[datetime | None]

"""The table of what geocoding servers answered, so that nobody is asked twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, value_enum
from directory.geo.answers import Provider
from directory.geo.places import Precision


class GeocodeCache(Base):
    """One answer. The key is a keyed hash of the question, so that the table tells nobody where people looked."""

    __tablename__ = "geocode_cache"
    __table_args__ = (
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (precision IS NULL)", name="whole_spot"
        ),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider: Mapped[Provider] = mapped_column(value_enum(Provider, name="provider"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[Precision | None] = mapped_column(value_enum(Precision, name="precision"))
    fetched_at: Mapped[datetime] = mapped_column(index=True)

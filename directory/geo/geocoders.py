"""Geocoders in geopy's manner: the shipped gazetteer, and beside it a server that the operator may switch on.

``PlaceFinder`` asks the gazetteer first. Only what that does not know goes to Nominatim or Photon, at most one request
a second from each worker process (https://operations.osmfoundation.org/policies/nominatim/), and when the server is
slow, wrong or away, the gazetteer's own answer stands.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim, Photon
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point
from sqlalchemy.orm import Session

from directory.errors import InvalidInput
from directory.geo import queries
from directory.geo.addresses import FAR_APART_KM, PostalAddress, Start, known_place, standing, start
from directory.geo.answers import Answer, Provider, Spot
from directory.geo.distance import distance_km
from directory.geo.places import AmbiguousPlace, Gazetteer, Place, Precision, UnknownPlace
from directory.geo.places import gazetteer as shipped

if TYPE_CHECKING:
    from config import Config

_log = structlog.get_logger("stillpoint.geo")

_MOST_AT_ONCE = 2
_SECONDS_BETWEEN_REQUESTS = 1.0
# What a server calls the things it finds; a county or a country is too large to search around.
_TOO_LARGE = frozenset(
    {"continent", "country", "state", "region", "province", "state_district", "county", "ocean", "sea"}
)
_PRECISIONS = {
    "house": Precision.EXACT,
    "building": Precision.EXACT,
    "amenity": Precision.EXACT,
    "office": Precision.EXACT,
    "shop": Precision.EXACT,
    "postcode": Precision.POSTCODE,
    "city": Precision.CITY,
}


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy publishes no types
    """The shipped gazetteer as a geopy geocoder; it asks nobody and needs no network."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        super().__init__()
        self._gazetteer = gazetteer or shipped()

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
        country: str | None = None,
    ) -> Location | list[Location] | None:
        """The place as a ``Location`` whose ``raw`` is the ``Place``; ``None`` when there is none of that name.

        With ``exactly_one=False`` a list, holding every choice of an ambiguous name. ``AmbiguousPlace`` is raised
        otherwise, because picking one would be a guess, and ``InvalidInput`` for text that cannot be read.
        ``timeout`` is there for geopy's sake; nothing is waited for.
        """
        try:
            places = [self._gazetteer.resolve(query, country=country)]
        except UnknownPlace:
            return None
        except AmbiguousPlace as error:
            if exactly_one:
                raise
            places = [self._gazetteer.resolve(choice.query) for choice in error.choices]
        return _location(places[0]) if exactly_one else [_location(place) for place in places]

    def reverse(
        self, query: Any, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The point itself, in the country and part of its nearest neighbour; ``InvalidInput`` if it is no point."""
        try:
            point = Point(query)
        except (ValueError, TypeError) as error:
            raise InvalidInput("That is not a point on the map.") from error
        location = _location(self._gazetteer.nearest(point.latitude, point.longitude))
        return location if exactly_one else [location]


def _location(place: Place) -> Location:
    return Location(place.label, (place.latitude, place.longitude), place)


class AnsweringServer:
    """Nominatim or Photon, asked politely: a few questions at once at most, and one a second."""

    def __init__(self, provider: Provider, geocoder: Geocoder, *, seconds_between: float) -> None:
        self.provider = provider
        self._ask = RateLimiter(
            geocoder.geocode, min_delay_seconds=seconds_between, max_retries=0, swallow_exceptions=False
        )
        self._slots = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def spot(self, text: str, country: str | None) -> Spot | None:
        """Where the server says it is; ``None`` when it knows nothing fit to search around.

        ``_NoAnswer`` when it cannot be asked or does not answer sensibly.
        """
        options = {"country_codes": country.lower()} if country and self.provider is Provider.NOMINATIM else {}
        if not self._slots.acquire(blocking=False):
            raise _NoAnswer("busy")
        try:
            location = self._ask(text, **options)
            return None if location is None else _spot(location)
        # A server that answers something else than promised trips geopy's readers in as many ways as there are answers.
        except (GeopyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise _NoAnswer(type(error).__name__) from error
        finally:
            self._slots.release()


class _NoAnswer(Exception):
    """The server could not be asked; the text names the kind of trouble and nothing of the question."""


def _spot(location: Location) -> Spot | None:
    raw: Mapping[str, Any] = location.raw
    properties = raw.get("properties", raw)
    kind = str(properties.get("addresstype") or properties.get("type") or "")
    latitude, longitude = float(location.latitude), float(location.longitude)
    # geopy makes 0, 0 of coordinates that are missing; nobody practises in that sea.
    if latitude == longitude == 0 or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("no point on the map")
    return None if kind in _TOO_LARGE else Spot(latitude, longitude, _PRECISIONS.get(kind, Precision.LOCALITY))


class PlaceFinder:
    """What the pages ask: the gazetteer, then the remembered answers, then the server if there is one."""

    def __init__(self, gazetteer: Gazetteer, server: AnsweringServer | None = None, *, secret: str = "") -> None:
        self._gazetteer = gazetteer
        self._server = server
        self._secret = secret.encode()

    def warm(self) -> None:
        """Load the gazetteer now, as a server does before it answers."""
        self._gazetteer.warm()

    def find(
        self,
        session: Session,
        text: str,
        *,
        country: str | None = None,
        now: datetime,
        remember: Callable[[Answer], None] | None = None,
    ) -> Place:
        """The place this text means; raises as ``Gazetteer.resolve`` does, whatever a server does.

        A new answer of a server is handed to ``remember``, which keeps it (``service.remember``) in a transaction of
        its own: finding a place happens in requests that must not write.
        """
        try:
            return self._gazetteer.resolve(text, country=country)
        except UnknownPlace:
            spot = self._asked(session, text, country, now, remember) if self._server else None
            if spot is None:
                raise
        place = self._gazetteer.nearest(spot.latitude, spot.longitude)
        return place.at_precision(spot.precision)

    def find_address(
        self,
        session: Session,
        address: PostalAddress,
        *,
        now: datetime,
        remember: Callable[[Answer], None] | None = None,
    ) -> Place | None:
        """Where an address is; ``None`` when nobody knows. Raises as ``addresses.known_place`` does.

        Only a server knows streets, so it is asked first where there is a street; an answer far from the postal code
        or the town is another street of that name, and one that is no closer than they are says nothing new.
        """
        try:
            known = known_place(self._gazetteer, address)
        except AmbiguousPlace:
            known = None
            if self._server is None or not address.street:
                raise
        if self._server is None or not address.street:
            return known
        spot = self._asked(session, address.line, address.country, now, remember)
        if spot is None:
            return known
        found = self._gazetteer.nearest(spot.latitude, spot.longitude).at_precision(spot.precision)
        if known is None:
            return found if found.country == address.country else None
        far = distance_km(found.latitude, found.longitude, known.latitude, known.longitude) > FAR_APART_KM
        return known if far or spot.precision is not Precision.EXACT else found

    def start(self, address: PostalAddress, known: Place | None) -> Start:
        """Where to begin to look for an address on a map."""
        return start(self._gazetteer, address, known)

    def standing(self, latitude: float, longitude: float, *, country: str, postal_code: str) -> Place:
        """The place at a point, by the rules of ``addresses.standing``."""
        return standing(self._gazetteer, latitude, longitude, country=country, postal_code=postal_code)

    def _asked(
        self,
        session: Session,
        text: str,
        country: str | None,
        now: datetime,
        remember: Callable[[Answer], None] | None,
    ) -> Spot | None:
        if self._server is None:
            return None
        key = self._key(self._server.provider, text, country)
        known = queries.answer(session, key, now=now)
        if known is not None:
            return known.spot
        try:
            spot = self._server.spot(" ".join(text.split()), country)
        except _NoAnswer as error:
            _log.warning("geocoder_no_answer", provider=self._server.provider.value, reason=str(error))
            return None
        if remember is not None:
            remember(Answer(key, self._server.provider, spot))
        return spot

    def _key(self, provider: Provider, text: str, country: str | None) -> str:
        question = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        sealed = f"{provider.value}\n{(country or '').upper()}\n{question}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, sealed, hashlib.sha256).hexdigest()


def build(config: Config, *, seconds_between: float = _SECONDS_BETWEEN_REQUESTS) -> PlaceFinder:
    """The finder that the settings ask for.

    ``geocoder_domain`` is a host, spoken to by https unless it begins with ``http://``.
    """
    if config.geocoder == "gazetteer":
        return PlaceFinder(shipped())
    provider = Provider(config.geocoder)
    scheme, _, host = config.geocoder_domain.rpartition("://")
    kind = Nominatim if provider is Provider.NOMINATIM else Photon
    geocoder = kind(
        domain=host,
        scheme=scheme or "https",
        user_agent=config.geocoder_user_agent,
        timeout=config.geocoder_timeout_seconds,
    )
    server = AnsweringServer(provider, geocoder, seconds_between=seconds_between)
    return PlaceFinder(shipped(), server, secret=config.secret_key)

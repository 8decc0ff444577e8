"""A calendar entry as calendars take it (iCalendar, RFC 5545, sent as RFC 5546 asks).

The same entry makes the same bytes each time. It names one address, that of whoever gets it, and the site's own: the
other side's is nobody's to learn. Times are in UTC, so that no calendar needs to know a time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from directory.mail.letters import N_, Entry, Standing, phrase, say

FILE_NAME: Final = "talk.ics"
_SUMMARY: Final = N_("%(what)s, arranged through %(site)s")
_WHERE: Final = N_("To see, move or call it off, open the link in the newest letter from %(site)s.")
_STATUS: Final = {
    Standing.AGREED: "CONFIRMED",
    Standing.PAUSED: "TENTATIVE",
    Standing.CALLED_OFF: "CANCELLED",
}
_REMINDER: Final = timedelta(hours=-1)


def method(entry: Entry) -> str:
    """What the calendar is to do with it: REQUEST puts it in or changes it, CANCEL takes it out."""
    return "CANCEL" if entry.standing is Standing.CALLED_OFF else "REQUEST"


def file(entry: Entry, *, language: str, to: str, organizer: str, site: str, written_at: datetime) -> bytes:
    """The entry for whoever has this address; ``organizer`` and ``site`` are the address and the name of ours."""
    summary = say(_SUMMARY, what=str(entry.summary), site=site)
    calendar = Calendar()
    calendar.add("prodid", f"-//{site}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method(entry))
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", written_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.starts_at.astimezone(UTC) + timedelta(minutes=entry.minutes))
    event.add("summary", phrase(summary, language))
    event.add("description", phrase(say(_WHERE, site=site), language))
    event.add("status", _STATUS[entry.standing])
    event.add("transp", "TRANSPARENT" if entry.standing is Standing.CALLED_OFF else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("organizer", _address(organizer, site))
    attendee = _address(to)
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    if entry.standing is Standing.AGREED:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", phrase(summary, language))
        alarm.add("trigger", _REMINDER)
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _address(email: str, name: str | None = None) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name is not None:
        address.params["cn"] = vText(name)
    return address

"""The closed lists of words about rosters."""

from __future__ import annotations

from enum import StrEnum

from directory.guide.words import N_


class Seen(StrEnum):
    """What the desk sees when it sets a paper beside the newest roster of its board."""

    MATCH = "match"
    """The number and the name are there, in force and without a remark."""
    NAME_VARIANT = "name_variant"
    """The number is there, in force, under another form of the name."""
    EXPIRED = "expired"
    INACTIVE = "inactive"
    DISCIPLINED = "disciplined"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ABSENT = "absent"
    """The number is not in the file."""
    QUESTION = "question"
    """Something that only a person can tell: the number is somebody else's, or its status is in words nobody knows."""
    NOT_CHECKED = "not_checked"
    """No file of this board was taken, or none that is new enough to be relied on."""

    @property
    def words(self) -> str:
        """For the desk, to be translated."""
        return _SEEN[self]


_SEEN = {
    Seen.MATCH: N_("In force under this number and name"),
    Seen.NAME_VARIANT: N_("In force under this number, with the name written differently"),
    Seen.EXPIRED: N_("Expired"),
    Seen.INACTIVE: N_("Not in active practice"),
    Seen.DISCIPLINED: N_("With a board action, a condition or probation"),
    Seen.SUSPENDED: N_("Suspended"),
    Seen.REVOKED: N_("Revoked or given up"),
    Seen.ABSENT: N_("The number is not in the file"),
    Seen.QUESTION: N_("A question that only a person can answer"),
    Seen.NOT_CHECKED: N_("Not checked: no file of this board that is new enough"),
}


class Reason(StrEnum):
    """One thing that speaks for or against an entry being about somebody, or that should be known about it."""

    NUMBER = "number"
    NAME = "name"
    NAME_PART = "name_part"
    NAME_SHORT_FORM = "name_short_form"
    NAME_INITIAL = "name_initial"
    NAME_SPELLING = "name_spelling"
    NAME_ORDER = "name_order"
    GENERATION = "generation"
    MIDDLE_NAME = "middle_name"
    OTHER_MIDDLE_NAME = "other_middle_name"
    OTHER_FAMILY_NAME = "other_family_name"
    OTHER_FIRST_NAME = "other_first_name"
    OTHER_PERSON = "other_person"
    CITY = "city"
    SEVERAL_ROWS = "several_rows"
    SEVERAL_PEOPLE = "several_people"
    DATE_PASSED = "date_passed"
    UNKNOWN_WORD = "unknown_word"
    NO_NUMBER = "no_number"
    NAME_ELSEWHERE = "name_elsewhere"
    NAMESAKES = "namesakes"
    GONE = "gone"

    @property
    def sentence(self) -> str:
        """For the desk, to be translated."""
        return _REASONS[self]


_REASONS = {
    Reason.NUMBER: N_("The number is the same."),
    Reason.NAME: N_("The name is the same."),
    Reason.NAME_PART: N_("One of two family names is the same."),
    Reason.NAME_SHORT_FORM: N_("The first name is another form of the same name."),
    Reason.NAME_INITIAL: N_("One of the two writes only a first letter, and it fits."),
    Reason.NAME_SPELLING: N_("The names differ by a letter or two."),
    Reason.NAME_ORDER: N_("Family name and first name stand the other way round."),
    Reason.GENERATION: N_("One of the two says Junior, Senior or a number behind the name."),
    Reason.MIDDLE_NAME: N_("The middle name fits."),
    Reason.OTHER_MIDDLE_NAME: N_("The middle name is another one."),
    Reason.OTHER_FAMILY_NAME: N_("The family name is another one: a changed name, or another person."),
    Reason.OTHER_FIRST_NAME: N_("The family name fits and the first name is another one."),
    Reason.OTHER_PERSON: N_("The number is in the file under another person's name."),
    Reason.CITY: N_("The town is the same."),
    Reason.SEVERAL_ROWS: N_("The file has several rows for this licence; they were read together."),
    Reason.SEVERAL_PEOPLE: N_("The file has this number for more than one person; the one whose name fits was taken."),
    Reason.DATE_PASSED: N_("The day of expiry has passed, whatever the file says of the status."),
    Reason.UNKNOWN_WORD: N_("The file's word for the status is not one we know."),
    Reason.NO_NUMBER: N_("The paper gives no number that could be looked up."),
    Reason.NAME_ELSEWHERE: N_("Somebody of this name is in the file under another number."),
    Reason.NAMESAKES: N_("Several people of this name are in the file under other numbers."),
    Reason.GONE: N_("The number stood in an earlier file and is not in the newest one."),
}


class FileState(StrEnum):
    """What became of a file."""

    APPLIED = "applied"
    REFUSED = "refused"


class Flaw(StrEnum):
    """Why a row of a roster was not taken."""

    COLUMNS = "columns"
    UNREADABLE = "unreadable"
    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    LONG = "long"

    @property
    def words(self) -> str:
        """For whoever runs the import and for the desk, to be translated."""
        return _FLAWS[self]


_FLAWS = {
    Flaw.COLUMNS: N_("it has more or fewer columns than the header"),
    Flaw.UNREADABLE: N_("its quotation marks do not pair, or it holds signs that cannot be read"),
    Flaw.NUMBER: N_("it gives no licence number"),
    Flaw.NAME: N_("it names nobody"),
    Flaw.DATE: N_("a day in it is written in a way nobody knows"),
    Flaw.LONG: N_("a field in it is longer than any name or number"),
}


class News(StrEnum):
    """What a roster says of a paper that it did not say before."""

    REVOKED = "revoked"
    """Revoked, surrendered, denied or suspended."""
    DISCIPLINED = "disciplined"
    EXPIRED = "expired"
    INACTIVE = "inactive"
    VANISHED = "vanished"
    OTHER_NAME = "other_name"
    """The number is somebody else's, or says something nobody understands."""

"""Names of people as registers write them, compared part by part. Pure.

Spelling is not guessed: "Harrison" is not "Harris", and one letter more or less makes another name. What counts as the
same name is what one person's papers differ in: capitals, accents, apostrophes, hyphens, letters after the name, one of
two family names, and the common short forms of first names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_APOSTROPHES = str.maketrans("", "", "'’‘`´ʻʼʹ′＇.")
_GAPS = re.compile(r"[^a-z0-9]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES: Final = frozenset({"dr", "mr", "mrs", "ms", "miss", "prof", "professor", "doctor", "mx"})
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
_LETTERS: Final = _set(
    "lac licac diplac diplom dacm daom dom omd md do dc nd np rn phd psyd msom mstom msac macom maom mtcm ap eamp "
    "pt dpt pa lmt bs ba ms ma mph dds dmd esq"
)
_PARTICLES: Final = _set("de del della der den di da do dos das du la las le los van von bin ibn al el st san")
_JOINED_PARTICLES: Final = frozenset({"mc", "mac", "o", "d"})

_SHORT_FORMS: Final = """
abigail abby gail | alexander alex sandy | alexandra alex sandra | alfred al fred | allen allan alan al | andrew andy
drew | anthony tony | barbara barb barbie | benjamin ben benny | bernard bernie | bradley brad | catherine katherine
kathryn cathy kathy kate katie kit | charles charlie chuck | christina christine chris tina | christopher chris |
cynthia cindy | daniel dan danny | david dave | deborah debra deb debbie | donald don | dorothy dot dottie | douglas
doug | edward ed eddie ted ned | elizabeth liz beth betty betsy eliza lisa libby | eugene gene | florence flo |
frances fran | francis frank | frederick frederic fred | gabriel gabe | gerald gerry jerry | geoffrey jeffrey jeff
geoff | gregory greg | harold hal harry | henry hank harry | jacob jake | jacqueline jackie | james jim jimmy jamie |
janet jan | jennifer jen jenny | jessica jess jessie | joan joanie | john jack johnny | jonathan jon | joseph joe joey
| joshua josh | judith judy | katharine katherine kate | kenneth ken kenny | kimberly kim | larry lawrence laurence |
leonard len lenny | lillian lily | louis lewis lou | margaret maggie meg peggy marge | marjorie marge | matthew matt |
megan meg | melissa mel | michael mike mick | michelle shelly | mitchell mitch | nancy nan | nathan nathaniel nate |
nicholas nick | pamela pam | patricia pat patty trish | patrick pat | peter pete | philip phillip phil | raymond ray |
rebecca becky | richard rick dick rich | robert bob rob bobby | ronald ron | russell russ | samantha sam | samuel sam
| sharon shari | stephanie steph | steven stephen steve | susan sue susie suzanne | teresa theresa terry | terence
terrence terry | theodore ted theo | thomas tom tommy | timothy tim | valerie val | veronica ronnie | victor vic |
victoria vicky | vincent vince | virginia ginny | walter walt | william bill will billy | zachary zach
"""


def _groups() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_SHORT_FORMS.split("|")):
        for name in group.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_GROUPS: Final = _groups()


class Likeness(IntEnum):
    """How one part of a name meets the same part of another."""

    OTHER = 0
    UNKNOWN = 1
    """One of them does not say."""
    INITIAL = 2
    """One of them is an initial, and it fits."""
    VARIANT = 3
    """Another form of the same name, or one of two family names."""
    SAME = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its three parts, each in plain lower case Latin letters; words are parted by one space."""

    family: str
    given: str
    middle: str = ""


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """A name, or part of one, in plain lower case without accents and signs; "O'Brien-Lee" is "obrien lee"."""
    folded = text if text.isascii() else anyascii(text)
    return _GAPS.sub(" ", folded.lower().translate(_APOSTROPHES)).strip()


def of_parts(family: str, given: str, middle: str = "") -> Name:
    """A name that a register gives in columns; generations and letters behind it are left aside."""
    first, _, more = _without_titles(plain(given)).partition(" ")
    return Name(
        family=_without_letters(plain(family)), given=first, middle=_without_letters(f"{more} {plain(middle)}".strip())
    )


def of_text(text: str) -> tuple[Name, ...]:
    """Every way in which a name written in one line may be read, "Ana Maria Lopez Garcia, L.Ac." in more than one.

    "Lopez, Ana" is read as a family name and a first one.
    """
    before, comma, behind = text.partition(",")
    after = _without_letters(plain(behind)) if comma else ""
    if after and len(_whole(plain(before)).split()) <= 2 and plain(behind).split()[0] not in _LETTERS | _SUFFIXES:
        return (of_parts(before, behind),)
    words = _without_letters(_without_titles(plain(before)), least=2).split()
    return tuple(
        Name(family=" ".join(words[start:]), given=words[0], middle=" ".join(words[1:start]))
        for start in range(1, len(words))
        if len(words[start]) > 1 or words[start] in _JOINED_PARTICLES
    )


def _without_titles(words: str) -> str:
    parts = words.split()
    while len(parts) > 1 and parts[0] in _TITLES:
        parts.pop(0)
    return " ".join(parts)


def _without_letters(words: str, *, least: int = 1) -> str:
    """Without what stands behind a name; some words always stay, as there are people called Ma and Do."""
    parts = words.split()
    while len(parts) > least and parts[-1] in _LETTERS | _SUFFIXES:
        parts.pop()
    return " ".join(parts)


def _whole(family: str) -> str:
    """A family name with its particles drawn together: "de la Cruz Lopez" is "delacruz lopez"."""
    drawn, waiting = [], ""
    for word in family.split():
        if word in _PARTICLES or word in _JOINED_PARTICLES:
            waiting += word
        else:
            drawn.append(waiting + word)
            waiting = ""
    return " ".join([*drawn, waiting] if waiting else drawn)


@lru_cache(maxsize=200_000)
def family_keys(family: str) -> frozenset[str]:
    """What to look a family name up by: the whole of it in one word, and each of several."""
    parts = _whole(family).split()
    return frozenset({family.replace(" ", ""), *(each for each in parts if len(each) > 1)})


def given_keys(name: Name) -> frozenset[str]:
    """What to file a first name under, so that ``given_calls`` of every name that ``first_names`` finds like it meets
    one of them."""
    if not name.given:
        return frozenset()
    kin = (f"#{number}" for number in _GROUPS.get(name.given, ()))
    initial = f"{name.given[0]}."
    return frozenset(
        {name.given, _joined(name), f"{name.given[0]}*", *kin, *([initial] if len(name.given) == 1 else [])}
    )


def given_calls(name: Name) -> frozenset[str]:
    """What to look a first name up by; see ``given_keys``."""
    if not name.given:
        return frozenset()
    kin = (f"#{number}" for number in _GROUPS.get(name.given, ()))
    any_of_it = f"{name.given[0]}{'*' if len(name.given) == 1 else '.'}"
    return frozenset({name.given, _joined(name), any_of_it, *kin})


def _joined(name: Name) -> str:
    return name.given + name.middle.replace(" ", "")


def families(one: str, other: str) -> Likeness:
    """How two family names meet."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return Likeness.SAME
    return Likeness.VARIANT if family_keys(one) & family_keys(other) else Likeness.OTHER


def givens(one: str, other: str) -> Likeness:
    """How two first names meet."""
    if not one or not other:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME if len(one) > 1 else Likeness.INITIAL
    if len(one) == 1 or len(other) == 1:
        return Likeness.INITIAL if one[0] == other[0] else Likeness.OTHER
    return Likeness.VARIANT if _GROUPS.get(one, frozenset()) & _GROUPS.get(other, frozenset()) else Likeness.OTHER


def first_names(one: Name, other: Name) -> Likeness:
    """How two first names meet, where one may be written in two words: "Mary Ann" and "Maryann"."""
    plainly = givens(one.given, other.given)
    if plainly in (Likeness.SAME, Likeness.VARIANT):
        return plainly
    here, there = _joined(one), _joined(other)
    if one.given and other.given and (here in (other.given, there) or there == one.given):
        return Likeness.SAME
    return plainly


def middles(one: Name, other: Name) -> Likeness:
    """How two middle names meet; two that both say one and begin with other letters are other people's."""
    if not one.middle or not other.middle:
        return Likeness.UNKNOWN
    here, there = one.middle.split()[0], other.middle.split()[0]
    if here == there:
        return Likeness.SAME
    if here[0] != there[0]:
        return Likeness.OTHER
    return Likeness.INITIAL if len(here) == 1 or len(there) == 1 else Likeness.UNKNOWN

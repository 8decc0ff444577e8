"""How people's names are read and compared: titles and letters after a name left aside, any script in Latin letters,
and how near what somebody typed comes to a name that is held. Pure.

Nothing here says who may be shown; see ``directory.search.visible``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import OSA

LONGEST_NAME: Final = 200
"""As many signs as a name that is held may have."""

LONGEST_WORD: Final = 100
MOST_PARTS: Final = 10
"""What a longer name has beyond these is not compared."""

LEAST_BEGINNING: Final = 5
"""The shortest beginning of a word that is looked for misspelled."""

LEAST_BONES: Final = 3
"""The shortest skeleton that may begin another."""

LEAST_TOWN: Final = 3
"""The shortest beginning of a town's name that counts."""

EXACT: Final = 1.0
BEGINNING: Final = 0.9
INITIAL: Final = 0.8
SPELLED_ALIKE: Final = 0.7
"""From here down somebody came close and no more."""

HELD_INITIAL: Final = 0.42
"""A whole word typed where only its first letter is held: "John" for "J. Smith"."""

_ONE_STROKE_OFF: Final = 0.65
_PER_STROKE: Final = 0.08
_BEGINNING_ALIKE: Final = 0.45
_PERHAPS_LETTERS: Final = 0.4


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES: Final = _set(
    "dr drs dra doctor prof professor mr mrs ms mx miss sir dame rev mme mlle sra srta الدكتور الدكتورة دكتور دكتورة د"
)
"""Written before a name."""

LETTERS: Final = _set(
    "licac diplac diplacu diplom diplch diplabt diplcm dacm daom dacchm omd mstom msom msac macom maom macm mtcm mtom "
    "msacom mbacc fbacc bacc aacp maacp bmas mbmas dipmedac atcm matcm ractcm rtcmp rtcmh drtcm drac faaom nccaom "
    "ncbahm aemp eamp phd psyd bsc msc mph bhsc mhsc mcsp hcpc nmc cnm dpt mpt lmt dnp fnp ccht mbbs frcp mrcp mrcgp"
)
"""Written after a name and nobody's name: the letters of credentials, degrees and registers, without their full
stops."""

PERHAPS_LETTERS: Final = _set(
    "lac rac dac bac mac cac ac ap do dom om ma md ms np nd dc rn pt pa ba bs bm cmp tcm jr sr ii iii iv lic dip dipl "
    "med cat cert hons esq"
)
"""Written after a name too, but there are people of these names: Thi Do, Yo-Yo Ma, Lac Nguyen."""

_SUFFIXES: Final = ("中医师", "中醫師", "医生", "醫生", "医师", "醫師", "大夫", "教授", "博士", "先生", "女士", "小姐")
"""Doctor, professor, Mr and Ms behind a Chinese name."""

SOUNDS: Final[tuple[frozenset[str], ...]] = tuple(
    frozenset(group.split())
    for group in (
        "li lee lei rhee yi",
        "wang wong",
        "huang wong hwang",
        "zhang chang cheung chung jang",
        "chen chan tan chin",
        "liu lau low yu ryu",
        "wu ng woo oh",
        "xu hsu hui tsui",
        "zhou chou chow joo chu",
        "zhao chao chiu cho",
        "zheng cheng jung jeong chung chong",
        "xie hsieh tse",
        "cai tsai choi choy",
        "choe choi",
        "gim kim",
        "bag park pak bak",
        "gang kang",
        "jo cho",
        "im lim rim",
        "guo kuo kwok",
        "he ho",
        "lin lam lim",
        "liang leung ryang yang",
        "yang yeung",
        "ye yeh yip",
        "zhu chu",
        "sun suen",
        "gao kao ko",
    )
)
"""Family names that are written in several ways in Latin letters, by pinyin, Wade-Giles, the Cantonese of Hong Kong and
the Korean of passports."""

_ENDS_OF_LETTERS: Final = frozenset(each[at:] for each in LETTERS | PERHAPS_LETTERS for at in range(len(each)))
_LONGEST_LETTERS: Final = max(map(len, LETTERS | PERHAPS_LETTERS))
_CHUNK = re.compile(r"[^\s,;/()\[\]{}<>\"“”„«»|+&*·・]+|[,;]")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʻʼʹ′＇")
_GAPS = re.compile(r"[^a-z0-9]+")
_VOWELS = re.compile(r"[aeiouyw]")
_DOUBLED = re.compile(r"(.)\1+")
_ARTICLE = "ال"
_SHORTEST_WITH_ARTICLE = 5
_SHORTEST_WITH_ARTICLE_IN_LATIN = 7


class Word(NamedTuple):
    """One word of a name, in plain lower case."""

    text: str
    bare: bool = False
    """From a script that leaves most vowels out, Arabic or Hebrew."""
    perhaps: bool = False
    """May be letters after the name; it need not be matched."""
    town: bool = False
    """No part of the name but of the town somebody works in: "Li Portland" is a Li there."""


class Nearness(IntEnum):
    """How what was typed meets a name, best first."""

    WHOLE = 0
    """Every word of either."""
    PARTS = 1
    """Every word that was typed is a word of the name."""
    BEGINNINGS = 2
    """Every word that was typed begins one, or is its initial."""
    CLOSE = 3
    """Spelled nearly so, or written so in another alphabet."""


class Fit(NamedTuple):
    """How well a name fits, to be sorted: smaller is better."""

    nearness: Nearness
    lacking: int
    """Words typed that may have been letters after a name and that this name does not have."""
    distance: int
    """What the words typed lack of being the words held, in thousandths."""
    besides: int
    """Words of the name that were not typed."""


def fold(text: str) -> str:
    """The text in plain lower case Latin letters and digits, words apart by one space, without accents or signs.

    Chinese characters and Korean syllables become a word each. Folding what is folded changes nothing.
    """
    return " ".join(word for word, _ in _folded(text))


def typed_name(text: str) -> tuple[Word, ...]:
    """The words somebody typed: a title before them is gone, and so are letters that can only stand after a name.

    What may be a name or such letters ("do", "ma", "lac") need not be matched, unless nothing else was typed.
    """
    return _parts(text, held=False)


def held_name(name: str) -> tuple[Word, ...]:
    """The words of a name that is held, likewise; how it is written tells "Thi Do" from "Jane Roe, D.O."."""
    return _parts(name, held=True)


def held_towns(towns: Iterable[str]) -> tuple[Word, ...]:
    """The words of the towns somebody works in, each once, to stand behind those of their name."""
    found = dict.fromkeys(word for town in towns for word, _ in _folded(town))
    return tuple(Word(word, town=True) for word in list(found)[:MOST_PARTS])


def alike(typed: str, held: str, *, bare: bool = False) -> float:
    """How near one typed word comes to one word held, from 0 to 1; ``bare`` when either has lost its vowels.

    Misspellings are counted in strokes (optimal string alignment: insert, leave out, change, swap two neighbours): one
    in words of three and four letters, two up to eight, then three.
    """
    if typed == held:
        return EXACT
    if held.startswith(typed):
        return BEGINNING if len(typed) > 1 else INITIAL
    if len(held) == 1:
        return HELD_INITIAL if typed[0] == held else 0.0
    if any(typed in group and held in group for group in SOUNDS):
        return SPELLED_ALIKE
    if bare and skeletons_meet(skeleton(typed), skeleton(held)):
        return SPELLED_ALIKE
    return _misspelled(typed, held)


def _misspelled(typed: str, held: str) -> float:
    allowed = strokes(typed)
    if allowed and (len(typed) > 3 or typed[0] == held[0]):
        off = OSA.distance(typed, held, score_cutoff=allowed)
        if off <= allowed:
            return _ONE_STROKE_OFF - _PER_STROKE * (off - 1)
    if begins_alike(typed, held):
        beginnings = (held[: len(typed)], held[: len(typed) + 1])
        if any(OSA.distance(typed, each, score_cutoff=1) <= 1 for each in beginnings):
            return _BEGINNING_ALIKE
    return 0.0


def strokes(typed: str) -> int:
    """How many keystrokes a word may be off and still be taken for another."""
    length = len(typed)
    if length < 3:
        return 0
    return 1 if length < 5 else 2 if length < 9 else 3


def begins_alike(typed: str, held: str) -> bool:
    """Whether a longer name could begin with this word misspelled: then its first letter at least is right."""
    return len(typed) >= LEAST_BEGINNING and len(held) > len(typed) and held[0] == typed[0]


def skeleton(word: str) -> str:
    """A word without what Arabic and Hebrew leave out or others write doubly, and without an article written together
    with it: "Mohammed" and محمد are both "mhmd"."""
    if word.startswith(("al", "el")) and len(word) >= _SHORTEST_WITH_ARTICLE_IN_LATIN:
        word = word[2:]
    plain = word.replace("q", "k").replace("x", "ks").replace("ch", "#").replace("c", "k").replace("#", "ch")
    bones = _DOUBLED.sub(r"\1", _VOWELS.sub("", plain))
    if len(bones) < 2:
        return _DOUBLED.sub(r"\1", _VOWELS.sub("a", plain))
    if bones.endswith("h") and bones[-2] not in "kgstdc":
        return bones[:-1]
    return bones


def skeletons_meet(one: str, other: str) -> bool:
    """Whether two skeletons are of one word, or one begins the other."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= LEAST_BONES and longer.startswith(shorter))


def fit(typed: Sequence[Word], held: Sequence[Word]) -> Fit | None:
    """How well a name fits what was typed; ``None`` where it does not.

    Each word typed takes a word held of its own, in any order; two or three neighbours written as one count as one.
    Of three and more words one may be missing, where the others are there to the letter. A whole word may stand for an
    initial in a name that was typed whole but for it. Words of a town help, but one word has to be the name's.
    """
    pairs = sorted(_pairs(typed, held), key=lambda pair: (-pair[0], pair[1], pair[2]))
    taken_typed: set[int] = set()
    taken_held: set[int] = set()
    nearness: dict[int, float] = {}
    for value, mine, theirs in pairs:
        if taken_typed.isdisjoint(mine) and taken_held.isdisjoint(theirs):
            taken_typed.update(mine)
            taken_held.update(theirs)
            nearness |= dict.fromkeys(mine, value)
    firm = [at for at, word in enumerate(typed) if not word.perhaps] or list(range(len(typed)))
    missing = [at for at in firm if at not in nearness]
    left = [word for at, word in enumerate(held) if at not in taken_held and not word.perhaps and not word.town]
    if (
        all(held[at].town for at in taken_held)
        or len(missing) > may_miss(len(firm))
        or not _believable(nearness.values(), missing, left)
    ):
        return None
    besides = len(left)
    lacking = sum(1 for at, word in enumerate(typed) if at not in nearness and at not in missing)
    least = min(nearness.values())
    if missing or least <= SPELLED_ALIKE:
        kind = Nearness.CLOSE
    elif least < EXACT:
        kind = Nearness.BEGINNINGS
    else:
        kind = Nearness.PARTS if besides else Nearness.WHOLE
    distance = sum(round(1000 * (1 - value)) for value in nearness.values()) + 1000 * len(missing)
    return Fit(kind, lacking, distance, besides)


def _believable(values: Collection[float], missing: Sequence[int], left: Sequence[Word]) -> bool:
    """Whether what is weak about a fit is borne by the rest: a missing word by others to the letter, an initial by a
    name that was typed whole but for it."""
    if missing and min(values) < EXACT:
        return False
    initials = any(value == HELD_INITIAL for value in values)
    return not initials or (max(values) >= EXACT and all(len(word.text) == 1 for word in left))


def may_miss(firm: int) -> int:
    """How many of so many words need not be there."""
    return 1 if firm >= 3 else 0


def windows(count: int) -> Iterator[tuple[int, ...]]:
    """Positions of two or three neighbours among so many words."""
    for size in (2, 3):
        for first in range(count - size + 1):
            yield tuple(range(first, first + size))


def _pairs(typed: Sequence[Word], held: Sequence[Word]) -> Iterator[tuple[float, tuple[int, ...], tuple[int, ...]]]:
    for i, mine in enumerate(typed):
        for j, theirs in enumerate(held):
            value = (
                _in_town(mine, theirs) if theirs.town else alike(mine.text, theirs.text, bare=mine.bare or theirs.bare)
            )
            if value and theirs.perhaps and not mine.perhaps:
                value = min(value, _PERHAPS_LETTERS)
            if value:
                yield value, (i,), (j,)
    for run in windows(sum(not word.town for word in held)):
        joined = "".join(held[at].text for at in run)
        yield from ((EXACT, (i,), run) for i, mine in enumerate(typed) if mine.text == joined)
    for run in windows(len(typed)):
        joined = "".join(typed[at].text for at in run)
        yield from ((EXACT, run, (j,)) for j, theirs in enumerate(held) if theirs.text == joined and not theirs.town)


def _in_town(typed: Word, held: Word) -> float:
    """A town counts when it is spelled as it is, or begins so."""
    if typed.text == held.text:
        return EXACT
    return BEGINNING if len(typed.text) >= LEAST_TOWN and held.text.startswith(typed.text) else 0.0


# --- from text to words ----------------------------------------------------------------------------------------------


class _Chunk(NamedTuple):
    """What stands between two spaces, as written; ``compact`` is what it comes to without stops and hyphens."""

    raw: str
    words: tuple[Word, ...]
    compact: str
    after_comma: bool = False


def _parts(text: str, *, held: bool) -> tuple[Word, ...]:
    return _plain_parts(text) or _any_parts(text, held=held)


def _plain_parts(text: str) -> tuple[Word, ...] | None:
    """The words of a name in plain letters with neither title nor letters, as most are, several times as fast."""
    if not text.isascii() or len(text) > LONGEST_NAME:
        return None
    plain = text.replace(". ", " ").replace("-", " ").replace("'", "")
    found = plain.lower().split()
    if not plain.replace(" ", "").isalpha() or found[0] in TITLES or found[-1] in _ENDS_OF_LETTERS:
        return None
    return tuple(map(Word, found[:MOST_PARTS])) if len(plain) <= LONGEST_WORD else None


def _any_parts(text: str, *, held: bool) -> tuple[Word, ...]:
    chunks = _chunks(_without_suffixes(text[: 2 * LONGEST_NAME]))
    titles = 0
    while titles < len(chunks) - 1 and _is_title(chunks[titles].raw, after_another=titles > 0):
        titles += 1
    chunks = chunks[titles:]
    kept, perhaps = _after_the_name(chunks, held=held)
    found = [word for chunk in kept for word in chunk.words]
    found += [word._replace(perhaps=True) for chunk in perhaps for word in chunk.words]
    return tuple(found[:MOST_PARTS])


def _is_title(raw: str, *, after_another: bool) -> bool:
    plain = raw.strip(".").casefold()
    return plain in TITLES or (after_another and plain == "med")


def _after_the_name(chunks: list[_Chunk], *, held: bool) -> tuple[list[_Chunk], list[_Chunk]]:
    """The chunks of the name, and those behind it that may be letters; those that can only be letters are gone."""
    name: list[_Chunk] = []
    perhaps: list[_Chunk] = []
    end = len(chunks)
    while size := _letters_at_the_end(chunks[:end]):
        run = chunks[end - size : end]
        end -= size
        compact = "".join(chunk.compact for chunk in run)
        if compact in LETTERS or (compact == "lac" and _written_as_letters(run)):
            continue
        if held and not _could_be_letters(run, within=chunks):
            name = [*run, *name]
        else:
            perhaps = [*run, *perhaps]
    return [*chunks[:end], *name], perhaps


def _letters_at_the_end(chunks: list[_Chunk]) -> int:
    """How many chunks at the end are letters, "R. Ac." being two; never all of them."""
    if len(chunks) < 2 or len(chunks[-1].compact) > _LONGEST_LETTERS:
        return 0
    for size in (3, 2, 1):
        compact = "".join(chunk.compact for chunk in chunks[-size:])
        if size < len(chunks) and (compact in LETTERS or compact in PERHAPS_LETTERS):
            return size
    return 0


def _written_as_letters(run: Sequence[_Chunk]) -> bool:
    """Whether something is written as no name is: "L.Ac.", "LAc"."""
    raw = " ".join(chunk.raw for chunk in run)
    return re.search(r"\w\.\s?\w", raw) is not None or re.search(r"[A-Z][A-Z]+[a-z]", raw) is not None


def _could_be_letters(run: Sequence[_Chunk], *, within: Sequence[_Chunk]) -> bool:
    shouted = not any(sign.islower() for chunk in within for sign in chunk.raw)
    capitals = not shouted and all(chunk.raw.isupper() for chunk in run)
    return capitals or run[0].after_comma or _written_as_letters(run)


def _chunks(text: str) -> list[_Chunk]:
    found: list[_Chunk] = []
    comma = False
    for raw in _CHUNK.findall(unicodedata.normalize("NFKC", text)):
        if raw in (",", ";"):
            comma = bool(found)
            continue
        chunk = _chunk(raw)
        if chunk.words:
            found.append(chunk._replace(after_comma=True) if comma else chunk)
    return found


@lru_cache(maxsize=20_000)
def _chunk(raw: str) -> _Chunk:
    words = tuple(Word(word, bare) for word, bare in _folded(raw))
    return _Chunk(raw, words, "".join(word.text for word in words))


def _without_suffixes(text: str) -> str:
    plain = text.rstrip()
    for suffix in _SUFFIXES:
        if plain.endswith(suffix) and len(plain) > len(suffix):
            return plain.removesuffix(suffix)
    return text


def _folded(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text with whether they are bare."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    if plain.isascii():
        yield from ((word[:LONGEST_WORD], False) for word in _GAPS.split(plain.lower()) if word)
        return
    # Signs that only steer how others are set, such as a joiner or a soft hyphen, part no word.
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    for part in _SCRIPTS.finditer(plain):
        kind, run = str(part.lastgroup), part[0]
        if kind == "bare":
            yield from _bare(run)
            continue
        signs = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in run)
        latin = anyascii(signs.casefold()).lower().translate(_APOSTROPHES)
        yield from ((word[:LONGEST_WORD], False) for word in _GAPS.split(latin) if word)


def _bare(run: str) -> Iterator[tuple[str, bool]]:
    """Arabic and Hebrew; an article is a word of its own, and the letters that carry a vowel stand for one."""
    if run.startswith(_ARTICLE) and len(run) >= _SHORTEST_WITH_ARTICLE:
        yield "al", True
        run = run.removeprefix(_ARTICLE)
    latin = anyascii(run).lower().replace("`", "a").replace("'", "a")
    yield from ((word[:LONGEST_WORD], True) for word in _GAPS.split(latin) if word)


_HAN = r"㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_HANGUL = r"가-힣"
_BARE = r"֐-׿؀-ۿݐ-ݿࢠ-ࣿ"
_SCRIPTS = re.compile(rf"(?P<syllable>[{_HAN}{_HANGUL}])|(?P<bare>[{_BARE}]+)|(?P<other>[^{_HAN}{_HANGUL}{_BARE}]+)")

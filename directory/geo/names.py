"""How the name of a place is folded, so that "St. Louis", "saint louis" and "SAINT-LOUIS" are one name."""

from __future__ import annotations

import re
import unicodedata

# What has no decomposition in Unicode but is written with plain letters on keyboards that lack it.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŋ": "n"}
)
_JOINED = str.maketrans("", "", "'’‘`ʻʼ´")
_INITIALS = re.compile(r"\b(?:[a-z]\.)+[a-z]\b\.?")
_SIGNS = re.compile(r"[^\w]+|_+")
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mtn": "mountain", "pt": "point"}


def fold(name: str) -> str:
    """The name in plain lower case, without accents, apostrophes or signs, with common short forms written out.

    Letters of other scripts stay as they are. What has neither letters nor digits folds to an empty text.
    """
    text = name.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    # Most names are plain letters and spaces, and there are a hundred thousand of them to fold.
    if not text.replace(" ", "").isalpha():
        text = text.translate(_JOINED)
        if "." in text:
            text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
        text = _SIGNS.sub(" ", text).strip()
    if " " in text:
        return " ".join([_SHORT.get(word, word) for word in text.split()])
    return text

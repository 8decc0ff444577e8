"""Names for people who do not exist, from ``seeds/demo/names.csv``: invented, of many origins, short and very long."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from random import Random

from directory.paths import SEEDS
from directory.practitioners.terms import Gender

# fmt: off
CULTURES: dict[str, dict[str, float]] = {
    "US": {"english": 50, "spanish": 12, "chinese": 11, "korean": 6, "vietnamese": 3, "japanese": 3, "european": 6,
           "french": 2, "southasian": 3, "african": 3, "arabic": 0.3, "hebrew": 0.4},
    "GB": {"english": 68, "welsh": 4, "european": 10, "chinese": 5, "southasian": 6, "african": 3, "french": 2,
           "arabic": 0.5, "hebrew": 0.3},
    "CA": {"english": 40, "french": 22, "chinese": 18, "korean": 6, "southasian": 6, "vietnamese": 2, "european": 4,
           "arabic": 0.5},
    "AU": {"english": 55, "chinese": 24, "vietnamese": 5, "korean": 4, "european": 6, "southasian": 4, "arabic": 0.3},
    "NZ": {"english": 55, "maori": 14, "chinese": 16, "korean": 5, "european": 5, "southasian": 3},
}
SPEAKS = {
    "spanish": ("es",), "chinese": ("zh", "yue"), "korean": ("ko",), "vietnamese": ("vi",), "japanese": ("ja",),
    "french": ("fr",), "european": ("pl", "de", "it", "uk", "ga"), "southasian": ("pa", "hi", "ur", "ta"),
    "african": ("am", "so"), "arabic": ("ar",), "hebrew": ("he",), "maori": ("mi",), "welsh": ("cy",),
}
# fmt: on
_DOUBLE_NAMES = 0.06
_PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Name:
    """A display name, its origin, and the gender that goes with it."""

    text: str
    culture: str
    gender: Gender


class Names:
    """Deals out names, each text once as long as there are any."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], list[str]] = {}
        with (SEEDS / "demo" / "names.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self._parts.setdefault((row["culture"], row["part"]), []).append(row["name"])
        self._dealt: set[str] = set()

    def deal(self, country: str, region: str, random: Random) -> Name:
        """A name as people of this country bear them; French ones prevail in Quebec, Welsh ones come up in Wales."""
        weights = dict(CULTURES[country])
        if region == "CA-QC":
            weights["french"] *= 6
        if region == "GB-WLS":
            weights["welsh"] *= 8
        culture = random.choices(list(weights), list(weights.values()))[0]
        gender = random.choices(("female", "male"), (68, 32))[0]
        stated = Gender(gender)
        if random.random() < 0.12:
            stated = random.choices((Gender.UNSPECIFIED, Gender.NON_BINARY), (5, 1))[0]
        text = self._made(culture, gender, random)
        for _ in range(_PATIENCE):
            if text not in self._dealt:
                break
            text = self._made(culture, gender, random)
        self._dealt.add(text)
        return Name(text, culture, stated)

    def _made(self, culture: str, gender: str, random: Random) -> str:
        given = random.choice(self._parts[culture, gender])
        family = random.choice(self._parts[culture, "family"])
        if culture in ("arabic", "hebrew"):
            return f"{given} {family}"
        if random.random() < _DOUBLE_NAMES:
            other = random.choice(self._parts["english", "family"]).partition("-")[0]
            family = f"{family}-{other}" if "-" not in family and " " not in family else family
        if random.random() < 0.45:
            return f"{given} {random.choice('ABCDEFGHJKLMNOPRSTVW')}. {family}"
        return f"{given} {family}"

"""The frame of a map: how large it is drawn, in units of its own."""

from __future__ import annotations

from typing import Final

SIDE: Final = 360
"""The side of the square that is always in view, whatever the shape of the window."""
CIRCLE: Final = 160
"""How far the circle of the search reaches from the middle."""
HALF_WIDTH: Final = 440
"""How far to either side of the middle anything is drawn: more than a wide window shows, so that there is somewhere to
move to."""
HALF_HEIGHT: Final = 330
CLOSEST: Final = 64
"""How many times larger than the whole circle a map may be looked at."""
FITTING: Final = 16
"""How many times larger it may be drawn at first, so that the people of a page fill it."""
MARGIN: Final = 34
"""How far from the edge of the square everybody stays then."""

"""What somebody tells us about themselves or about somebody else, a screen each, every one to be skipped."""

from directory.web.about_you import screens, sheet, whose
from directory.web.about_you.blueprint import pages

__all__ = ["pages", "screens", "sheet", "whose"]

"""How the search box for other sites shall look."""

from __future__ import annotations

from typing import Final

from wtforms import Form, RadioField
from wtforms.fields import SelectChoice

from directory.http.locale import lazy_gettext as _l

LANGUAGES: Final = {"en": "English", "es": "Español"}
SIZES: Final = {"narrow": _l("Narrow, for a side column"), "wide": _l("Wide, for a page")}


class EmbedForm(Form):
    """A language and a size; everything else is the site's own."""

    language = RadioField(
        _l("Language of the box"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default="en",
    )
    size = RadioField(
        _l("Size"),
        choices=[SelectChoice(code, name) for code, name in SIZES.items()],
        default="wide",
    )

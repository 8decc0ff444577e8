"""A search box for other sites, such as those of charities: a plain form that asks for a place and nothing else.

Who uses it lands on our list, which asks about pregnancy there. Neither the box nor the page it stands on tells us
where somebody came from, and no cookie is set or read by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.http import headers, locale
from directory.http.site import site
from directory.web.forms.embed import EmbedForm
from directory.web.presenters import sharing

pages = Blueprint("embed", __name__, url_prefix="/embed")

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "heading": "Find an acupuncturist",
        "place": "Town or postal code",
        "button": "Show people near me",
        "opens": "The list opens on",
        "opens_apart": "The list opens in a new tab, on",
        "plainly": "That site checks papers, not skill or results. Being listed there is no recommendation, and this "
        "box is not an endorsement of anybody.",
    },
    "es": {
        "heading": "Buscar acupuntor",
        "place": "Población o código postal",
        "button": "Mostrar personas cerca de mí",
        "opens": "La lista se abre en",
        "opens_apart": "La lista se abre en una pestaña nueva, en",
        "plainly": "Ese sitio comprueba documentos, no la destreza ni los resultados. Figurar allí no es una "
        "recomendación, y este cuadro no respalda a nadie.",
    },
}
"""The box is read in the language that whoever sets it up has chosen, not in that of whoever looks at this page."""

HEIGHTS: Final = {"narrow": 430, "wide": 430}
"""High enough for the longer of the languages, the wide box on a telephone."""
WIDTHS: Final = {"narrow": "300", "wide": ""}
"""In pixels; a wide box is as wide as what it stands in, which only a style can say."""
_FIELD: Final = {"narrow": "18", "wide": "32"}


@pages.get("")
def index() -> ResponseReturnValue:
    """The box in the language and size that were chosen, and its HTML to copy; 422 for any other language or size."""
    asked = {name: request.args[name] for name in ("language", "size") if request.args.get(name)}
    form = EmbedForm(data=asked)
    usable = form.validate()
    language, size = (form.language.data, form.size.data) if usable else ("en", "wide")
    headers.allow_frames()
    page = render_template(
        "embed/index.html",
        form=form,
        language=language,
        size=size,
        width=WIDTHS[size],
        height=HEIGHTS[size],
        plain=_plain(language, size),
        framed=_framed(language, size),
    )
    return page, 200 if usable else 422


@pages.get("/box")
def box() -> Response:
    """The box alone, which any page may show in a frame; in English where the language is none of ours."""
    headers.framed_by_anybody()
    language = request.args.get("language", "en")
    language = language if language in WORDS else "en"
    page = render_template("embed/box.html", words=WORDS[language], language=language, **_of_the_form(language))
    response = make_response(page)
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _of_the_form(language: str) -> dict[str, object]:
    return {
        "parameter": locale.PARAMETER,
        "named_language": language if language != "en" else "",
        "home": sharing.full(url_for("home.ask"))
        if language == "en"
        else sharing.full(f"/?{locale.PARAMETER}={language}"),
        "results": sharing.full(url_for("search.results")),
        "operator": site().config.operator_name,
    }


def _plain(language: str, size: str) -> str:
    """The box as HTML that needs nothing but itself."""
    return render_template(
        "embed/plain.html", words=WORDS[language], language=language, length=_FIELD[size], **_of_the_form(language)
    ).strip()


def _framed(language: str, size: str) -> str:
    """The same as a frame, for sites that let people put in nothing else."""
    return render_template(
        "embed/framed.html",
        words=WORDS[language],
        language=language,
        address=sharing.full(url_for("embed.box", language=language)),
        width=WIDTHS[size],
        height=HEIGHTS[size],
    ).strip()

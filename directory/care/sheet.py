"""Paper: what the PDF files made here share. Their letters are those that every reader of PDFs has (ISO 8859-1)."""

from __future__ import annotations

from typing import Final

from fpdf import FPDF

MARGIN: Final = 18
"""Millimetres."""
WIDTH: Final = 210 - 2 * MARGIN
INK: Final = (34, 32, 28)
SOFT: Final = (110, 104, 96)
ACCENT: Final = (20, 69, 74)
_PLAIN: Final = str.maketrans(
    {
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{NO-BREAK SPACE}": " ",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
    }
)


def first_page(title: str) -> FPDF:
    """A4 with the house's margins, its first page open."""
    page = FPDF(format="A4", unit="mm")
    page.set_margins(MARGIN, MARGIN, MARGIN)
    page.set_auto_page_break(True, MARGIN)
    page.set_title(latin(title))
    page.set_lang("en")
    page.add_page()
    return page


def text(
    page: FPDF, words: str, *, size: float, bold: bool = False, colour: tuple[int, int, int] = INK, gap: float
) -> None:
    """A paragraph, with ``gap`` millimetres below it."""
    page.set_font("helvetica", style="B" if bold else "", size=size)
    page.set_text_color(*colour)
    page.multi_cell(WIDTH, size * 0.5, latin(words), align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(gap)


def latin(words: str) -> str:
    """The text in the signs there are; others become question marks."""
    return words.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")


def holds(words: str) -> bool:
    """Whether every sign of it can be written."""
    try:
        words.translate(_PLAIN).encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True

"""The summary of a diary as one page of PDF, to hand to a clinician."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from fpdf import FPDF

from directory.care.nights import STRONGEST, Span, Spread, Summary

MARGIN: Final = 18
"""Millimetres."""
WIDTH: Final = 210 - 2 * MARGIN
_CHART_HEIGHT: Final = 46
_INK, _SOFT, _ACCENT = (34, 32, 28), (110, 104, 96), (20, 69, 74)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the page says, in the reader's language. ``day`` and ``number`` write a date and a number."""

    title: str
    lead: str
    recent: str
    earlier: str
    nights_noted: str
    intensity: str
    awake: str
    restless: str
    medicine: str
    iron: str
    treatments: str
    half: str
    chart: str
    dot: str
    honest: str
    made_on: str
    nothing: str
    day: Callable[[date], str]
    number: Callable[[float], str]


def one_page(told: Summary, words: Words) -> bytes:
    """The PDF: what was noted in four weeks, the four weeks before beside it, a bar for each night, and what it does
    not say."""
    page = FPDF(format="A4", unit="mm")
    page.set_margins(MARGIN, MARGIN, MARGIN)
    page.set_auto_page_break(False)
    page.set_title(_latin(words.title))
    page.set_lang("en")
    page.add_page()
    _text(page, words.title, size=20, bold=True, gap=3)
    _text(page, words.lead, size=10.5, colour=_SOFT, gap=5)
    _table(page, told, words)
    page.ln(7)
    _text(page, words.chart, size=11, bold=True, gap=2)
    _chart(page, told, words)
    _text(page, words.dot, size=9, colour=_SOFT, gap=5)
    _text(page, words.honest, size=10.5, gap=4)
    _text(page, words.made_on, size=9, colour=_SOFT, gap=0)
    return bytes(page.output())


def _table(page: FPDF, told: Summary, words: Words) -> None:
    rows = [
        ("", f"{words.recent}\n{_dates(told.recent, words)}", f"{words.earlier}\n{_dates(told.earlier, words)}"),
        (words.nights_noted, *(str(span.nights) for span in _spans(told))),
        (words.intensity, *(_spread(span.intensity, words) for span in _spans(told))),
        (words.awake, *(_spread(span.awake, words) for span in _spans(told))),
        (words.restless, *(str(span.restless) for span in _spans(told))),
        (words.medicine, *(str(span.medicine) for span in _spans(told))),
        (words.iron, *(str(span.iron) for span in _spans(told))),
        (words.treatments, *(str(span.treatments) for span in _spans(told))),
    ]
    page.set_font("helvetica", size=10)
    page.set_text_color(*_INK)
    page.set_draw_color(*_SOFT)
    with page.table(
        col_widths=(44, 28, 28),
        width=WIDTH,
        line_height=5.2,
        padding=1.6,
        borders_layout="HORIZONTAL_LINES",
        text_align="LEFT",
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(_latin(cell))
    _text(page, words.half, size=9, colour=_SOFT, gap=0)


def _chart(page: FPDF, told: Summary, words: Words) -> None:
    left, top = page.l_margin + 8, page.get_y() + 1
    wide = (WIDTH - 8) / len(told.nights)
    page.set_font("helvetica", size=8)
    page.set_text_color(*_SOFT)
    page.set_draw_color(210, 205, 196)
    for step in (0, 5, STRONGEST):
        y = top + _CHART_HEIGHT * (1 - step / STRONGEST)
        page.line(left, y, page.l_margin + WIDTH, y)
        page.text(page.l_margin, y + 1.2, str(step))
    page.set_fill_color(*_ACCENT)
    for number, night in enumerate(told.nights):
        x = left + number * wide
        if night.intensity is not None:
            high = max(_CHART_HEIGHT * night.intensity / STRONGEST, 0.4)
            page.rect(x + wide * 0.15, top + _CHART_HEIGHT - high, wide * 0.7, high, style="F")
        if night.treatment:
            page.ellipse(x + wide / 2 - 0.9, top + _CHART_HEIGHT + 1.2, 1.8, 1.8, style="F")
        if number % 7 == 0:
            page.text(x, top + _CHART_HEIGHT + 7, _latin(words.day(night.day)))
    page.set_y(top + _CHART_HEIGHT + 10)


def _text(
    page: FPDF, words: str, *, size: float, bold: bool = False, colour: tuple[int, int, int] = _INK, gap: float
) -> None:
    page.set_font("helvetica", style="B" if bold else "", size=size)
    page.set_text_color(*colour)
    page.multi_cell(WIDTH, size * 0.5, _latin(words), align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(gap)


def _spans(told: Summary) -> tuple[Span, Span]:
    return told.recent, told.earlier


def _dates(span: Span, words: Words) -> str:
    return f"{words.day(span.first)} - {words.day(span.last)}"


def _spread(told: Spread | None, words: Words) -> str:
    if told is None:
        return words.nothing
    return f"{words.number(told.middle)} ({words.number(told.low)} - {words.number(told.high)})"


def _latin(text: str) -> str:
    """The text in the signs of the fonts that every reader of PDFs has (ISO 8859-1); others become question marks."""
    return text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")

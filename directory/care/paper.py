"""The summary of a diary as one page of PDF, to hand to a clinician."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from fpdf import FPDF

from directory.care import sheet
from directory.care.nights import STRONGEST, Span, Spread, Summary

_CHART_HEIGHT: Final = 46


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
    page = sheet.first_page(words.title)
    page.set_auto_page_break(False)
    sheet.text(page, words.title, size=20, bold=True, gap=3)
    sheet.text(page, words.lead, size=10.5, colour=sheet.SOFT, gap=5)
    _table(page, told, words)
    page.ln(7)
    sheet.text(page, words.chart, size=11, bold=True, gap=2)
    _chart(page, told, words)
    sheet.text(page, words.dot, size=9, colour=sheet.SOFT, gap=5)
    sheet.text(page, words.honest, size=10.5, gap=4)
    sheet.text(page, words.made_on, size=9, colour=sheet.SOFT, gap=0)
    return bytes(page.output())


def _table(page: FPDF, told: Summary, words: Words) -> None:
    rows = [
        ("", f"{words.recent}\n{_dates(told.recent, words)}", f"{words.earlier}\n{_dates(told.earlier, words)}"),
        (words.nights_noted, *(str(span.nights) for span in _spans(told))),
        (words.intensity, *(_spread(span.intensity, words) for span in _spans(told))),
        (words.awake, *(_spread(span.awake and span.awake.in_whole, words) for span in _spans(told))),
        (words.restless, *(str(span.restless) for span in _spans(told))),
        (words.medicine, *(str(span.medicine) for span in _spans(told))),
        (words.iron, *(str(span.iron) for span in _spans(told))),
        (words.treatments, *(str(span.treatments) for span in _spans(told))),
    ]
    page.set_font("helvetica", size=10)
    page.set_text_color(*sheet.INK)
    page.set_draw_color(*sheet.SOFT)
    with page.table(
        col_widths=(44, 28, 28),
        width=sheet.WIDTH,
        line_height=5.2,
        padding=1.6,
        borders_layout="HORIZONTAL_LINES",
        text_align="LEFT",
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(sheet.latin(cell))
    sheet.text(page, words.half, size=9, colour=sheet.SOFT, gap=0)


def _chart(page: FPDF, told: Summary, words: Words) -> None:
    left, top = page.l_margin + 8, page.get_y() + 1
    wide = (sheet.WIDTH - 8) / len(told.nights)
    page.set_font("helvetica", size=8)
    page.set_text_color(*sheet.SOFT)
    page.set_draw_color(210, 205, 196)
    for step in (0, 5, STRONGEST):
        y = top + _CHART_HEIGHT * (1 - step / STRONGEST)
        page.line(left, y, page.l_margin + sheet.WIDTH, y)
        page.text(page.l_margin, y + 1.2, str(step))
    page.set_fill_color(*sheet.ACCENT)
    for number, night in enumerate(told.nights):
        x = left + number * wide
        if night.intensity is not None:
            high = max(_CHART_HEIGHT * night.intensity / STRONGEST, 0.4)
            page.rect(x + wide * 0.15, top + _CHART_HEIGHT - high, wide * 0.7, high, style="F")
        if night.treatment:
            page.ellipse(x + wide / 2 - 0.9, top + _CHART_HEIGHT + 1.2, 1.8, 1.8, style="F")
        if number % 7 == 0:
            page.text(x, top + _CHART_HEIGHT + 7, sheet.latin(words.day(night.day)))
    page.set_y(top + _CHART_HEIGHT + 10)


def _spans(told: Summary) -> tuple[Span, Span]:
    return told.recent, told.earlier


def _dates(span: Span, words: Words) -> str:
    return f"{words.day(span.first)} - {words.day(span.last)}"


def _spread(told: Spread | None, words: Words) -> str:
    if told is None:
        return words.nothing
    return f"{words.number(told.middle)} ({words.number(told.low)} - {words.number(told.high)})"

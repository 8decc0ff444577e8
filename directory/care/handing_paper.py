"""What somebody hands over, as a PDF: what they ticked, in the order in which they saw it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from fpdf import FPDF

from directory.care import sheet
from directory.care.handing import Handed, Period
from directory.care.nights import Spread
from directory.errors import InvalidInput
from directory.guide.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the paper says, in the reader's language. ``day`` and ``number`` write a date and a number."""

    title: str
    lead: str
    diary: str
    nights_noted: str
    intensity: str
    awake: str
    medicine: str
    iron: str
    treatments: str
    half: str
    night: str
    ticked: str
    honest: str
    medicines: str
    name: str
    dose: str
    reason: str
    answers: str
    no_answer: str
    words: str
    made_on: str
    nothing: str
    day: Callable[[date], str]
    number: Callable[[float], str]


def pages(told: Handed, words: Words) -> bytes:
    """The PDF; ``InvalidInput`` where it holds letters that we have no font for: a question mark in the name of a
    medicine would be worse than no paper."""
    written = [each for one in told.medicines for each in (one.name, one.dose, one.reason)]
    written += [each for one in told.answers for each in (one.question, one.answer)]
    if not all(map(sheet.holds, [*written, told.words])):
        raise InvalidInput(
            N_(
                "Our PDF has no letters for a part of this. Print it with your browser instead: it can save a PDF "
                "with every letter."
            ),
            field="content",
        )
    page = sheet.first_page(words.title)
    sheet.text(page, words.title, size=20, bold=True, gap=3)
    sheet.text(page, words.lead, size=10.5, colour=sheet.SOFT, gap=5)
    if told.period:
        _diary(page, told.period, words)
    if told.medicines:
        rows = [(each.name, each.dose, each.reason) for each in told.medicines]
        _table(page, words.medicines, [(words.name, words.dose, words.reason), *rows], (40, 30, 30))
    if told.answers:
        sheet.text(page, words.answers, size=13, bold=True, gap=2)
        for each in told.answers:
            sheet.text(page, each.question, size=10.5, bold=True, gap=0.5)
            sheet.text(page, each.answer or words.no_answer, size=10.5, gap=2.5)
        page.ln(3)
    if told.words:
        sheet.text(page, words.words, size=13, bold=True, gap=2)
        sheet.text(page, told.words, size=10.5, gap=5)
    sheet.text(page, words.made_on, size=9, colour=sheet.SOFT, gap=0)
    return bytes(page.output())


def _diary(page: FPDF, period: Period, words: Words) -> None:
    rows = [
        (words.nights_noted, str(len(period.nights))),
        (words.intensity, _spread(period.intensity, words)),
        (words.awake, _spread(period.awake and period.awake.in_whole, words)),
        *((said, str(period.count(name))) for name, said in _ticks(words)),
    ]
    heading = f"{words.diary}, {words.day(period.first)} - {words.day(period.last)}"
    _table(page, heading, [("", ""), *rows], (70, 30))
    sheet.text(page, words.half, size=9, colour=sheet.SOFT, gap=3)
    each = [
        (
            words.day(night.day),
            words.nothing if night.intensity is None else str(night.intensity),
            words.nothing if night.awake is None else str(night.awake),
            ", ".join(said for name, said in _ticks(words) if getattr(night, name)),
        )
        for night in period.nights
    ]
    _table(page, "", [(words.night, words.intensity, words.awake, words.ticked), *each], (32, 18, 18, 32))
    sheet.text(page, words.honest, size=10.5, gap=5)


def _ticks(words: Words) -> tuple[tuple[str, str], ...]:
    return ("medicine", words.medicine), ("iron", words.iron), ("treatment", words.treatments)


def _table(page: FPDF, heading: str, rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]) -> None:
    if heading:
        sheet.text(page, heading, size=13, bold=True, gap=1)
    page.set_font("helvetica", size=10)
    page.set_text_color(*sheet.INK)
    page.set_draw_color(*sheet.SOFT)
    heads = any(rows[0])
    with page.table(
        col_widths=widths,
        width=sheet.WIDTH,
        line_height=5,
        padding=1.2,
        borders_layout="HORIZONTAL_LINES",
        text_align="LEFT",
        first_row_as_headings=heads,
    ) as table:
        for cells in rows if heads else rows[1:]:
            row = table.row()
            for cell in cells:
                row.cell(sheet.latin(cell))
    page.ln(4)


def _spread(told: Spread | None, words: Words) -> str:
    if told is None:
        return words.nothing
    return f"{words.number(told.middle)} ({words.number(told.low)} - {words.number(told.high)})"

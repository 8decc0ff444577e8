"""The guide's pages: read, checked, rendered, searched."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pyphen
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from directory.cli.guide import guide
from directory.guide.library import checking, finding, rendering
from directory.guide.library.checking import Subject
from directory.guide.library.pages import FOLDER, InvalidPage, Page, read, read_all, shipped

HIGHEST_GRADE = 9.0
_SYLLABLES = pyphen.Pyphen(lang="en_GB")

FRONT = """---
title: A page
summary: What it says.
section: life
order: 1
reviewed_on:
reviewed_by_role:
sources_checked_on: 2026-11-01
next_check: 2027-05-01
sources:
  - id: one
    name: A source
    url: https://example.org/one
---
"""


def written(folder: Path, body: str = "It says so.[^one]\n", front: str = FRONT) -> Path:
    path = folder / "a-page.md"
    path.write_text(front + body, encoding="utf-8")
    return path


def findings(page: Page, subject: Subject, as_of: date = date(2026, 11, 26)) -> list[str]:
    return [each.what for each in checking.check(page, subject, as_of=as_of, slugs={page.slug})]


# --- the pages that come with the product ----------------------------------------------------------------------------


@pytest.mark.parametrize("subject", [Subject.SOURCES, Subject.CLAIMS, Subject.LINKS])
def test_every_page_names_its_sources_and_claims_nothing(subject: Subject) -> None:
    slugs = {page.slug for page in shipped()}
    wrong = [
        f"{found.slug}: {found.what}"
        for page in shipped()
        for found in checking.check(page, subject, as_of=page.sources_checked_on, slugs=slugs)
    ]
    assert not wrong, "\n".join(wrong)


def test_nobody_claims_a_review_without_saying_whose() -> None:
    assert all((page.reviewed_on is None) == (page.reviewed_by_role is None) for page in shipped())


@pytest.mark.parametrize("page", shipped(), ids=lambda page: page.slug)
def test_every_page_can_be_read_by_a_tired_person(page: Page) -> None:
    assert grade(page) <= HIGHEST_GRADE


def grade(page: Page) -> float:
    """The years of school a text asks for: Flesch-Kincaid (Kincaid 1975), lists and cells counted as sentences."""
    texts = [page.summary, *(block.text for block in rendering.blocks(page))]
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?:])\s+|\n", text) if re.search(r"[a-z]", part)]
    words = [word for text in sentences for word in re.findall(r"[A-Za-zäéö'’-]+", text)]
    syllables = sum(_SYLLABLES.inserted(word).count("-") + 1 for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_the_honest_sentence_is_the_one_of_the_whole_site() -> None:
    from_the_page = " ".join(block.text for block in rendering.blocks(of("evidence")))
    assert "we cannot say whether it works for you" in from_the_page
    assert "do not list it as a standard treatment" in from_the_page


def test_points_are_left_out_for_somebody_pregnant_and_the_note_stays() -> None:
    page = of("points")
    assert rendering.differs(page)
    ours, theirs = rendering.html(page, pregnant=True), rendering.html(page, pregnant=False)
    assert "Sanyinjiao" in theirs
    assert "Sanyinjiao" not in ours
    for html in (ours, theirs):
        assert "avoid before 37 weeks" in html


def of(slug: str) -> Page:
    return next(page for page in shipped() if page.slug == slug)


# --- what the check finds --------------------------------------------------------------------------------------------


def test_a_page_in_order_passes(tmp_path: Path) -> None:
    page = read(written(tmp_path))
    assert not any(findings(page, subject) for subject in Subject)


@given(days=st.integers(-400, 400))
def test_a_page_is_overdue_from_the_day_after_its_next_check(days: int) -> None:
    page = of("evidence")
    as_of = page.next_check + timedelta(days=days)
    overdue = any("checked again" in what for what in findings(page, Subject.CALENDAR, as_of))
    assert overdue == (days > 0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("2026-11-01", "2026-12-01"), "has not come yet"),
        (("next_check: 2027-05-01", "next_check: 2029-05-01"), "more than a year"),
        (("next_check: 2027-05-01", "next_check: 2026-10-01"), "not after the last"),
    ],
)
def test_days_that_cannot_be(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    page = read(written(tmp_path, front=FRONT.replace(*change)))
    assert any(complaint in what for what in findings(page, Subject.CALENDAR))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("It says so.\n", "nothing in it cites one"),
        ("It says so.[^one] And this.[^two]\n", "it cites two"),
    ],
)
def test_a_source_that_is_not_there_or_not_needed(tmp_path: Path, body: str, complaint: str) -> None:
    assert any(complaint in what for what in findings(read(written(tmp_path, body)), Subject.SOURCES))


def test_a_page_without_sources_fails(tmp_path: Path) -> None:
    front = FRONT.partition("sources:\n")[0] + "sources:\n---\n"
    assert "it names no source" in findings(read(written(tmp_path, "Words.\n", front)), Subject.SOURCES)


@pytest.mark.parametrize("where", ["body", "title", "table", "list", "alt", "link title", "picture title"])
def test_a_claim_is_found_wherever_it_stands(tmp_path: Path, where: str) -> None:
    claim = "Acupuncture cures restless legs"
    bodies = {
        "body": f"{claim}.[^one]\n",
        "table": f"| A |\n|---|\n| {claim}[^one] |\n",
        "list": f"- {claim}[^one]\n",
        "alt": f"![{claim}](/picture.png)[^one]\n",
        "link title": f'[Points](/guide/points "{claim}")[^one]\n',
        "picture title": f'![A leg](/picture.png "{claim}")[^one]\n',
        "title": "Words.[^one]\n",
    }
    front = FRONT.replace("A page", claim) if where == "title" else FRONT
    assert findings(read(written(tmp_path, bodies[where], front)), Subject.CLAIMS)


@pytest.mark.parametrize("address", ["/guide/nowhere", "https://example.org", "javascript:alert(1)"])
def test_links_lead_to_pages_of_ours(tmp_path: Path, address: str) -> None:
    page = read(written(tmp_path, f"[There]({address})[^one]\n"))
    said = findings(page, Subject.LINKS)
    # The Markdown reader makes no link at all of an address that would run something.
    assert said or "javascript:" in address
    assert "href" not in rendering.html(page, pregnant=False).replace('href="#source', "") or said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No front matter\n",
        "---\ntitle: [\n---\n",
        "---\n- a\n---\n",
        "---\n---\n",
        FRONT.replace("section: life", "section: nowhere"),
        FRONT.replace("order: 1", "order: first"),
        FRONT.replace("reviewed_on:\n", "reviewed_on: 2026-11-01\n"),
        FRONT.replace("reviewed_by_role:\n", "reviewed_by_role: neurologist\n"),
        FRONT.replace("next_check: 2027-05-01", "next_check: soon"),
        FRONT.replace("next_check: 2027-05-01\n", ""),
        FRONT.replace("https://example.org/one", "http://example.org/one"),
        FRONT.replace("title: A page", "title: A page\nunknown: 1"),
    ],
)
def test_a_file_that_is_no_page_says_which_and_why(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a-page.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidPage, match=r"a-page\.md"):
        read(path)


@given(text=st.text(max_size=200))
def test_markup_in_a_page_is_shown_as_text(text: str) -> None:
    page = of("tonight")
    hostile = Page(
        **{name: getattr(page, name) for name in Page.__slots__ if name != "body"},
        body=f"<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> {text}",
    )
    html = rendering.html(hostile, pregnant=False)
    assert "<script" not in html
    assert "<img" not in html


# --- the command -----------------------------------------------------------------------------------------------------


def check(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(guide, ["check", *arguments])
    return answer.exit_code, answer.output


def test_the_command_passes_today_and_fails_when_a_check_is_overdue() -> None:
    day = max(page.sources_checked_on for page in shipped())
    code, said = check("--as-of", day.isoformat())
    assert code == 0
    assert said.rstrip().endswith(f"{len(shipped()) * len(Subject)} passed, 0 failed")
    late = max(page.next_check for page in shipped()) + timedelta(days=1)
    code, said = check("--as-of", late.isoformat())
    assert code == 1
    assert said.rstrip().endswith(f"{len(shipped())} failed")


def test_the_command_reads_another_folder_and_counts_a_broken_file(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "guide")
    assert len(read_all(tmp_path / "guide")) == len(shipped())
    (tmp_path / "guide" / "broken.md").write_bytes(b"\xff\xfe")
    code, said = check(str(tmp_path / "guide"))
    assert code == 2
    assert "broken.md" in said
    assert said.rstrip().endswith(f"{len(shipped()) * len(Subject)} passed, 1 failed")
    (tmp_path / "empty").mkdir()
    code, said = check(str(tmp_path / "empty"))
    assert code == 2
    assert said.rstrip().endswith("0 passed, 1 failed")


# --- looking for words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("ferritin", "iron-first"),
        ("KD3", "points"),
        ("medicare", "money"),
        ("does it hurt", "questions"),
        ("augmentation", "medicines"),
        ("sp6 pregnant", "points"),
        ("pacemaker", "when-not"),
        ("superbill", "money"),
        ("awake at night", "tonight"),
        ("bruises", "side-effects"),
    ],
)
def test_the_page_that_answers_is_found(words: str, slug: str) -> None:
    assert slug in [found.slug for found in finding.find(words)][:6]


@given(words=st.text(max_size=300))
def test_whatever_is_typed_is_taken_as_words(words: str) -> None:
    for found in finding.find(words):
        assert any(page.slug == found.slug for page in shipped())


def test_nothing_is_found_for_nothing() -> None:
    assert finding.find("") == finding.find('" * (-') == finding.find("xyzzyx") == []


def test_what_was_looked_for_is_marked() -> None:
    first = finding.find("ferritin")[0]
    assert any(
        piece.hit and piece.text.lower() == "ferritin" for found in finding.find("ferritin") for piece in found.excerpt
    )
    assert first.title

"""What letters say, and what they cannot be made to say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.mail.letters import Letter, Link, Worded, discreet, phrase, say, word

PLAIN = Letter(purpose="hello", subject="A short word", paragraphs=("Hello.",))


def test_days_and_numbers_are_written_as_the_recipients_country_does() -> None:
    letter = Letter(
        purpose="hello",
        subject="A short word",
        paragraphs=(say("Until %(day)s, %(many)s times.", day=date(2026, 11, 3), many=12345),),
    )
    assert word(letter, "en_GB").paragraphs == ("Until 3 November 2026, 12,345 times.",)
    assert word(letter, "en-US").paragraphs == ("Until November 3, 2026, 12,345 times.",)


@pytest.mark.parametrize("language", ["", "xx", "de_DE", "../../etc", "en_GB\r\n", "x" * 500])
def test_a_language_that_we_do_not_speak_is_american_english(language: str) -> None:
    assert word(PLAIN, language).language == "en_US"


def test_a_letter_in_a_language_nobody_fluent_has_read_says_so_and_says_all_again_in_english() -> None:
    letter = Letter(purpose="hello", subject="Hello", paragraphs=("Yes", say("Police")), closing=("Not yet",))
    spanish = word(letter, "es")
    assert spanish.paragraphs == ("Sí", "Policía")
    assert spanish.closing[0] == "Todavía no"
    assert "Nadie que hable español con fluidez" in spanish.closing[1]
    assert spanish.closing[2:] == ("Yes", "Police", "Not yet")
    assert word(letter, "en_GB").closing == ("Not yet",)


def test_a_sentence_inside_a_sentence_is_put_into_words_too() -> None:
    assert phrase(say("It is %(what)s.", what=say("done on %(day)s", day=date(2026, 1, 2))), "en_GB") == (
        "It is done on 2 January 2026."
    )


def test_what_is_written_comes_back_out_of_the_outbox() -> None:
    letter = Letter(
        purpose="hello",
        subject="A short word",
        paragraphs=("One.", "Two."),
        link=Link("Look", "/account/confirm/x?y=z"),
        closing=("Three.",),
    )
    worded = word(letter, "en_GB")
    assert Worded.from_json(worded.to_json()) == worded
    assert (worded.label, worded.path) == ("Look", "/account/confirm/x?y=z")


@given(st.text(max_size=400))
def test_what_somebody_typed_stays_inside_its_line(typed: str) -> None:
    (said,) = word(
        Letter(purpose="hello", subject="A short word", paragraphs=(say("Dear %(name)s, hello.", name=typed),)), "en_GB"
    ).paragraphs
    assert len(said.splitlines()) == 1
    assert said.startswith("Dear ")
    assert said.endswith(", hello.")
    assert not set(said) & set("\r\n\x00\u2028\u202e\u2066")
    said.encode()


@pytest.mark.parametrize(
    "subject",
    [
        "",
        " ",
        "Your restless legs",
        "About RLS",
        "Your pregnancy declaration",
        "New acupuncturist near you",
        "Your licence ends soon",
        "Your registration",
        "Hello %(name)s",
        "Two\r\nBcc: everybody@example.org",
        "An appointment",
    ],
)
def test_a_subject_that_others_must_not_read_is_refused(subject: str) -> None:
    assert not discreet(subject)
    with pytest.raises(ValueError, match="subject"):
        Letter(purpose="hello", subject=subject, paragraphs=("Hello.",))


@pytest.mark.parametrize(
    "path",
    ["", "account", "//evil.example", "https://evil.example/", "/a b", "/a\r\nb", "/é", "javascript:alert(1)", "/" * 2],
)
def test_a_letter_links_to_nobody_else(path: str) -> None:
    with pytest.raises(ValueError, match="our own site"):
        Link("Look", path)


@pytest.mark.parametrize("purpose", ["", "Confirm", "confirm address", "x" * 49, "a\n"])
def test_a_purpose_is_a_code(purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose"):
        Letter(purpose=purpose, subject="A short word", paragraphs=("Hello.",))


def test_a_letter_says_something() -> None:
    with pytest.raises(ValueError, match="says something"):
        Letter(purpose="hello", subject="A short word", paragraphs=())

"""In which form a resource is wanted, how much of it, and how it is written."""

from __future__ import annotations

import json
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st

from directory.api.fhir import formats, names, seals
from directory.api.fhir import terminology as codes
from directory.api.fhir.elements import line, made, narrative, text, version, web_address
from directory.api.fhir.formats import Form, Part, Summary, Unacceptable
from directory.practitioners.terms import Profession


@pytest.mark.parametrize(
    ("asked", "accept", "form"),
    [
        (None, None, Form.JSON),
        (None, "", Form.JSON),
        (None, "*/*", Form.JSON),
        (None, "application/*", Form.JSON),
        (None, "application/fhir+xml", Form.XML),
        (None, "application/xml;q=0.2, application/json;q=0.1", Form.XML),
        (None, "application/fhir+json;q=0, */*", Form.XML),
        (None, "application/fhir+xml, application/fhir+json", Form.XML),
        (None, "*/*;q=1, application/fhir+xml;q=1", Form.XML),
        (None, "application/fhir+xml; fhirVersion=4.0", Form.XML),
        (None, "text/html, */*;q=0.1", Form.JSON),
        (None, "application/fhir+xml;q=nonsense, application/json;q=0.1", Form.JSON),
        ("json", "application/fhir+xml", Form.JSON),
        ("application/fhir xml", None, Form.XML),
        ("text/xml", None, Form.XML),
        ("application/fhir+json; fhirVersion=4.0", None, Form.JSON),
    ],
)
def test_the_form(asked: str | None, accept: str | None, form: Form) -> None:
    assert formats.form(asked, accept) is form


@pytest.mark.parametrize(
    ("asked", "accept"),
    [
        ("ttl", None),
        ("application/fhir+json; fhirVersion=3.0", None),
        (None, "text/turtle"),
        (None, "application/fhir+json; fhirVersion=5.0"),
        (None, "application/fhir+json;q=0"),
        (None, "*/*;q=0"),
    ],
)
def test_a_form_that_nobody_writes(asked: str | None, accept: str | None) -> None:
    with pytest.raises(Unacceptable) as refused:
        formats.form(asked, accept)
    assert refused.value.status == 406


@given(st.text(max_size=80))
def test_no_header_is_too_odd(accept: str) -> None:
    with suppress(Unacceptable):
        assert formats.form(None, accept) in Form


def test_what_fhir_demands_is_never_left_out() -> None:
    check = {"resourceType": "VerificationResult", "id": "1", "meta": {}, "status": "validated", "statusDate": "2026"}
    assert formats.reduced(check, Part(elements=frozenset({"need"}))).keys() == {"resourceType", "id", "meta", "status"}
    assert formats.reduced(check, Part()) is check
    assert formats.reduced(check, Part(Summary.COUNT)) is check
    assert "tag" not in check["meta"]


def test_elements_may_name_their_type_and_must_be_of_one_that_is_asked_for() -> None:
    assert formats.part(None, ["Location.name,id", "status"], ["Location"]).elements == {"name", "id", "status"}
    for odd in ("Practitioner.name", "nothing", "name.text"):
        with pytest.raises(Unacceptable):
            formats.part(None, [odd], ["Location"])


TEXTS = st.text(min_size=1, max_size=40).map(text).filter(bool)


@given(name=TEXTS, comment=TEXTS)
def test_what_is_written_in_xml_is_read_again(name: str, comment: str) -> None:
    resource = {
        "resourceType": "HealthcareService",
        "id": "7",
        "text": narrative([name, comment]),
        "extension": [{"url": f"http://x/?a={len(name)}&b", "valueString": name}],
        "active": True,
        "name": name,
        "comment": comment,
        "appointmentRequired": False,
    }
    root = ElementTree.fromstring(formats.as_xml(resource))
    space = {"f": "http://hl7.org/fhir"}

    def value(path: str) -> str:
        found = root.find(path, space)
        assert found is not None
        return found.get("value", "")

    assert (value("f:name"), value("f:comment"), value("f:active")) == (name, comment, "true")
    assert value("f:extension/f:valueString") == name
    assert json.loads(formats.as_json(resource)) == resource
    get_fhir_model_class("HealthcareService").model_validate(resource)


def test_xml_keeps_what_json_keeps_beside_a_value() -> None:
    resource = {
        "resourceType": "Practitioner",
        "birthDate": "1970-01-01",
        "_birthDate": {"extension": [{"url": "http://x", "valueBoolean": True}]},
        "name": [{"given": ["A", None], "_given": [None, {"extension": [{"url": "http://y", "valueDecimal": 1.5}]}]}],
    }
    model = get_fhir_model_class("Practitioner").model_validate_xml(formats.as_xml(resource))
    assert json.loads(model.model_dump_json()) == resource


def test_a_bundle_holds_resources_in_both_forms() -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 0,
        "entry": [
            {"resource": {"resourceType": "Location", "id": "1", "name": "A"}, "search": {"mode": "match"}},
            {"resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]}},
        ],
    }
    model = get_fhir_model_class("Bundle").model_validate_xml(formats.as_xml(bundle))
    assert json.loads(model.model_dump_json()) == bundle


# --- small parts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "family", "given", "prefix", "suffix"),
    [
        ("Juniper Underhill", "Underhill", ("Juniper",), (), ()),
        ("Ana de la Cruz", "de la Cruz", ("Ana",), (), ()),
        ("Dr. Charlotte L. Vale, L.Ac.", "Vale", ("Charlotte", "L."), ("Dr.",), ("L.Ac.",)),
        ("Sammy Davis Jr.", "Davis", ("Sammy",), (), ("Jr.",)),
        ("李明", "李明", (), (), ()),
        ("Madonna", "Madonna", (), (), ()),
        ("د. سلمى المنصوري", "المنصوري", ("سلمى",), ("د.",), ()),
        ("van Gogh", "Gogh", ("van",), (), ()),
        (",", ",", (), (), ()),
    ],
)
def test_a_name_is_taken_apart(
    written: str, family: str, given: tuple[str, ...], prefix: tuple[str, ...], suffix: tuple[str, ...]
) -> None:
    assert names.split(written) == names.Name(family, given, prefix, suffix)


@given(st.text(min_size=1).filter(str.strip))
def test_everybody_has_a_family_name(written: str) -> None:
    assert names.split(written).family


def test_only_a_licence_makes_a_doctor_of_oriental_medicine() -> None:
    acupuncturist = Profession.ACUPUNCTURIST
    assert codes.role(acupuncturist, "US-NM", None)[0] == "om"
    assert codes.role(acupuncturist, "US-NV", "Doctor of Oriental Medicine, O.M.D.")[0] == "om"
    assert codes.role(acupuncturist, "US-NV", "Licensed Acupuncturist")[0] == "os"
    assert codes.role(acupuncturist, "US-CA", "Doctor of Oriental Medicine")[0] == "os"
    assert codes.role(Profession.PHYSICIAN, "US-NM", "Doctor of Oriental Medicine")[0] == "ph"


def test_what_is_empty_is_left_out_and_what_is_zero_or_no_is_kept() -> None:
    assert made(a=None, b="", c=[], d={}, e=0, f=False, g=0.0, h="x") == {"e": 0, "f": False, "g": 0.0, "h": "x"}


@given(st.text())
def test_a_text_is_one_that_xml_can_say(value: str) -> None:
    said = text(value)
    assert said is None or ElementTree.fromstring(f"<a>{narrative([said])['div']}</a>") is not None
    assert line(value) is None or "\n" not in str(line(value))


def test_only_addresses_of_the_web_are_addresses() -> None:
    assert web_address(" https://example.org/a ") == "https://example.org/a"
    for odd in ("javascript:alert(1)", "https://", "https://a b", "http://[", "ftp://x", "", None):
        assert web_address(odd) is None


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_a_later_stamp_is_a_larger_version(one: object, other: object) -> None:
    first, second = sorted((one, other))  # type: ignore[type-var]
    assert int(version(first)) <= int(version(second))  # type: ignore[arg-type]


@given(st.text(max_size=60))
def test_a_seal_that_was_not_set_here_opens_nothing(token: str) -> None:
    assert seals.opened(token, purpose="history", secret="s") is None


def test_a_seal_opens_what_it_was_set_for() -> None:
    token = seals.sealed({"a": 1}, purpose="history", secret="s")
    assert seals.opened(token, purpose="history", secret="s") == {"a": 1}
    assert seals.opened(token, purpose="export", secret="s") is None
    assert seals.opened(token, purpose="history", secret="t") is None
    for at in range(len(token)):
        bent = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert seals.opened(bent, purpose="history", secret="s") in (None, {"a": 1})

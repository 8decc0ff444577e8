"""The table of open data, its dictionary and its description say the same, and a spreadsheet is safe with it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from config import Config
from directory.app import DirectoryApp
from directory.search import shown
from directory.web.data import table
from directory.web.data.columns import COLUMNS
from directory.web.data.writing import cell
from tests.web import population
from tests.web.client import Client
from tests.web.conftest import Clock

TABLE = "/data/practitioners.csv"
DESCRIPTION = "/data/practitioners.csv-metadata.json"
PACKAGE = "/data/datapackage.json"


def rows(client: Client) -> list[dict[str, str]]:
    answer = client.inner.get(TABLE)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.get_data().decode("utf-8")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def described(client: Client) -> dict[str, Any]:
    answer = client.inner.get(DESCRIPTION)
    assert answer.mimetype == "application/csvm+json"
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def packaged(client: Client) -> dict[str, Any]:
    answer = client.inner.get(PACKAGE)
    assert answer.mimetype == "application/vnd.datapackage+json"
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def of(client: Client, name: str) -> dict[str, str]:
    return next(each for each in rows(client) if each["name"] == name)


def test_a_row_says_what_the_profile_says(client: Client, config: Config) -> None:
    row = of(client, "Whole Pregnancy")
    assert row["title"] == "Licensed Acupuncturist"
    assert row["jurisdiction"] == "US-OR"
    assert (row["paper_kind"], row["paper_body"]) == ("statutory_licence", "Oregon Medical Board")
    assert (row["paper_status"], row["paper_checked_on"]) == ("active", "2026-11-03")
    assert row["paper_check_method"] == "primary_source"
    assert (row["street"], row["locality"], row["country"]) == ("100 Burnside Street", "Portland", "US")
    assert (row["latitude"], row["longitude"]) == ("45.5145", "-122.61733")
    assert row["telephone"] == "tel:+15035550142"
    assert row["fictional"] == "true"
    assert row["listed_since"] == "2026-11-14"
    assert client.get(row["profile"].removeprefix(config.site_url))


def test_only_who_is_shown_stands_in_it(client: Client, shared_clock: Clock) -> None:
    names = [each["name"] for each in rows(client)]
    assert len(names) == len(set(names)) > population.CROWD
    assert not {"Lapsed Yesterday", "Under A Ban", "Not Published"} & set(names)
    shared_clock.now = population.NOW + timedelta(days=365)
    assert rows(client) == []


def test_a_hidden_home_is_an_area(client: Client) -> None:
    row = of(client, "Hidden Home")
    assert (row["hidden_home"], row["street"], row["point_precision"]) == ("true", "", "area")
    assert "Secret" not in client.inner.get(TABLE).get_data(as_text=True)


def test_nobodys_experience_or_health_is_told(client: Client) -> None:
    told = " ".join(column.name for column in COLUMNS)
    assert not [word for word in ("rls", "pregnan", "price", "patients", "weeks", "gender") if word in told]


def test_the_description_and_the_page_name_the_very_fields_of_the_table(client: Client) -> None:
    header = list(rows(client)[0])
    schema = described(client)["tableSchema"]
    assert [each["name"] for each in schema["columns"]] == header
    assert [each["titles"] for each in schema["columns"]] == header
    assert all(each["dc:description"] and each["dc:provenance"] for each in schema["columns"])
    fields = packaged(client)["resources"][0]["schema"]["fields"]
    assert [each["name"] for each in fields] == header
    assert all(each["title"] and each["description"] and each["provenance"] for each in fields)
    page = client.get("/data")
    fields = [page.words(each) for each in page.all("th") if each.get("scope") == "row"]
    assert fields == header
    assert "CC BY 4.0" in page.words()
    told = page.words()
    assert all(each.value in told for column in COLUMNS for each in column.choices or ()), "the words of a choice"


DATATYPES = {
    "integer": int,
    "decimal": float,
    "date": date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def test_every_value_is_of_the_kind_that_the_description_names(client: Client) -> None:
    columns = described(client)["tableSchema"]["columns"]
    keys = set()
    for row in rows(client):
        keys.add(row["place_id"])
        lengths = set()
        for column in columns:
            value = row[column["name"]]
            assert value or not column["required"], column["name"]
            values = value.split(column["separator"]) if "separator" in column else [value]
            kind = column["datatype"]
            for each in filter(None, values):
                if isinstance(kind, dict):
                    assert re.fullmatch(kind["format"], each), column["name"]
                else:
                    DATATYPES.get(kind, str)(each)
            if column["name"].startswith("paper_"):
                lengths.add(len(values))
        assert len(lengths) == 1, "the fields of papers speak of the same papers in the same order"
    assert len(keys) == len(rows(client))


def test_every_value_is_what_the_package_allows(client: Client) -> None:
    package = packaged(client)
    (resource,) = package["resources"]
    assert resource["path"] == TABLE.rpartition("/")[2]
    assert [each["name"] for each in package["licenses"]] == ["CC-BY-4.0"]
    read = rows(client)
    for field in resource["schema"]["fields"]:
        constraints = field.get("constraints", {})
        for value in (row[field["name"]] for row in read):
            assert value or not constraints.get("required"), field["name"]
            assert not value or value in constraints.get("enum", [value]), field["name"]
            assert not value or re.fullmatch(constraints.get("pattern", ".*"), value, re.DOTALL), field["name"]
    assert {"enum", "pattern", "required"} <= {
        name for each in resource["schema"]["fields"] for name in each.get("constraints", ())
    }


def test_it_comes_compressed_and_whole(client: Client) -> None:
    plain = client.inner.get(TABLE)
    packed = client.inner.get(TABLE, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.get_data()) < len(plain.get_data()) / 3
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    again = client.inner.get(TABLE, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", [TABLE, DESCRIPTION, PACKAGE])
def test_scripts_of_any_site_may_read_it_and_it_is_the_same_for_everybody(client: Client, path: str) -> None:
    client.submit(client.get("/"), "/", {"place": "97214", "pregnancy": "yes"})
    answer = client.inner.get(path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
    assert client.inner.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "Access-Control-Allow-Origin" not in client.inner.get("/data").headers


def test_numbers_are_dialled_from_anywhere(client: Client) -> None:
    numbers = {each["telephone"] for each in rows(client)} - {""}
    assert numbers
    assert all(re.fullmatch(r"tel:\+[0-9]{8,15}", each) for each in numbers)


def test_the_parts_make_the_same_table(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.inner.get(TABLE).get_data()
    monkeypatch.setattr(table, "BATCH", 7)
    assert client.inner.get(TABLE).get_data() == whole
    assert shown.BATCH > 7


def test_statements_grow_with_batches_and_not_with_people(
    site: DirectoryApp, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.inner.get(TABLE).get_data()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0].upper() in ("SELECT", "WITH"):
            statements.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", note)
    try:
        client.inner.get(TABLE).get_data()
        in_one = len(statements)
        statements.clear()
        monkeypatch.setattr(table, "BATCH", 20)
        client.inner.get(TABLE).get_data()
    finally:
        event.remove(site.database.engine, "before_cursor_execute", note)
    assert in_one <= 6
    batches = -(-len(rows(client)) // 20)
    assert len(statements) <= in_one + 2 * (batches - 1)


def test_who_has_it_need_not_read_it_again(client: Client, shared_clock: Clock) -> None:
    first = client.inner.get(TABLE)
    by_tag, by_day = {"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}
    again = client.inner.get(TABLE, headers=by_tag)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert client.inner.get(TABLE, headers=by_day).status_code == 200, "a day does not know who went since"
    shared_clock.now = population.NOW + timedelta(days=1)
    for asked in (by_tag, by_day):
        assert client.inner.get(TABLE, headers=asked).status_code == 200
    for nonsense in ("x", '"', "*x", "W/", '"\x7f"'):
        assert client.inner.get(TABLE, headers={"If-None-Match": nonsense}).status_code == 200


@pytest.mark.parametrize("asked", [{}, {"Accept-Encoding": "gzip"}], ids=["plain", "packed"])
def test_a_database_that_goes_away_leaves_no_file_that_looks_whole(
    site: DirectoryApp, client: Client, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str]
) -> None:
    """A server that cannot go on breaks the connection off; here the failure comes through."""
    monkeypatch.setattr(table, "BATCH", 5)
    answer = client.inner.get(TABLE, buffered=False, headers=asked)
    parts = answer.iter_encoded()
    assert next(parts)
    if not asked:
        next(parts)

    def refuse(*_: object) -> None:
        raise ConnectionError("the database is gone")

    event.listen(site.database.engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(ConnectionError):
            list(parts)
    finally:
        event.remove(site.database.engine, "before_cursor_execute", refuse)
        answer.close()


@pytest.mark.parametrize(
    "typed", ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0", "+", "\n@x"]
)
def test_what_a_spreadsheet_would_compute_is_text(typed: str) -> None:
    assert cell(typed).startswith("'")


@given(st.text(max_size=80))
def test_no_text_becomes_a_formula_and_none_is_lost(typed: str) -> None:
    written = cell(typed)
    assert not written.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert written.removeprefix("'") == typed.replace("\x00", "").removeprefix("'")


def test_numbers_stay_numbers() -> None:
    assert [cell(each) for each in (-122.5, 20.0, 0, True, None)] == ["-122.5", "20", "0", "true", ""]

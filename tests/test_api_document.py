"""The API keeps what its document says: made from the code, valid OpenAPI, and nothing that is sent breaks either."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.definitions import OPENAPI_31

from prizewatch.api_schema import EXAMPLE, NOT_GIVEN, document, given_fields, validator
from prizewatch.fields import TABLES
from prizewatch.rules import every_rule, known_codes
from prizewatch.store import Register
from prizewatch.vocabulary import code_lists
from tests.conftest import NOW, settings_for
from tests.programs import Program, application

SCHEMAS = {"dispute": "Report", "stage_event": "StageEvent", "evidence": "Evidence"}
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def open_door(house: Path) -> Iterator[Register]:
    """A register that takes any number of reports."""
    path = house / "open_door.duckdb"
    with Register.open(path, settings_for(path, REPORTS_PER_DAY="0", PUBLIC_URL="https://example.org"), now=NOW) as it:
        yield it


def test_the_document_is_valid_openapi_and_so_are_its_schemas() -> None:
    jsonschema.Draft202012Validator(OPENAPI_31).validate(document())
    for schema in document()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document())))
    assert refs == document()["components"]["schemas"].keys()


def test_every_field_code_and_rule_stands_in_the_document() -> None:
    for table, name in SCHEMAS.items():
        schema = document()["components"]["schemas"][name]
        fields = {f.name for f in TABLES[table]} - NOT_GIVEN[table]
        assert schema["properties"].keys() - {"stage_events", "evidence"} == fields
        assert schema["additionalProperties"] is False
        for field in given_fields(table):
            own = schema["properties"][field.name]
            assert own["description"]
            assert (field.name in schema["required"]) == field.required
            codes = own.get("items", own).get("enum") if field.codes else None
            if codes is not None:
                assert tuple(codes) == known_codes(field)
                for code in codes:
                    entry = code_lists().get(field.codes, {}).get(code)
                    told = own.get("items", own)["description"]
                    assert entry is None or f"`{code}`: {entry.zh} / {entry.en}" in told
    assert document()["x-rules"].keys() <= every_rule().keys()
    assert {"prize_value.type", "event.outcome.code", "stage_events.required"} <= document()["x-rules"].keys()


def test_the_document_tells_of_the_data_and_of_ranges() -> None:
    about = document()["info"]["description"]
    assert all(word in about for word in ("Open data", "公开数据", "CC BY 4.0", "HEAD"))
    for address, at in document()["paths"].items():
        told = {"206", "416"} <= at.get("get", {}).get("responses", {}).keys()
        assert told == (
            address.rpartition(".")[2] in ("csv", "parquet", "md", "zip")
            or "datapackage" in address
            or "{name}" in address
        ), address
    assert {"406", "503"} <= document()["paths"]["/api/v1/openapi.json"]["get"]["responses"].keys()


def test_the_document_is_served_with_a_print_of_itself(open_door: Register) -> None:
    program = Program(lambda: open_door)
    first = program.ask("GET", "/api/v1/openapi.json")
    assert first.json() == json.loads(json.dumps(document("https://example.org")))
    assert first.json()["servers"] == [{"url": "https://example.org"}]
    for tag, status in ((first.headers["etag"], 304), (f'W/{first.headers["etag"]}, "x"', 304), ('"x"', 200)):
        again = program.ask("GET", "/api/v1/openapi.json", headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"]) == (status, first.headers["etag"])
    assert program.ask("HEAD", "/api/v1/openapi.json").status_code == 200


def test_the_example_keeps_the_schema() -> None:
    assert list(validator().iter_errors(EXAMPLE)) == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_command_of_the_readme_is_the_example(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    (command,) = re.findall(r"```sh\n(curl [^`]*)```", text)
    (body,) = re.findall(r"<<'JSON'\n(.*)\nJSON", command, re.DOTALL)
    assert json.loads(body) == EXAMPLE
    headers = dict(re.findall(r'-H "?([\w-]+): ([^"\n]+?)"? ', command))
    assert headers.keys() == {"Content-Type", "Idempotency-Key"}


class Door:
    """A register in memory that takes any number of reports; opened by the first request, closed by the fixture."""

    register: Register | None = None

    @classmethod
    def open(cls) -> Register:
        if cls.register is None:
            cls.register = Register.open(
                None, settings_for(Path("none"), REPORTS_PER_DAY="0", LOOKUPS_PER_10_MIN="0"), now=NOW
            )
        return cls.register


@pytest.fixture
def door() -> Iterator[type[Door]]:
    yield Door
    if Door.register:
        Door.register.close()
        Door.register = None


#: Operations that may answer 404: what is asked for by name, number or code may not be there, nor may the files of a
#: release before the first one; a register of public records answers no look-up.
MAY_BE_MISSING = [
    f"get_{what}{of}"
    for what in ("csv", "parquet", "json", "datapackage", "readme", "release")
    for of in ("", "_of_release")
] + ["get_organizer", "look_up_handle"]


def test_not_there_is_an_answer_only_where_the_document_says_so() -> None:
    told = {o["operationId"] for at in document()["paths"].values() for o in at.values() if "404" in o["responses"]}
    assert told == set(MAY_BE_MISSING)


GENERATED = schemathesis.openapi.from_asgi(
    "/api/v1/openapi.json",
    application(Door.open),
    config=SchemathesisConfig.from_dict(
        {
            "seed": 20261128,
            "generation": {"deterministic": True},
            # One request for every bound of every field takes minutes; tests of our own go through the kinds of faults.
            "phases": {"coverage": {"enabled": False}},
            # What keeps the schema is taken, but for what the document says of an operation: a report may break a rule,
            # such as a refusal before the claim; what is asked for may not be there, nor the range of a file.
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx"]}},
            "operations": [
                {"include-operation-id": ids, "checks": {"positive_data_acceptance": {"expected-statuses": statuses}}}
                for ids, statuses in (
                    (MAY_BE_MISSING, ["2xx", "404", "416"]),
                    (["file_reports"], ["2xx", "409", "422"]),
                )
            ],
        }
    ),
)


@GENERATED.parametrize()
@hypothesis_settings(max_examples=40, database=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_program_sends_the_answer_is_one_of_the_document(case: schemathesis.Case, door: type[Door]) -> None:
    """No 5xx, right types, headers and bodies; what breaks the schema is refused, and the example is taken."""
    response = case.call_and_validate()
    if case.meta is not None and case.meta.phase.name == "examples" and case.method == "POST":
        assert response.status_code in (200, 201), response.text

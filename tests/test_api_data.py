"""The files over HTTP: the bytes of the release by every way of asking, and what is told when there is none."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from prizewatch import releases
from prizewatch.datasets import NAMES
from prizewatch.releases import Release
from prizewatch.scheduler import QUIET, Scheduler
from prizewatch.store import Register
from tests.canaries import found_in, plant
from tests.conftest import NOW, settings_for
from tests.programs import Program

V1 = "/api/v1"
CSV = f"{V1}/datasets/organizers.csv"
EN = {"Accept-Language": "en", "Accept-Encoding": "identity"}
WHOLE = {"datapackage.json": "datapackage", "README.md": "readme", "release.zip": "zip"}
#: Every address of a file, and where it lies in a release.
FILES = {
    **{f"datasets/{name}.{kind}": (name, kind) for name in NAMES for kind in ("csv", "parquet", "json")},
    **{file: ("release", kind) for file, kind in WHOLE.items()},
}


@pytest.fixture(scope="module")
def program(canaries: Register) -> Program:
    return Program(lambda: canaries)


@pytest.fixture(scope="module")
def release(canaries: Register, program: Program) -> Release:
    assert releases.latest(canaries) is None
    assert get(program, CSV).status_code == 200, "the first who asks has it made"
    made = releases.latest(canaries)
    assert made is not None
    return made


def get(program: Program, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Any:
    return program.ask(method, path, headers=EN | (headers or {}))


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_the_file_of_the_release(file: str, program: Program, release: Release) -> None:
    content = releases.read(release, *FILES[file]).read_bytes()
    for path in (f"{V1}/{file}", f"{V1}/releases/{release.number}/{file}"):
        plain, packed = get(program, path), get(program, path, {"Accept-Encoding": "gzip"})
        assert (plain.status_code, plain.content) == (200, content)
        assert (packed.status_code, packed.content) == (200, content)
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert plain.headers["content-length"] == str(len(content))
        assert int(packed.headers["content-length"]) != len(content)
        assert hashlib.sha256(content).hexdigest().startswith(plain.headers["etag"].strip('"'))
        assert plain.headers["content-location"] == f"{V1}/releases/{release.number}/{file}"
        assert plain.headers["x-content-type-options"] == "nosniff"
        head = get(program, path, method="HEAD")
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(content)))
        assert head.headers["etag"] == plain.headers["etag"]
    kind = plain.headers["content-type"].partition(";")[0]
    assert kind == {
        "csv": "text/csv", "json": "application/json", "md": "text/markdown", "zip": "application/zip",
        "parquet": "application/vnd.apache.parquet",
    }[file.rpartition(".")[2]]  # fmt: skip
    assert ("content-disposition" in plain.headers) == (kind != "application/json")


def test_the_newest_is_asked_for_again_soon_and_a_numbered_one_rarely(program: Program, release: Release) -> None:
    assert get(program, CSV).headers["cache-control"] == "public, max-age=300"
    assert (
        get(program, f"{V1}/releases/{release.number}/release.zip").headers["cache-control"] == "public, max-age=86400"
    )


@pytest.mark.parametrize("file", [*FILES, "datasets", "releases", "datasets/monthly.json?limit=5"])
def test_what_has_not_changed_is_not_sent_again(file: str, program: Program, release: Release) -> None:
    for encoding in ("identity", "gzip"):
        own = {"Accept-Encoding": encoding}
        tag = get(program, f"{V1}/{file}", own).headers["etag"]
        if file in FILES:
            numbered = f"{V1}/releases/{release.number}/{file}"
            assert get(program, numbered, own | {"If-None-Match": tag}).status_code == 304, "by its number too"
        for asked, status in ((tag, 304), (f'W/{tag}, "x"', 304), ("*", 304), ('"x"', 200), (f"{tag[:-1]}", 200)):
            response = get(program, f"{V1}/{file}", own | {"If-None-Match": asked})
            assert (response.status_code, response.headers["etag"]) == (status, tag), asked
            assert bool(response.content) == (status == 200)
    assert get(program, f"{V1}/{file}", {"If-None-Match": "*"}, "HEAD").status_code == 304


def test_a_range_of_a_file_is_that_part_of_it(program: Program, release: Release) -> None:
    content = releases.read(release, "organizers", "csv").read_bytes()
    size = len(content)
    for asked, part in (
        ("bytes=0-9", content[:10]), ("bytes=10-", content[10:]), ("bytes=-7", content[-7:]),
        ("bytes=5-5", content[5:6]), (f"bytes=0-{10 * size}", content), (f"bytes=-{10 * size}", content),
    ):  # fmt: skip
        response = get(program, CSV, {"Range": asked, "Accept-Encoding": "gzip"})
        assert (response.status_code, response.content) == (206, part), asked
        assert response.headers["content-range"].endswith(f"/{size}")
    for asked in (f"bytes={size}-", "bytes=9-3", "bytes=-0"):
        response = get(program, CSV, {"Range": asked})
        assert (response.status_code, response.json()["error"]) == (416, "range"), asked
        assert response.headers["content-range"] == f"bytes */{size}"
    for asked in ("rows=1-2", "bytes=0-1,5-6", "bytes", "bytes=a-b", "bytes=--1"):
        response = get(program, CSV, {"Range": asked})
        assert (response.status_code, response.content) == (200, content), f"{asked} is left aside"
    tag = get(program, CSV).headers["etag"]
    for condition, status in ((tag, 206), ('"older"', 200)):
        assert get(program, CSV, {"Range": "bytes=0-3", "If-Range": condition}).status_code == status


def test_rows_come_page_by_page_until_the_last(program: Program, release: Release) -> None:
    file = "datasets/resolution_by_type_and_stage.json"
    whole = json.loads(releases.read(release, "resolution_by_type_and_stage", "json").read_bytes())
    rows: list[Any] = []
    address: str | None = f"{V1}/{file}?limit=5"
    while address:
        response = get(program, address)
        said = response.json()
        assert [said[name] for name in ("name", "total", "as_of")] == [
            whole[name] for name in ("name", "total", "as_of")
        ]
        assert said["offset"] == len(rows)
        assert response.headers.get("link") == (f'<{said["next"]}>; rel="next"' if said["next"] else None)
        rows += said["rows"]
        address = said["next"]
    assert len(rows) > 5
    assert rows == whole["rows"]
    own = get(program, f"{V1}/releases/{release.number}/{file}?limit=5")
    assert own.json()["next"] == f"{V1}/releases/{release.number}/{file}?offset=5&limit=5"
    assert get(program, f"{V1}/{file}?offset=99999").json()["rows"] == []
    assert get(program, f"{V1}/{file}?offset=0", {"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize(
    ("paths", "status", "error"),
    [
        (("datasets/monthly.json?limit=0", "datasets/monthly.json?limit=1001"), 400, "parameter_number"),
        (("datasets/monthly.json?offset=x", "datasets/monthly.json?offset=-1"), 400, "parameter_number"),
        (("datasets/monthly.json?x=1",), 400, "parameter_unknown"),
        (("datasets/monthly.csv?limit=5", "datasets?x=1", "release.zip?offset=1"), 400, "parameter_none"),
        (("datasets/disputes.csv", "datasets/monthly.xlsx", "datasets/monthly"), 404, "no_file"),
        (("datasets/release.json", "datasets/.csv", "datasets/monthly.csv.gz"), 404, "no_file"),
        (("releases/999/release.zip", "releases/0/datasets/monthly.csv"), 404, "no_release"),
        (("releases/999999999999999999999/release.zip",), 404, "no_release"),
        (("releases/1/release.json", "releases/x/release.zip", "releases/-1/release.zip"), 404, "not_found"),
        (("datasets/..%2frelease.json", "datasets/", "releases/1"), 404, "not_found"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(
    paths: tuple[str, ...], status: int, error: str, program: Program, release: Release
) -> None:
    for path in paths:
        response = get(program, f"{V1}/{path}")
        assert (response.status_code, response.json()["error"]) == (status, error), path
        assert response.json()["message"].endswith(".")
        assert response.headers["cache-control"] == "no-store"
        assert re.search(r"[\u4e00-\u9fff]", program.ask("GET", f"{V1}/{path}").json()["message"])


def test_other_methods_and_types_are_told(program: Program, release: Release) -> None:
    for path in (CSV, f"{V1}/datasets", f"{V1}/releases", f"{V1}/release.zip"):
        response = get(program, path, method="POST")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert get(program, path, {"Accept": "image/png"}).status_code == 406
        assert get(program, path, {"Accept": "image/png, */*;q=0.1"}).status_code == 200
    assert get(program, CSV, {"Accept": "text/*"}).status_code == 200
    assert "text/csv" in get(program, CSV, {"Accept": "application/json"}).json()["message"]


def test_pages_of_other_sites_may_read_it(program: Program, release: Release) -> None:
    origin = {"Origin": "https://example.org"}
    paths = (
        CSV, f"{V1}/datasets", f"{V1}/releases/1/release.zip", f"{V1}/datasets/none.csv", f"{V1}/datasets?x=1",
        f"{V1}/openapi.json", f"{V1}/health",
    )  # fmt: skip
    assert get(program, f"{V1}/nothing", origin).headers["access-control-allow-origin"] == "*"
    for path in paths:
        for more in ({}, {"If-None-Match": "*"}, {"Range": "bytes=0-1"}, {"Range": "bytes=999999999-"}):
            assert get(program, path, origin | more).headers["access-control-allow-origin"] == "*"
        allowed = get(program, path, origin | {"Access-Control-Request-Method": "GET"}, "OPTIONS")
        assert (allowed.status_code, allowed.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")


def test_the_list_leads_to_every_file_and_tells_its_fingerprint(program: Program, release: Release) -> None:
    said = get(program, f"{V1}/datasets").json()
    assert said["release"] == {
        "number": release.number, "made_on": "2026-11-25", "as_of": "2026-11-25", "version": str(release.version),
    }  # fmt: skip
    assert [one["name"] for one in said["datasets"]] == list(NAMES)
    for one in (*(f for d in said["datasets"] for f in d["files"].values()), *said["whole"].values()):
        content = get(program, one["url"]).content
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    for one in said["datasets"]:
        table = pq.read_table(io.BytesIO(get(program, one["files"]["parquet"]["url"]).content))
        assert table.num_rows == one["rows"]
        assert len(pd.read_csv(io.BytesIO(get(program, one["files"]["csv"]["url"]).content))) == one["rows"]
        assert re.search(r"[\u4e00-\u9fff]", one["title"]["zh-CN"])
        assert one["about"]["en"].endswith(".")
    package = json.loads(get(program, f"{V1}/datapackage.json").content)
    for resource in package["resources"]:
        found = get(program, f"{V1}/{resource['path']}")
        assert f"sha256:{hashlib.sha256(found.content).hexdigest()}" == resource["hash"], (
            "found on a site as in a folder"
        )


def test_an_old_release_stays_at_its_address(house: Path) -> None:
    path = house / "older.duckdb"
    with Register.open(path, settings_for(path, PUBLIC_URL="https://example.org"), now=NOW) as register:
        early, late = Program(lambda: register), Program(lambda: register, NOW + timedelta(days=2))
        first = get(early, CSV).content
        plant(register)
        assert get(early, CSV).content == first, "one a day"
        releases.make(register, NOW + timedelta(days=2))
        assert b"Visible Shop" in get(late, CSV).content
        assert get(late, f"{V1}/releases/1/datasets/organizers.csv").content == first
        said = get(late, f"{V1}/releases").json()["releases"]
        assert [one["number"] for one in said] == [2, 1]
        assert said[0]["url"] == "https://example.org/api/v1/releases/2/datapackage.json"
        listed = get(late, f"{V1}/datasets").json()
        assert listed["release"]["number"] == 2
        assert listed["datasets"][0]["files"]["csv"]["url"].startswith("https://example.org/api/v1/releases/2/")


def test_who_asks_for_data_has_the_first_release_made_and_no_further_one(house: Path) -> None:
    """The next is the scheduler's: no visitor waits for it, and nobody makes one by asking."""
    path = house / "next.duckdb"
    late = NOW + timedelta(days=2)
    with Register.open(path, settings_for(path), now=NOW) as register:
        early, asker = Program(lambda: register), Program(lambda: register, late)
        assert get(early, f"{V1}/datasets").json()["release"]["number"] == 1
        plant(register)  # enough news, and a later day: one is due
        for file in (*FILES, "datasets", "releases", "datasets/monthly.json?limit=5"):
            assert get(asker, f"{V1}/{file}").status_code == 200
        assert [release.number for release in releases.all(register)] == [1]
        at_work = Scheduler(lambda: register, lambda: late)
        at_work.step()
        at_work.clock = lambda: late + QUIET
        assert "release" in at_work.step()
        assert get(asker, f"{V1}/datasets").json()["release"]["number"] == 2


def test_many_who_come_first_get_one_release(house: Path) -> None:
    path = house / "first.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as register:
        together = threading.Barrier(8)

        def one(n: int) -> tuple[int, bytes]:
            together.wait(60)
            response = get(Program(lambda: register), CSV, {"Accept-Encoding": ("identity", "gzip")[n % 2]})
            return response.status_code, response.content

        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(one, range(8)))
        assert len(answers) == 1
        assert next(iter(answers))[0] == 200
        assert [release.number for release in releases.all(register)] == [1]


def test_no_canary_is_in_any_file_or_in_the_log(
    program: Program, release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    contents = [get(program, f"{V1}/{file}").content for file in (*FILES, "datasets", "releases")]
    contents += [get(program, f"{V1}/datasets/{name}.json?limit=1000").content for name in NAMES]
    with zipfile.ZipFile(io.BytesIO(get(program, f"{V1}/release.zip").content)) as archive:
        contents += [archive.read(name) for name in archive.namelist()]
    everything = b"".join(contents).lower()
    assert b"visible shop" in everything  # else this proves nothing
    assert found_in(everything) == found_in(caplog.text) == []

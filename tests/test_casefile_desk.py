"""Who gets a case file: moderators from the desk, noted; the operator by a command; nobody else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.__main__ import main
from prizewatch import audit, casefile, edge, ui_casefile
from prizewatch.edge import now
from prizewatch.errors import NotAllowed
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from tests.at_the_desk import connected, person
from tests.browsing import browse, text
from tests.casefiles import file, made, shop_id
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with one case file, closed."""
    place = tmp_path_factory.mktemp("case") / "register.duckdb"
    with Register.open(place, settings_for(place), now=NOW) as register:
        file(register)
    return place


@pytest.fixture(scope="module")
def desk(path: Path) -> Iterator[Register]:
    with Register.open(path, settings_for(path), now=now()) as register:
        yield register


@pytest.mark.usefixtures("nothing_served")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_organizer_on_the_desk_offers_its_case_file_to_who_may_make_it(desk: Register, lang: str) -> None:
    _ = language(lang)
    with connected(person(desk, f"Mo {lang}", "moderator", now())):
        app = browse(desk, "desk", lang, work=f"level.organizer.{shop_id(desk)}")
        assert not app.exception
        assert [button.label for button in app.get("download_button") if "desk_case" in str(button.key)] == [
            _(f"casefile.desk.{kind}") for kind in ("pdf", "page", "zip", "files")
        ]
        assert _("casefile.desk.care") in text(app)


@pytest.mark.usefixtures("nothing_served")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_case_files_says_whose_they_are_to_who_may_see_it(desk: Register, lang: str) -> None:
    (reach,) = casefile.reachable(desk)
    assert reach.name == "案卷小店"
    with connected(person(desk, f"Li {lang}", "moderator", now())):
        app = browse(desk, "desk_organizers", lang)
        assert not app.exception
        (option,) = app.selectbox(key="desk_case_of").options
        assert option.startswith(f"案卷小店 · #{reach.public_code}")


@pytest.mark.usefixtures("nothing_served")
def test_what_is_taken_is_made_then_and_noted(desk: Register) -> None:
    reach = casefile.reachable(desk)[0]
    edge.serve(lambda: desk)
    with connected(person(desk, "Ada", "moderator", now())):
        take = ui_casefile._taken(desk, reach, "zip", casefile.CaseFile.zip_bytes)
    before = audit.count(desk, action="casefile.make")
    content = take()
    assert content == casefile.make(desk, reach.organizer_id, now()).zip_bytes()  # type: ignore[union-attr]
    noted = audit.entries(desk, action="casefile.make")
    assert len(noted) == before + 1
    assert noted.iloc[0][["actor", "subject_kind", "detail"]].tolist() == ["Ada", "organizer", "zip"]
    assert str(noted.iloc[0]["subject_id"]) == str(reach.organizer_id)


@pytest.mark.usefixtures("nothing_served")
def test_a_stranger_takes_nothing_and_nothing_is_noted(desk: Register) -> None:
    reach = casefile.reachable(desk)[0]
    edge.serve(lambda: desk)
    with connected():
        take = ui_casefile._taken(desk, reach, "files", casefile.CaseFile.zip_bytes)
    before = audit.count(desk)
    with pytest.raises(NotAllowed):
        take()
    assert audit.count(desk) == before


def test_the_command_writes_the_same_file_and_tells_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, out = tmp_path / "r.duckdb", tmp_path / "out"
    settings = settings_for(database)
    with Register.open(database, settings, now=NOW) as register:
        file(register)
        expected = made(register)
    environ = {"PRIZEWATCH_SECRET_KEY": settings.secret_key, "LANG": "en_US.UTF-8"}

    def run(code: str) -> int:
        told = ["casefile", "--database", str(database), "--organizer", code, "--out", str(out), "--json"]
        return main(told, environ, NOW)

    assert run(f"#{expected.code.lower()}") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["disputes"], said["reporters"], said["draws"]) == (4, 4, 4)
    assert (out / expected.name).read_bytes() == expected.zip_bytes()
    with zipfile.ZipFile(io.BytesIO(expected.zip_bytes())) as read:
        for kind in ("html", "pdf"):
            page = out / f"{expected.name.removesuffix('.zip')}.zh-CN.{kind}"
            assert page.read_bytes() == read.read(f"case-file.zh-CN.{kind}")
    assert run("ZZZZ-ZZZZ") == 2
    assert language("en")("errors.casefile.none", code="ZZZZ-ZZZZ") in capsys.readouterr().err

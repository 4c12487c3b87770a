"""The log's form: numbered steps, each whole or not at all, in SQL that PostgreSQL could hold too."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from prizewatch import schema
from prizewatch.errors import RegisterTooNew
from prizewatch.fields import DISPUTE, EVIDENCE, STAGE_EVENT
from prizewatch.store import Register
from tests.conftest import NOW, settings_for

STEPS = schema.migrations()
#: What a log that PostgreSQL may hold one day, written through DuckDB's ATTACH, cannot have.
FORBIDDEN = {
    "enum type": r"\bENUM\b|\bCREATE\s+(?:OR\s+REPLACE\s+)?TYPE\b",
    "nested type": r"\bSTRUCT\b|\bMAP\s*\(|\bUNION\s*\(|\bLIST\b|\bROW\s*\(|\bARRAY\b|\[\s*\d*\s*\]",
    "type PostgreSQL lacks": r"\bU?HUGEINT\b|\bU(?:TINY|SMALL|BIG)?INT(?:EGER)?\b|\bTINYINT\b|\bVARIANT\b|\bBLOB\b"
    r"|\bBIT\b|\bTIMESTAMP_(?:S|MS|NS)\b",
    "time zone type": r"\bTIMESTAMPTZ\b|\bTIMETZ\b|\bWITH\s+TIME\s+ZONE\b",
    "sequence": r"\bSEQUENCE\b|\bnextval\b|\bSERIAL\b|\bIDENTITY\b|\bAUTOINCREMENT\b",
    "generated column": r"\bGENERATED\b|\bVIRTUAL\b|\bSTORED\b",
    "returning": r"\bRETURNING\b",
    "upsert": r"\bON\s+CONFLICT\b|\bINSERT\s+OR\s+(?:REPLACE|IGNORE)\b|\bMERGE\b",
    "default expression": r"\bDEFAULT\b(?!\s+(?:NULL|TRUE|FALSE|-?\d+(?:\.\d+)?|'(?:[^']|'')*')\s*[,)\n])",
    "check constraint": r"\bCHECK\s*\(",
    "foreign key": r"\bREFERENCES\b|\bFOREIGN\s+KEY\b",
    "macro": r"\bMACRO\b|\bFUNCTION\b",
    "or replace": r"\bCREATE\s+OR\s+REPLACE\b",
    "DuckDB only": r"\bPRAGMA\b|\bATTACH\b|\bINSTALL\b|\bLOAD\b|\bQUALIFY\b|\bCOLLATE\b",
}


def beyond_postgres(sql: str) -> list[str]:
    """What in a migration PostgreSQL through ATTACH cannot do, by name; empty for plain SQL."""
    bare = re.sub(r"--[^\n]*", "", sql)
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, bare, re.IGNORECASE)]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_log_keeps_to_what_postgres_can_do(step: schema.Migration) -> None:
    assert beyond_postgres(step.sql) == []


@pytest.mark.parametrize(
    "bad",
    [
        "CREATE TABLE log.x (a ENUM ('b', 'c'));",
        "CREATE TYPE mood AS ENUM ('b');",
        "CREATE TABLE log.x (a STRUCT(b INT));",
        "CREATE TABLE log.x (a VARCHAR[]);",
        "CREATE TABLE log.x (a VARCHAR[3]);",
        "CREATE TABLE log.x (a MAP(VARCHAR, INT));",
        "CREATE TABLE log.x (a HUGEINT);",
        "CREATE TABLE log.x (a UINTEGER);",
        "CREATE TABLE log.x (a TINYINT);",
        "CREATE TABLE log.x (a TIMESTAMPTZ);",
        "CREATE TABLE log.x (a TIMESTAMP WITH TIME ZONE);",
        "CREATE SEQUENCE log.numbers;",
        "CREATE TABLE log.x (a BIGINT DEFAULT nextval('n'));",
        "CREATE TABLE log.x (a BIGINT, b BIGINT GENERATED ALWAYS AS (a + 1) VIRTUAL);",
        "INSERT INTO log.x VALUES (1) RETURNING a;",
        "INSERT INTO log.x VALUES (1) ON CONFLICT DO NOTHING;",
        "INSERT OR REPLACE INTO log.x VALUES (1);",
        "MERGE INTO log.x USING y ON true WHEN MATCHED THEN DELETE;",
        "CREATE TABLE log.x (a TIMESTAMP DEFAULT now());",
        "CREATE TABLE log.x (a TIMESTAMP DEFAULT CURRENT_TIMESTAMP);",
        "CREATE TABLE log.x (a BIGINT DEFAULT (1 + 1));",
        "CREATE TABLE log.x (a BIGINT CHECK (a > 0));",
        "CREATE TABLE log.x (a UUID REFERENCES log.y (b));",
        "CREATE MACRO log.m(a) AS a;",
        "CREATE OR REPLACE TABLE log.x (a BIGINT);",
        "create table log.x (\n  a  timestamptz -- small letters count too\n);",
    ],
)
def test_what_postgres_cannot_do_is_seen(bad: str) -> None:
    assert beyond_postgres(bad) != []


@pytest.mark.parametrize(
    "fine",
    [
        "CREATE TABLE log.x (a BIGINT DEFAULT 0, b VARCHAR DEFAULT 'none', c BOOLEAN DEFAULT FALSE);",
        "-- no ENUM, no MERGE, no TIMESTAMPTZ here\nCREATE TABLE log.x (merged BOOLEAN, a DECIMAL(12,2));",
        "ALTER TABLE log.filing ADD COLUMN a VARCHAR;",
    ],
)
def test_plain_sql_passes(fine: str) -> None:
    assert beyond_postgres(fine) == []


def with_steps(tmp_path: Path, *more: str) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir(exist_ok=True)
    for step in STEPS:
        (folder / f"{step.name}.sql").write_text(step.sql, "utf-8")
    for number, sql in enumerate(more, len(STEPS) + 1):
        (folder / f"{number:04}_more.sql").write_text(sql, "utf-8")
    return folder


def test_an_older_register_is_brought_forward_on_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.duckdb"
    Register.open(path, settings_for(path), now=NOW).close()
    later = with_steps(tmp_path, "ALTER TABLE log.reply ADD COLUMN later VARCHAR;")
    monkeypatch.setattr(schema.migrate, "__defaults__", (later,))
    with Register.open(path, settings_for(path), now=NOW) as register, register.read() as cur:
        assert cur.execute("SELECT number, name FROM meta.migration ORDER BY 1").fetchall()[-1] == (
            len(STEPS) + 1,
            f"{len(STEPS) + 1:04}_more",
        )
        assert cur.execute("SELECT count(later) FROM log.reply").fetchall() == [(0,)]


def test_a_newer_register_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    Register.open(path, settings_for(path), now=NOW).close()
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0"}) as other:
        other.execute("INSERT INTO meta.migration VALUES (99, '0099_later', now()::TIMESTAMP)")
    before = path.read_bytes()
    with pytest.raises(RegisterTooNew) as refused:
        Register.open(path, settings_for(path), now=NOW)
    assert refused.value.values["seen"] == 99
    assert path.read_bytes() == before


def test_a_failing_step_leaves_the_form_before_it(tmp_path: Path) -> None:
    folder = with_steps(
        tmp_path, "CREATE TABLE log.fine (a BIGINT);", "CREATE TABLE log.half (a BIGINT); SELECT * FROM nowhere;"
    )
    with duckdb.connect() as con:
        with pytest.raises(duckdb.CatalogException):
            schema.migrate(con, NOW, folder)
        tables = {
            r[0] for r in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'log'").fetchall()
        }
        assert "fine" in tables
        assert "half" not in tables
        assert schema.seen_migration(con) == len(STEPS) + 1


def test_steps_are_numbered_without_gaps(tmp_path: Path) -> None:
    folder = with_steps(tmp_path)
    (folder / "0009_gap.sql").write_text("SELECT 1", "utf-8")
    with pytest.raises(ValueError, match="0009_gap"):
        schema.migrations(folder)


def test_the_log_has_a_column_of_the_right_type_for_every_field() -> None:
    with duckdb.connect() as con:
        schema.migrate(con, NOW)
        for table, fields in (("filing", DISPUTE), ("stage_event", STAGE_EVENT), ("evidence", EVIDENCE)):
            sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'log' AND table_name = ?"
            there = dict(con.execute(sql, [table]).fetchall())
            for field in fields:
                if field.logged:
                    assert there[field.name] == field.sql_type, field.name
                else:
                    assert field.name not in there, field.name

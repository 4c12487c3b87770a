"""The walls between the rooms: who may import what, who may open the register, who may read the clock.

import-linter keeps the walls inside the packages (pyproject.toml); pages are no package, so `ast` looks at them.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import APP, PACKAGE, PAGES, PIPELINES, ROOT, module, named, parse, strings

SCREEN = re.compile(r"ui_\w+")
DRAWING = re.compile(r"figures(_\w+)?")
#: What they are made of, api_schema and others, knows no HTTP.
HTTP = ("api", "api_http", "api_data", "api_organizers", "desk_routes")
SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\b.+\bSET|DELETE\s+FROM|CREATE\s+(TEMP\s+)?TABLE)\b", re.DOTALL
)
#: Work on frames that belongs into `queries`, where publication rules and tests are.
FRAME_LOGIC = {"groupby", "merge", "pivot", "pivot_table", "agg", "apply", "execute", "sql", "rolling"}


def imported(tree: ast.AST) -> set[str]:
    """Full names of everything a module imports; relative imports count as the package's own."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ("prizewatch." if node.level else "") + (node.module or "")
            names |= {base.rstrip("."), *(f"{base.rstrip('.')}.{alias.name}" for alias in node.names)}
    return names


def packages(tree: ast.AST) -> set[str]:
    """Top-level packages a module imports."""
    return {name.split(".")[0] for name in imported(tree)}


def page_faults(source: str) -> list[str]:
    """What in a page belongs somewhere else."""
    tree = ast.parse(source)
    foreign = packages(tree) - {"streamlit", "prizewatch"} - set(sys.stdlib_module_names)
    faults = [f"imports {name}" for name in sorted(foreign)]
    faults += [f"line {line}: SQL" for line, text in strings(tree) if SQL.search(text)]
    faults += [
        f"line {node.lineno}: .{node.func.attr}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FRAME_LOGIC
    ]
    return faults


def calls(tree: ast.AST, *names: str) -> list[str]:
    """Calls such as `duckdb.connect`, by their dotted name, with the line; all calls if no name is given."""
    found = [(ast.unparse(node.func), node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [f"line {line}: {name}" for name, line in found if not names or name in names]


def test_the_contracts_of_import_linter_are_kept() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_pages_only_ask_and_show(path: Path) -> None:
    assert page_faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import duckdb", "imports duckdb"),
        ("def f():\n    from pandas import DataFrame", "imports pandas"),
        ("import plotly.express as px", "imports plotly"),
        ("q = f'SELECT a FROM {t}'\nx = 'select * from t'\ny = 'INSERT INTO log.x VALUES (1)'", "line 3: SQL"),
        ("frame.groupby('a').sum()", "line 1: .groupby()"),
    ],
)
def test_a_page_that_does_more_is_found(source: str, fault: str) -> None:
    assert fault in page_faults(source)


@pytest.mark.parametrize("path", [*PACKAGE, *PIPELINES], ids=named)
def test_each_library_is_known_in_its_own_room_only(path: Path) -> None:
    uses = packages(parse(path))
    rooms = {
        "streamlit": bool(SCREEN.fullmatch(path.stem)),
        "starlette": path.stem in HTTP,
        "plotly": bool(DRAWING.fullmatch(path.stem)),
    }
    here = path in PACKAGE
    assert {name for name, allowed in rooms.items() if name in uses and not (allowed and here)} == set()
    assert not {"pages", "app"} & uses
    assert not (here and "pipelines" in uses)


@pytest.mark.parametrize("path", [*PACKAGE, *PIPELINES, *PAGES, APP], ids=named)
def test_only_the_store_opens_the_database(path: Path) -> None:
    if named(path) != "prizewatch/store.py":
        assert calls(parse(path), "duckdb.connect", "connect", "sqlite3.connect") == []


def test_statistics_and_disclosure_know_numbers_only() -> None:
    allowed = {
        "__future__",
        "bisect",
        "collections",
        "copy",
        "dataclasses",
        "enum",
        "functools",
        "itertools",
        "math",
        "typing",
    }
    allowed |= {"datetime"}  # a day is a number too
    allowed |= {"numpy", "pandas", "scipy", "prizewatch"}
    for name, more in (("disclosure", set()), ("onlooker", {"hashlib", "threading"})):  # it remembers what it saw
        tree = parse(ROOT / "prizewatch" / f"{name}.py")
        assert packages(tree) <= allowed | more
        own = {n.split(".")[1] for n in imported(tree) if n.startswith("prizewatch.")}
        assert own <= {"stats", "frames", "onlooker"}
        assert calls(tree, "open", "print") == []
    rooms = [path for path in PACKAGE if path.parent.name == "stats"]
    assert len(rooms) > 5
    for path in rooms:
        tree = parse(path)
        outward = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level > 1]
        assert outward == [], named(path)
        beside = {f"prizewatch.{other.stem}" for other in rooms} | {"prizewatch"}
        named_here = {n.rpartition(".")[0] if n.count(".") > 1 else n for n in imported(tree) if n.startswith("prize")}
        assert named_here <= beside, named(path)
        assert packages(tree) <= allowed | {"statsmodels"}
        assert calls(tree, "open", "print") == []


@pytest.mark.parametrize("path", [*PACKAGE, *PIPELINES], ids=named)
def test_clock_and_environment_are_read_at_the_edge_only(path: Path) -> None:
    # what a register is asked for today is told the moment
    clock = re.compile(r"(?!(self|register)\.today$)(.+\.)?(now|utcnow|today)|time\.time|time\.localtime|time\.gmtime")
    edges = {"prizewatch/edge.py", "pipelines/__main__.py"}
    if named(path) not in edges:
        tree = parse(path)
        asked = {"edge.now", "edge.today"} if SCREEN.fullmatch(path.stem) else set()  # a screen asks the edge
        read = [name.partition(": ")[2] for name in calls(tree)]
        assert [name for name in read if clock.fullmatch(name) and name not in asked] == []
        assert "os.environ" not in {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert calls(tree, "os.getenv", "getenv") == []


@pytest.mark.parametrize("path", [*PACKAGE, *PIPELINES], ids=named)
def test_only_screens_ask_the_edge(path: Path) -> None:
    asks = {name for name in imported(parse(path)) if f"{name}.".startswith("prizewatch.edge.")}
    assert not asks or (path in PACKAGE and SCREEN.fullmatch(path.stem)), asks


def test_the_register_works_without_a_screen() -> None:
    """Every module but those of the output imports in a clean interpreter without Streamlit, Starlette, Plotly."""
    quiet = [
        module(p) for p in PACKAGE if p.stem not in HTTP and not (SCREEN.fullmatch(p.stem) or DRAWING.fullmatch(p.stem))
    ]
    steps = [p.stem for p in PIPELINES if p.stem not in ("__init__", "__main__")]
    assert {"prizewatch.queries", "prizewatch.stats.funnel"} <= set(quiet)
    assert "demo" in steps
    lines = [*(f"import {name}" for name in quiet), *(f"import pipelines.{name}" for name in steps)]
    lines += [
        "import sys",
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'streamlit', 'starlette', 'plotly'}))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_no_path_tricks() -> None:
    trick = "sys." + "path"
    for path in [*PACKAGE, *PIPELINES, *PAGES, APP, *(ROOT / "scripts").glob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        assert trick not in path.read_text("utf-8"), named(path)


@pytest.mark.parametrize("path", [*PACKAGE, *PIPELINES], ids=named)
def test_what_others_may_call_says_what_it_does(path: Path) -> None:
    def silent(body: list[ast.stmt], of: str = "") -> Iterator[str]:
        for item in body:
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and item.name[0] != "_":
                if not ast.get_docstring(item):
                    yield f"{of}{item.name}"
                if isinstance(item, ast.ClassDef):
                    yield from silent(item.body, f"{item.name}.")

    assert list(silent(parse(path).body)) == []

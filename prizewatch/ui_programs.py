"""The parts of the page for programs: lines to copy, every address with what it gives, the rules."""

from __future__ import annotations

import streamlit as st

from . import ui_text
from .api_schema import MOST_REPORTS
from .api_schema_data import KINDS, MOST, MOST_ROWS
from .i18n import Language
from .settings import Settings
from .store import Kind
from .ui_html import Column, Row, escape, table

ANY = "{" + ",".join(KINDS) + "}"
#: Every address and the word that says what it gives.
ADDRESSES = {
    "/api/v1/datasets": "datasets",
    f"/api/v1/datasets/{{name}}.{ANY}": "dataset",
    "/api/v1/datapackage.json": "datapackage",
    "/api/v1/README.md": "readme",
    "/api/v1/release.zip": "zip",
    "/api/v1/releases": "releases",
    f"/api/v1/releases/{{number}}/datasets/{{name}}.{ANY}": "numbered",
    "/api/v1/releases/{number}/datapackage.json": "numbered_whole",
    "/api/v1/releases/{number}/README.md": "numbered_whole",
    "/api/v1/releases/{number}/release.zip": "numbered_whole",
    "/api/v1/organizers": "organizers",
    "/api/v1/organizers/{code}": "organizer",
    "/api/v1/organizers/lookup": "lookup",
    "/api/v1/reports": "reports",
    "/api/v1/openapi.json": "openapi",
    "/api/v1/health": "health",
}
#: The table that the lines to copy fetch.
TABLE = "resolution_by_type_and_stage"
#: Addresses for winners of prize draws; a register of other records has none to say of them.
DRAWS_ONLY = ("lookup", "reports")
RULES = ("markers", "release", "cache", "pages", "limits", "errors", "origins", "licence")


def lines(base: str) -> dict[str, str]:
    """Tool -> the line that fetches something from the site at this address."""
    table = f"{base}/api/v1/datasets/{TABLE}.csv"
    return {
        "curl": f'curl -o resolution.csv "{table}"',
        "pandas": f'import pandas as pd\n\nframe = pd.read_csv("{table}")',
        "duckdb": f"SELECT * FROM read_csv('{table}');",
        "r": f'frame <- read.csv("{table}", fileEncoding = "UTF-8-BOM")',
        "search": f'curl "{base}/api/v1/organizers?q=qijiandian&limit=5"',
    }


def addresses(_: Language, kind: Kind) -> None:
    """Every address as a table."""
    heads = [Column(_("programs.address")), Column(_("programs.gives"), wide=True)]
    rows = [
        Row([address, _(f"programs.gives.{what}")])
        for address, what in ADDRESSES.items()
        if kind is not Kind.REFERENCE or what not in DRAWS_ONLY
    ]
    st.html(table(heads, rows, _("programs.addresses.note")))


def rules(_: Language, settings: Settings) -> None:
    """What programs can rely on, and what they are asked to keep to."""
    given = {
        "rows": _.number(MOST_ROWS), "organizers": _.number(MOST), "reports": _.number(MOST_REPORTS),
        "lookups": _.number(settings.lookups_per_10_min), "searches": _.number(settings.searches_per_10_min),
        "daily": _.number(settings.reports_per_day),
    }  # fmt: skip
    items = "".join(
        f"<dt>{escape(_(f'programs.rule.{rule}'))}</dt><dd>{escape(_(f'programs.rule.{rule}.text', **given))}</dd>"
        for rule in RULES
    )
    st.html(f"<dl class='pw pw-rules'>{items}</dl>")
    ui_text.quiet(_("programs.stable"))

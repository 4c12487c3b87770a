"""What is handed out: every table as CSV, Parquet and JSON, with its dictionary, its method, a Frictionless descriptor,
licence, citation and fingerprints, and one zip of it.

Nothing here knows the clock, the machine or its settings: the same tables under the same number give the same bytes.
The paths are those of the HTTP routes too, so that `datapackage.json` finds its tables in a folder and on a site.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .datasets import Column, Dataset
from .exports import csv_bytes, json_bytes, parquet_bytes
from .i18n import LANGUAGES, Language, language

ZIP = "release.zip"
DICTIONARY = "README.md"
DESCRIPTOR = "datapackage.json"
SUMS = "SHA256SUMS"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
#: The licence as Creative Commons publish it (legalcode.txt), word by word.
LEGAL_CODE = "CC-BY-4.0.txt"
ASSETS = Path(__file__).parent / "assets"
#: The parts of README.md and METHOD.md, in their order: keys `exports.readme.<part>`, `exports.method.<part>`.
READ_FIRST = ("what", "hidden", "rates", "text")
METHOD = ("base", "hidden", "tables", "releases", "rates", "shrunken", "time", "platforms", "repeat", "moderation")
#: dtype -> type of a Frictionless field.
TYPES = {"Int64": "integer", "float64": "number", "bool": "boolean"}


@dataclass(frozen=True, slots=True)
class Edition:
    """What a package says of itself: the number of its release, its day, its data version, and the register's kind
    (live, demo, reference) and title ("" without one).
    """

    number: int
    as_of: date
    version: str
    kind: str
    title: str = ""


def path(name: str, kind: str) -> str:
    """Where a table lies in the package."""
    return f"datasets/{name}.{kind}"


def files(made: list[Dataset], edition: Edition) -> dict[str, bytes]:
    """Everything of one release, path -> bytes. JSON lies beside the zip; all the rest is in it."""
    packed = {
        DICTIONARY: _lines(_dictionary(made, edition)),
        "METHOD.md": _lines(_method()),
        "LICENSE.txt": _lines(_licence()),
        LEGAL_CODE: _lines((ASSETS / LEGAL_CODE).read_text("utf-8").splitlines()),
        "CITATION.cff": _lines(_citation(edition)),
    }
    for data in made:
        packed[path(data.name, "csv")] = csv_bytes(data)
        packed[path(data.name, "parquet")] = parquet_bytes(data)
    packed[DESCRIPTOR] = _json(descriptor(made, edition, packed))
    packed[SUMS] = _lines([f"{fingerprint(content)}  {name}" for name, content in sorted(packed.items())])
    beside = {path(data.name, "json"): json_bytes(data) for data in made}
    return {**packed, **beside, ZIP: _zip(packed)}


def fingerprint(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _zip(packed: dict[str, bytes]) -> bytes:
    """Stored, not compressed: compressors differ from machine to machine, and no time is told."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(packed.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def descriptor(made: list[Dataset], edition: Edition, packed: dict[str, bytes]) -> dict[str, Any]:
    """datapackage.json as Frictionless reads it (specs.frictionlessdata.io/data-package)."""
    _ = language("en")
    resources = [_resource(data, packed[path(data.name, "csv")]) for data in made]
    resources += [_parquet(data, packed[path(data.name, "parquet")]) for data in made]
    return {
        "profile": "data-package",
        "name": "prizewatch",
        "title": _title(_, edition, "exports.title"),
        "description": "\n\n".join(_(f"exports.readme.{part}") for part in (*_note(edition), *READ_FIRST)),
        "version": str(edition.number),
        "licenses": [{"name": "CC-BY-4.0", "title": _("exports.licence.name"), "path": LICENCE_URL}],
        "data_version": edition.version,
        "as_of": edition.as_of.isoformat(),
        "resources": resources,
    }


def _resource(data: Dataset, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        **_file(data, "csv", "text/csv", content),
        "encoding": "utf-8-sig",
        "dialect": {"csv": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True}},
        "schema": {"fields": [_field(column) for column in data.columns], "missingValues": [""]},
    }


def _parquet(data: Dataset, content: bytes) -> dict[str, Any]:
    described = _file(data, "parquet", "application/vnd.apache.parquet", content)
    return {**described, "name": f"{data.name}-parquet", "type": "file"}


def _file(data: Dataset, kind: str, mediatype: str, content: bytes) -> dict[str, Any]:
    return {
        "name": data.name,
        "path": path(data.name, kind),
        "format": kind,
        "mediatype": mediatype,
        "title": language("en")(data.title_key),
        "title_zh": language("zh-CN")(data.title_key),
        "description": language("en")(data.about_key),
        "description_zh": language("zh-CN")(data.about_key),
        "bytes": len(content),
        "hash": f"sha256:{fingerprint(content)}",
    }


def _field(column: Column) -> dict[str, Any]:
    kind = TYPES.get(column.dtype, "date" if column.dtype.startswith("datetime") else "string")
    words = {"description": language("en")(column.key), "description_zh": language("zh-CN")(column.key)}
    flags = {"trueValues": ["1"], "falseValues": ["0"]} if kind == "boolean" else {}
    return {"name": column.name, "type": kind, **words, **flags}


def _dictionary(made: list[Dataset], edition: Edition) -> list[str]:
    lines: list[str] = []
    for code in LANGUAGES:
        _ = language(code)
        lines += [f"# {_title(_, edition, 'exports.readme.title')}", ""]
        lines += [_("exports.readme.version", release=edition.number, version=edition.version, day=edition.as_of), ""]
        lines += [_(f"exports.readme.{part}") + "\n" for part in (*_note(edition), *READ_FIRST, "beside")]
        for data in made:
            lines += [f"## {data.file}: {_(data.title_key)}", "", _(data.about_key), ""]
            lines += [_("exports.readme.rows", data.rows), ""]
            lines += [f"| {_('exports.readme.column')} | {_('exports.readme.meaning')} |", "|---|---|"]
            lines += [f"| `{column.name}` | {_(column.key)} |" for column in data.columns] + [""]
    return lines


def _method() -> list[str]:
    lines: list[str] = []
    for code in LANGUAGES:
        _ = language(code)
        lines += [f"# {_('exports.method.title')}", ""]
        lines += [_(f"exports.method.{part}") + "\n" for part in METHOD]
    return lines


def _licence() -> list[str]:
    addresses = (LICENCE_URL, f"{LICENCE_URL}legalcode", f"{LICENCE_URL}legalcode.zh-hans")
    lines = ["SPDX-License-Identifier: CC-BY-4.0", *addresses, ""]
    return lines + [language(code)("exports.licence.text") + "\n" for code in LANGUAGES]


def _citation(edition: Edition) -> list[str]:
    """Citation File Format 1.2.0; JSON strings are YAML strings too."""
    _ = language("en")
    title = " / ".join(_title(language(code), edition, "exports.title") for code in LANGUAGES)
    notes = [_(f"exports.readme.{part}").strip("*") for part in _note(edition)]
    return [
        "cff-version: 1.2.0",
        "type: dataset",
        f"message: {_quoted(_('exports.citation.message'))}",
        f"title: {_quoted(title)}",
        *(f"abstract: {_quoted(note)}" for note in notes),
        "authors:",
        f"  - name: {_quoted(_('exports.citation.author'))}",
        f"version: {_quoted(str(edition.number))}",
        f"date-released: {_quoted(edition.as_of.isoformat())}",
        "license: CC-BY-4.0",
        "identifiers:",
        "  - type: other",
        f"    value: {_quoted(edition.version)}",
        f"    description: {_quoted(_('exports.citation.version'))}",
    ]


def _title(_: Language, edition: Edition, key: str) -> str:
    title = _(key)
    return f"{title} ({edition.title})" if edition.title else title


def _note(edition: Edition) -> tuple[str, ...]:
    """The part that only a demo or a register of public records has."""
    return () if edition.kind == "live" else (edition.kind,)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _lines(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()

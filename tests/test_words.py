"""Words: every message asked for exists in both languages, none is left over, no sentence stands outside them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from prizewatch.access import PERMISSIONS
from prizewatch.i18n import LANGUAGES, LOCALES, catalogue
from prizewatch.vocabulary import code_lists
from tests.sources import APP, PACKAGE, PAGES, PIPELINES, named, parse, strings

SOURCES = [APP, *PAGES, *PACKAGE, *PIPELINES]
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+")
FILE = re.compile(r".*\.(csv|py|sql|json|svg|css|md|txt|toml|key|duckdb|parquet|xlsx)")
PLACE = re.compile(r"{(\w+)}")
#: Words this register does not use of anybody.
NEVER = re.compile(r"scammer|swindler|骗子|黑心|您", re.IGNORECASE)
#: Chinese in the program that is data, not a sentence for a reader: module -> why.
CHINESE_ALLOWED = {
    "prizewatch/i18n.py": "how a Chinese date is written",
    "prizewatch/names_alike.py": "what shops add to a name",
    "prizewatch/manners.py": "what insults and threats look like",
    "prizewatch/redaction.py": "words before an address",
    "prizewatch/redaction_shapes.py": "what personal data looks like",
    "prizewatch/search.py": "full-width characters",
    "prizewatch/exports.py": "full-width formula signs",
}

#: The demo's invented names and stories are data as well.
INVENTED = "pipelines/demo_"


@cache
def keys_and_patterns() -> tuple[frozenset[str], frozenset[str]]:
    """Keys the code names, and patterns of the keys it puts together (`f"overview.door.{door}"`)."""
    spaces = {key.split(".")[0] for key in catalogue("en")} | {"errors", "cli"}
    keys: set[str] = set()
    patterns: set[str] = set()
    for tree in map(parse, SOURCES):
        inside: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                inside |= {id(part) for part in node.values}
                parts = [str(p.value) if isinstance(p, ast.Constant) else "\0" for p in node.values]
                text = "".join(parts)
                space = re.match(r"([a-z]+)\.", text)
                begins = space and space.group(1) in spaces and not FILE.fullmatch(text)
                if (begins or text.startswith("\0.")) and re.fullmatch(r"[A-Za-z0-9_.\0-]+", text):
                    patterns.add("[^ ]+".join(map(re.escape, text.split("\0"))))
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(text, str) or id(node) in inside or FILE.fullmatch(text):
                continue
            if KEY.fullmatch(text) and text.split(".")[0] in spaces and text not in PERMISSIONS:
                keys.add(text)
    return frozenset(keys), frozenset(patterns)


def messages(lang: str) -> Iterator[tuple[Path, str, list[str]]]:
    """File, key and all forms of every message."""
    for path in sorted((LOCALES / lang.replace("-", "_")).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                ids = message.id if isinstance(message.id, tuple | list) else [message.id]
                if ids[0]:
                    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
                    yield path, ids[0], list(forms)


def asked_outright() -> set[str]:
    """Keys that are handed to the words as they stand: `_("overview.title")`."""
    said = [node for tree in map(parse, SOURCES) for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    firsts = [node.args[0] for node in said if ast.unparse(node.func) in ("_", "lang")]
    return {first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_asked_for_has_words(lang: str) -> None:
    keys, patterns = keys_and_patterns()
    words = catalogue(lang)
    assert len(keys) > 100
    assert asked_outright() - words.keys() == set()
    beginnings = {key[: at.start()] for key in words for at in re.finditer(r"\.", key)}
    endings = {key[at.end() :] for key in words for at in re.finditer(r"\.", key)}
    assert sorted(keys - words.keys() - beginnings - endings) == []
    begun = [p for p in patterns if not p.startswith("[^ ]+")]
    assert sorted(p for p in begun if not any(re.fullmatch(p, key) for key in words)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_left_over(lang: str) -> None:
    keys, patterns = keys_and_patterns()
    one = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    assert sorted(key for key in catalogue(lang) if key not in keys and not one.fullmatch(key)) == []


def test_both_languages_say_the_same_messages_in_the_same_files() -> None:
    here = {lang: {(path.name, key) for path, key, _ in messages(lang)} for lang in LANGUAGES}
    assert here["zh-CN"] == here["en"]


def test_no_message_is_empty_and_placeholders_agree() -> None:
    places: dict[str, dict[str, set[str]]] = {}
    for lang in LANGUAGES:
        for path, key, forms in messages(lang):
            assert forms, key
            assert all(form.strip() for form in forms), f"{path.name} {key}"
            found = [set(PLACE.findall(form)) for form in forms]
            # one form may leave the number out ("one report"), the last never does
            assert all(one <= found[-1] for one in found), f"{path.name} {key}"
            places.setdefault(key, {})[lang] = found[-1]
    assert {key: by for key, by in places.items() if len({frozenset(p) for p in by.values()}) > 1} == {}


def test_each_catalogue_has_the_plural_forms_of_its_language() -> None:
    for lang, forms in (("en", 2), ("zh-CN", 1)):
        for path, key, found in messages(lang):
            if len(found) > 1:
                assert len(found) == forms, f"{path.name} {key}"


def test_chinese_is_chinese_and_english_is_english() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    borrowed = {"shell.other_language"}
    for _, key, forms in messages("en"):
        if key not in borrowed:
            # a term of the law may stand beside its translation, in brackets
            assert not chinese.search(re.sub(r"\([\u4e00-\u9fff]+\)", "", " ".join(forms))), key
    plain = [
        key for _, key, forms in messages("zh-CN") if re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", PLACE.sub("", forms[0]))
    ]
    assert set(plain) <= borrowed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_that_are_never_used_of_anybody(lang: str) -> None:
    found = [(key, form) for _, key, forms in messages(lang) for form in forms if NEVER.search(form)]
    labels = [e.code for entries in code_lists().values() for e in entries.values() if NEVER.search(f"{e.zh} {e.en}")]
    assert (found, labels) == ([], [])


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_sentence_stands_outside_the_catalogues(path: Path) -> None:
    tree = parse(path)
    if named(path) not in CHINESE_ALLOWED and not named(path).startswith(INVENTED):
        assert [(line, text) for line, text in strings(tree) if re.search(r"[\u4e00-\u9fff]", text)] == []
    assert english_shown(tree) == []


def english_shown(tree: ast.Module) -> list[str]:
    """English sentences handed to Streamlit, to print or to argparse: three words and more in a row."""
    sentence = re.compile(r"(?<![<=\"'\w-])[A-Z]?[a-z]+ [a-z]+ [a-z]+")
    shows = re.compile(
        r"(st|ui_\w+|sys\.stdout|sys\.stderr|terminal)\.\w+|print|.*\.add_argument|.*\.add_parser|escape|Column|Row|Cell"
    )
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and shows.fullmatch(ast.unparse(node.func)):
            for given in (*node.args, *(k.value for k in node.keywords)):
                texts = [n.value for n in ast.walk(given) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
                found += [f"line {node.lineno}: {t}" for t in texts if sentence.search(t)]
    return found


def test_a_sentence_outside_the_catalogues_is_found() -> None:
    assert english_shown(ast.parse("st.title('Prizes that were not paid')"))
    assert english_shown(ast.parse("print(f'{n} rows were read by us')"))
    assert not english_shown(ast.parse("st.html('<p class=\"pw-lead wide\">' + _('overview.lead'))"))

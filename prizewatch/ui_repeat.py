"""Words and rows about organizers beside others: the ledger of those with a level, and the funnel of a group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import ui_links
from .frames import each
from .i18n import Language
from .ui_html import Cell, Column, Row, interval, known
from .vocabulary import label


def name_of(r: Any) -> str:
    """Its name, or its code where the name is not shown."""
    return r.name if isinstance(r.name, str) else f"#{r.public_code}"


def ledger_columns(_: Language, reference: bool) -> list[Column]:
    """Heads of the ledger; a reference register knows of no draws, nor who reported."""
    columns = [Column(_("organizers.column.name")), Column(_("repeat.k"), numeric=True)]
    if not reference:
        columns += [Column(_("repeat.draws"), numeric=True), Column(_("repeat.reporters"), numeric=True)]
        columns.append(Column(_("repeat.share"), wide=True))
    return [*columns, Column(_("repeat.shrunken"), wide=True)]


def ledger(_: Language, frame: Any, reference: bool) -> Iterator[Row]:
    """Each organizer with the numbers of its rule: a dot each draw, filled where the draw has a person of its own."""
    for r in each(frame):
        share: Cell | str = "–"
        if known(r.share):  # the number of draws is known
            of = _("shell.k_of_n", k=_.number(r.disputed_draws), n=_.number(r.draws_known))
            at_least = _("repeat.at_least", share=_.percent(r.share)) if r.share < 1 else _.percent(r.share)
            share = Cell(of, note=at_least, bar=r.share)
        name = Cell(
            name_of(r),
            note=label("organizer_type", r.organizer_type, _.code),
            href=ui_links.address("organizer", id=r.public_code),
            badge=_(f"organizers.level.{r.level}"),
            badge_kind=r.level,
        )
        k = _.number(r.k_ind)
        draws: list[Cell | str] = [] if reference else [
            Cell(k, dots=(int(r.k_ind), int(r.level_draws))),
            _.number(r.level_draws), _.number(r.level_reporters), share
        ]  # fmt: skip
        yield Row([name, *(draws or [k]), shrunken(_, r)])


def shrunken(_: Language, r: Any) -> Cell | str:
    """A rate drawn toward its group, with its interval; counts only where too few are decided."""
    if not known(r.shrunken):
        return "–"
    return Cell(
        _.percent(r.shrunken), note=interval(_, r.shrunken_low, r.shrunken_high),
        span=(r.shrunken_low, r.shrunken, r.shrunken_high),
    )  # fmt: skip


def funnel_columns(_: Language) -> list[Column]:
    """Heads of the funnel's table."""
    return [
        Column(_("organizers.column.name")),
        Column(_("resolution.any"), numeric=True),
        Column(_("repeat.rate"), numeric=True),
        Column(_("repeat.zone"), wide=True),
    ]


def funnel_rows(_: Language, points: Any) -> Iterator[Row]:
    """Organizers of a group by how many are decided; never by their rate."""
    for r in each(points.sort_values("n", ascending=False)):
        name = Cell(name_of(r), href=ui_links.address("organizer", id=r.public_code))
        yield Row([name, f"{r.k}/{r.n}", _.percent(r.rate), _(f"figures.zone.{r.zone}")], grey=r.n < 30)


def funnel_answer(_: Language, found: Any) -> str:
    """How many lie beyond what chance does."""
    if found.points.empty:
        return _("repeat.funnel.none")
    beyond = int((found.points["zone"] != "inside").sum())
    key = "answer" if beyond else "one" if len(found.points) == 1 else "inside"
    said = _(
        f"repeat.funnel.{key}", total=_.number(len(found.points)), beyond=_.number(beyond),
        centre=_.percent(found.centre),
    )  # fmt: skip
    return _.joined(said, _("repeat.funnel.widened")) if found.widened else said

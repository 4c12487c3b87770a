"""Whether a platform acts more often when others complained before: the answer, its figure, and the trap of totals."""

import streamlit as st

from prizewatch import (
    edge,
    figures_platforms,
    fits,
    queries,
    ui_figure,
    ui_filters,
    ui_kept,
    ui_language,
    ui_platforms,
    ui_text,
)
from prizewatch.stats import trap
from prizewatch.ui_html import Column, count

_ = ui_language.words()
as_of = edge.register().version().as_of
st.title(_("platforms.title"))
ui_text.lead(_("platforms.lead"))

counted = ui_filters.pick_one("count", _("platforms.count"), fits.COUNTS, lambda c: _(f"platforms.count.{c}"))
response = ui_kept.answer(queries.platform_response, counted)
told = response.bins["rate"].notna().any()
heads = [
    Column(_(f"platforms.before.{counted}")),
    Column(_("platforms.events"), numeric=True),
    Column(_("platforms.unknown"), numeric=True),
    Column(_("platforms.acted"), wide=True),
]
fitted = _("platforms.fitted", day=_.day(response.fitted_as_of)) if response.fitted_as_of else ""
ui_figure.show(
    _, "exposure", _("platforms.question"),
    ui_kept.figure(figures_platforms.exposure, _, frame=response.bins, mark=counted) if told else None,
    answer=ui_platforms.platform_answer(_, response), n=count(_, response.events), as_of=as_of, of="events",
    table_columns=heads, table_rows=lambda: ui_platforms.exposure_rows(_, response.bins), frame=response.bins,
    file=f"platform_action_by_{counted}_before", note=_.joined(_("platforms.note"), fitted), mark=(counted,),
)  # fmt: skip

st.header(_("platforms.assumptions"))
ui_text.paragraphs(
    [_(f"platforms.assumption.{number}") for number in ("before", "closed", "unknown", "cluster", "cause")]
)

simulated = ui_platforms.simulated()
ui_figure.show(
    _, "trap", _("platforms.trap"),
    ui_kept.figure(figures_platforms.trap, _, frame=simulated),
    answer=_("platforms.trap.answer"),
    n=_.number(trap.ORGANIZERS), as_of=as_of, of="simulated",
    table_columns=ui_platforms.trap_columns(_), table_rows=lambda: ui_platforms.trap_rows(_, simulated),
    frame=ui_platforms.trap_frame(simulated), file="simulated_trap",
    note=_("platforms.trap.note", chance=_.percent(trap.CHANCE)),
    cards=False,
)  # fmt: skip
ui_text.paragraphs([_("platforms.trap.1"), _("platforms.trap.2")])

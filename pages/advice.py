"""What should I do: who ran the draw, how far it went, what came back; then one step at a time. All in the address."""

import streamlit as st

from prizewatch import ui_advice, ui_filters, ui_language, ui_links, ui_text
from prizewatch.next_step import TYPE_OF_GROUP, answers_at, reached
from prizewatch.vocabulary import codes, label

LEVELS = ("V0", "V1", "V2")
tools = [code for code in codes("lottery_tool") if code != "none_unknown"]

_ = ui_language.words()
st.title(_("advice.title"))
ui_text.lead(_("advice.lead"))

asked = st.query_params.get("who", "")
if asked in TYPE_OF_GROUP:  # a link by kind, as an older receipt has it
    st.query_params["who"] = TYPE_OF_GROUP[asked]

with st.container(key="pw-form"):
    who = ui_filters.pick_one(
        "who", _("advice.who"), codes("organizer_type"), lambda c: label("organizer_type", c, _.code)
    )
    ui_text.quiet(_(f"advice.example.{who}"))
    stages = codes("stage")
    stage = ui_filters.pick_one(
        "stage", _("advice.stage"), stages, lambda c: label("stage", c, _.code), all_label=_("advice.stage.none")
    )
    came = ""
    if stage:
        came = ui_filters.pick_one(
            "came", _("advice.came"), answers_at(stage), lambda c: label("stage_outcome", c, _.code),
            all_label=_("advice.came.open"),
        )  # fmt: skip
    taken = ui_filters.pick_one("taken", _("advice.taken"), ("no", "yes"), lambda c: _(f"advice.taken.{c}")) == "yes"
    with st.expander(_("advice.more")):
        tool = ui_filters.pick_one(
            "tool", _("advice.tool"), tools, lambda c: label("lottery_tool", c, _.code), all_label=_("advice.tool.open")
        )  # fmt: skip
        level = ui_filters.pick_one(
            "proof", _("advice.proof"), LEVELS, lambda c: _(f"advice.proof.{c}"), all_label=_("advice.proof.open")
        )
    ui_advice.show(_, who, reached(stage, fraud=taken), level, tool, taken, came=came)
    ui_text.quiet(_("advice.caution"))
    ui_links.link("report", _("advice.report"))

"""Method and contact: how each number is made, what it does not mean; the rules as tables; who runs this; privacy."""

import streamlit as st

from prizewatch import edge, queries, ui_kept, ui_language, ui_links, ui_method, ui_text
from prizewatch.frames import each
from prizewatch.store import Kind
from prizewatch.ui_html import Column, Row, count, table
from prizewatch.vocabulary import code_lists, codes, label

NUMBERS = ("base", "decided", "rate", "interval", "bounds", "small", "repeat", "months")
PRIVACY = ("visitors", "reporters", "organizers")

_ = ui_language.words()
register = edge.register()
settings = register.settings
reference = register.kind is Kind.REFERENCE
rules = ui_kept.answer(queries.rules_tables)


def name(list_name: str, code: str) -> str:
    """A code's label; `start` and other words of the rules themselves have theirs in the catalogue."""
    return label(list_name, code, _.code) if code in codes(list_name) else _(f"method.word.{code}")


st.title(_("method.title"))
ui_text.lead(_("method.lead"))

st.header(_("method.numbers"))
st.html(
    table(
        [Column(_("method.number")), Column(_("method.how"), wide=True), Column(_("method.not"), wide=True)],
        [Row([_(f"method.number.{n}"), _(f"method.number.{n}.how"), _(f"method.number.{n}.not")]) for n in NUMBERS],
        _("method.numbers.note"),
    )
)

st.header(_("method.methods"), anchor="methods")
ui_method.sections(_, reference)

st.header(_("method.thresholds"), anchor="thresholds")
ui_method.thresholds(_, reference)

st.header(_("method.coverage"), anchor="coverage")
ui_method.coverage(_, reference)

st.header(_("method.rules"), anchor="rules")
ui_text.quiet(_("method.rules.note"))
with st.expander(_("method.rules.outcomes")):
    entries = code_lists()["stage_outcome"]
    rows = []
    for stage in codes("stage"):
        found = [entries[code] for code in rules.outcomes[rules.outcomes["stage"] == stage]["outcome"]]
        kinds = [[o.label(_.code) for o in found if o.counts_as == kind] for kind in ("decided", "undecided")]
        rows.append(Row([name("stage", stage), *(_("method.and").join(kind) or "–" for kind in kinds)]))
    heads = [
        Column(_("resolution.stage")),
        Column(_("resolution.decided"), wide=True),
        Column(_("overview.undecided"), wide=True),
    ]
    st.html(table(heads, rows, _("method.rules.outcomes")))
with st.expander(_("method.rules.moves")):
    needs = {"": "–"} | {need: _(f"method.need.{need}") for need in ("again", "fraud", "skip_reason")}
    rows = [
        Row([name("stage", t.from_stage), name("stage", t.to_stage), needs[t.need if isinstance(t.need, str) else ""]])
        for t in each(rules.transitions)
    ]
    st.html(table([Column(_(f"method.moves.{c}")) for c in ("from", "to", "need")], rows, _("method.rules.moves")))
with st.expander(_("method.rules.waits")):
    rows = [Row([name("stage", w.stage), _("method.days", int(w.days))]) for w in each(rules.waits.dropna())]
    st.html(
        table([Column(_("resolution.stage")), Column(_("method.wait"))], rows, _("method.rules.waits"), cards=False)
    )
for list_name in ("dispute_reason", "organizer_type", "verification_level"):
    with st.expander(_(f"method.list.{list_name}")):
        # the lists define their codes in English only; a Chinese reader gets the code that stands in the files
        rows = [Row([e.label(_.code), code if _.zh else e.definition]) for code, e in code_lists()[list_name].items()]
        heads = [
            Column(_("method.list.word")),
            Column(_("method.list.code" if _.zh else "method.list.meaning"), wide=True),
        ]
        st.html(table(heads, rows, _(f"method.list.{list_name}")))

st.header(_("method.contact"))
who = _("method.contact.who", name=settings.operator) if settings.operator else _("method.contact.nobody")
where = _("method.contact.where", contact=settings.contact) if settings.contact else _("method.contact.nowhere")
ui_text.paragraphs([who, where, _("method.contact.object"), _("method.contact.times")])
if not reference:
    ui_links.link("notice", _("method.contact.notice"))

st.header(_("method.privacy"))
ui_text.paragraphs([_(f"method.privacy.{part}") for part in PRIVACY])
ui_text.caption(_, count(_, ui_kept.answer(queries.overview).disputes, "<5"), register.version().as_of)

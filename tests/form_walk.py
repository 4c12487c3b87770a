"""Walking through the report form in this process: answers by question, presses by button."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from streamlit.testing.v1 import AppTest

from prizewatch.asking import STEPS
from prizewatch.store import Register
from tests.browsing import browse


def shortest(today: date) -> dict[str, dict[str, Any]]:
    """The ten answers that make a whole report, by step."""
    return {
        "what": {
            "win_notice_on": today - timedelta(days=50), "prize_kind": "goods", "value_unknown": True,
            "dispute_reason": "not_shipped", "refusal_mode": "silent",
        },
        "check": {"condition_kinds": ["none_stated"]},
        "who": {"host_platform": "wechat"},
        "send": {"reporter": "only I know this", "truth_statement": True, "consent_publish": True},
    }  # fmt: skip


def answer(app: AppTest, given: dict[str, Any]) -> AppTest:
    for name, value in given.items():
        app.get_by_key(f"answer_{name}").set_value(value)
        app.run()
        assert not app.exception, name
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=f"report_{key}").click().run()
    assert not app.exception, key
    return app


def step(app: AppTest) -> str:
    return str(app.session_state["report_step"])


def walk(app: AppTest, given: dict[str, dict[str, Any]], to: str = "send") -> AppTest:
    """From the open step to another, answering on the way; the last step is answered, not sent."""
    for here in STEPS[STEPS.index(step(app)) : STEPS.index(to)]:
        assert step(app) == here, app.session_state["report_problems"]
        press(answer(app, given.get(here, {})), "next")
    assert step(app) == to, app.session_state["report_problems"]
    return answer(app, given.get(to, {}))


def problems(app: AppTest) -> set[str]:
    found = app.session_state.get("report_problems", {})
    return {p.code for of_one in found.values() for p in of_one}


def on_file(register: Register) -> int:
    with register.read() as cur:
        return int(cur.execute("SELECT count(*) FROM log.filing").fetchone()[0])  # type: ignore[index]


def draft_of(app: AppTest) -> str:
    """The code of the draft in the address."""
    code = app.query_params["draft"]
    return code if isinstance(code, str) else str(code[0])


def again(register: Register, app: AppTest) -> AppTest:
    """The same address in another window."""
    return browse(register, "report", "en", draft=draft_of(app))

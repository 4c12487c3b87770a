"""What the oracle counts beyond the organizers: cuts, ways out of the ladder, days, answers and their exposure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

Row = dict[str, Any]
DECIDED = {"no_response", "refused", "rejected", "referred", "relief_full", "relief_partial", "sanction_only"}
BINS = ((10, "10+"), (5, "5-9"), (3, "3-4"), (0, ""))


def bin_of(n: int) -> str:
    return next(name or str(n) for least, name in BINS if n >= least)


RESOLVED = ("resolved_full", "resolved_partial")


class Counts:
    """The part of `oracle.Fold` that counts; `disputes` and `stages` are there before anything is asked."""

    disputes: dict[Any, Row]
    stages: dict[tuple[Any, str], Row]

    def base(self) -> list[Row]:
        return [d for d in self.disputes.values() if d["in_base"]]

    def count_stages(self, *keys: str, actions: bool = False) -> dict[tuple[Any, ...], dict[str, int]]:
        names = ["reached", "decided", "relief_full", "relief_partial", "sanction_only"]
        names += ["action_known", "action_taken"] if actions or "organizer_type" in keys else []
        found: dict[tuple[Any, ...], dict[str, int]] = {}
        for s in self.stages.values():
            d = self.disputes[s["dispute_id"]]
            if d["in_base"]:
                cell = found.setdefault(tuple({**d, **s}[k] for k in keys), dict.fromkeys(names, 0))
                for name in names:
                    cell[name] += s[name]
        return {k: v for k, v in found.items() if any(v.values())}

    def count_disputes(self, *keys: str) -> dict[tuple[Any, ...], dict[str, int]]:
        found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for d in self.base():
            found[tuple(d[k] for k in keys)].append(d)
        return {k: outcomes(ds) for k, ds in found.items()}

    def answers(self) -> dict[Any, Row]:
        """Decided events at platforms and events with a first answer, with what others had filed before."""
        found = {}
        for d in self.base():
            earlier = [
                o for o in self.base() if o["organizer_id"] == d["organizer_id"] and o["reported_at"] < d["reported_at"]
            ]
            for e in d["_event_rows"]:
                closed = e["stage"][:2] in ("s3", "s4") and e["outcome"] in DECIDED
                hours = e["first_response_hours"]
                if e["outcome"] == "skipped" or not (closed or hours is not None):
                    continue
                acted = {None: "unknown", "unknown": "unknown", "none_known": "no"}.get(e["platform_action"], "yes")
                found[e["stage_event_id"],] = {
                    **{c: e[c] for c in ("dispute_id", "stage_event_id", "stage", "closed_on")},
                    **{c: d[c] for c in ("organizer_id", "reporter_key", "draw_id")}, "filed_at": d["reported_at"],
                    "closed": closed, "acted": acted if closed else None,
                    "response_kind": None if hours is None else e["response_kind"] or "unknown",
                    "response_hours": hours,
                    "exposure_reporters": len({o["reporter_key"] for o in earlier}),
                    "exposure_draws": len({o["draw_id"] for o in earlier}),
                }  # fmt: skip
        return found

    def count_answers(self, name: str) -> dict[tuple[Any, ...], dict[str, int]]:
        found: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for a in self.answers().values():
            if name == "first_response" and a["response_hours"] is not None:
                found[a["stage"], a["response_kind"], a["response_hours"]]["n"] += 1
            if name == "exposure" and a["closed"]:
                cell = found[bin_of(a["exposure_reporters"]), bin_of(a["exposure_draws"])]
                cell["events"] += 1
                cell["acted"] += a["acted"] == "yes"
                cell["unknown"] += a["acted"] == "unknown"
        return found

    def count_flow(self) -> dict[tuple[Any, ...], dict[str, int]]:
        names = ("relief", "sanctioned", "gave_up", "still_open", "went_on")
        found: dict[tuple[Any, ...], dict[str, int]] = {}
        for (id_, stage), s in self.stages.items():
            d = self.disputes[id_]
            if d["in_base"] and s["left_by"]:
                found.setdefault((d["organizer_type"], stage), dict.fromkeys(names, 0))[s["left_by"]] += 1
        return found

    def count_advice(self) -> dict[tuple[Any, ...], dict[str, int]]:
        found: dict[tuple[Any, ...], dict[str, int]] = {}
        for (id_, stage), s in self.stages.items():
            d = self.disputes[id_]
            if d["in_base"] and s["reached"] and s["came_from"] and s["decided"]:
                key = (d["organizer_type"], s["came_from"], stage, d["verification"])
                cell = found.setdefault(key, {"decided": 0, "relief": 0})
                cell["decided"] += 1
                cell["relief"] += s["relief_full"] or s["relief_partial"]
        return found

    def count_time(self) -> dict[tuple[Any, ...], dict[str, int]]:
        found: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: {"n": 0})
        end = {"closed_unresolved": "gave_up", "open": "censored", "lost_to_followup": "censored"}
        for d in self.base():
            ended = end.get(d["status"], "relief")
            found[d["organizer_type"], "", max(0, (d["ended_on"] - d["claim_on"]).days), ended]["n"] += 1
        for (id_, stage), s in self.stages.items():
            d = self.disputes[id_]
            if d["in_base"] and s["reached"]:
                ended = end.get(d["status"], "relief" if s["left_by"] == "relief" else "relief_elsewhere")
                found[d["organizer_type"], stage, max(0, (d["ended_on"] - s["entered_on"]).days), ended]["n"] += 1
        return found

    def count_cuts(self) -> dict[tuple[Any, ...], dict[str, int]]:
        fields = {"tool": "lottery_tool", "host": "host_platform", "reason": "dispute_reason", "prize": "prize_kind",
                  "value": "value_band", "level": "verification"}  # fmt: skip
        found = {}
        for cut, field in fields.items():
            for (value, stage), row in self.count_stages(field, "stage", actions=True).items():
                found[cut, value, stage] = row
        return found


def outcomes(disputes: list[Row]) -> dict[str, int]:
    status = [d["status"] for d in disputes]
    return {
        "disputes": len(disputes),
        **{name: status.count(name) for name in ("resolved_full", "resolved_partial", "closed_unresolved")},
        "undecided": status.count("open") + status.count("lost_to_followup"),
        "resolved": status.count("resolved_full") + status.count("resolved_partial"),
        "at_v2": sum(d["verification"] >= "V2" for d in disputes),
    }


BANDS = ((5000, "from_5000"), (500, "from_500"), (100, "from_100"), (20, "from_20"), (0, "under_20"))


def value_band(filing: Row) -> str:
    if filing["currency"] != "CNY" or filing["prize_value"] is None:
        return "other"
    return next(name for least, name in BANDS if filing["prize_value"] >= least)


def ended_on(
    status: str, best: Row | None, gave_up: date | None, entered: date | None, last_update: date, events: list[Row]
) -> date:
    if status in RESOLVED and best:
        return relief_day(best)
    if status != "closed_unresolved":
        return last_update
    if gave_up and not (entered and entered > gave_up):
        return gave_up
    return max(e[c] for e in events for c in ("entered_on", "closed_on", "relief_on") if e[c])


def relief_day(event: Row) -> date:
    return event["relief_on"] or event["closed_on"] or event["entered_on"]

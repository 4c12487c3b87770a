"""The fold in plain Python, for people and for the property tests: rows of the log in, what the marts must hold out.

Written from the domain model, not from the SQL. `log` is a dict of table name -> list of rows (dicts); slow and small.
"""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from prizewatch.identity import public_code
from prizewatch.vocabulary import code_lists
from tests.matching import matching
from tests.oracle_counts import DECIDED, RESOLVED, Counts, Row, ended_on, outcomes, relief_day, value_band
from tests.oracle_log import Log, answers, by, days, ends, in_order, latest, standing, two_years_after

UNDECIDED = {"pending", "promised", "unknown", "withdrawn"}
STATUS_OF = {"merge": "merged", "reject": "rejected", "remove": "removed", "hold": "hold_legal", "ask": "needs_info",
             "check": "pending"}  # fmt: skip
PUBLISHED = ("published_masked", "published_named")


class Fold(Counts):
    """Everything the marts say, as of a day."""

    def __init__(self, log: Log, as_of: date, zone: ZoneInfo, reference: bool = False) -> None:
        self.log, self.as_of, self.zone, self.reference = (
            {**log, "moderation": standing(log["moderation"]), "reply": answers(log["reply"])},
            as_of,
            zone,
            reference,
        )
        self.ends = ends(log)
        self.people = {r["reporter_key"]: r["cluster_key"] for r in in_order(log["cluster"])}
        events, proofs = by(log["stage_event"], "dispute_id"), by(log["evidence"], "dispute_id")
        rulings = by((r for r in self.log["moderation"] if r["subject_kind"] == "dispute"), "subject_id")
        self.disputes: dict[Any, Row] = {}
        self.stages: dict[tuple[Any, str], Row] = {}
        for id_, versions in by(log["filing"], "dispute_id").items():
            self.dispute(id_, versions, events[id_], proofs[id_], in_order(rulings[id_]))
        self.take_over_duplicates()
        for d in self.disputes.values():
            self.finish(d)
        for id_ in self.disputes:
            self.leave(id_)

    def today(self, at: Any) -> date | None:
        return at.replace(tzinfo=UTC).astimezone(self.zone).date() if at else None

    def dispute(
        self, id_: Any, versions: list[Row], event_rows: list[Row], proofs: list[Row], rulings: list[Row]
    ) -> None:
        f = latest(versions)
        first = min(versions, key=lambda r: (r["version"], r["commit_no"], str(r["event_id"])))

        def ruled(*actions: str) -> Row | None:
            return next((r for r in reversed(rulings) if r["action"] in actions), None)

        moved = ruled("move")
        organizer = moved["related_id"] if moved else f["organizer_id"]
        organizer = self.ends.get(organizer, organizer)

        def commit(*actions: str) -> int:
            return max((r["commit_no"] for r in rulings if r["action"] in actions), default=-1)

        events = [dict(latest(v)) for v in by(event_rows, "stage_event_id").values()]
        clocks = []
        for e in events:
            if e["outcome"] == "promised" and e["promised_on"]:
                if e["promised_on"] + days(14) < self.as_of:
                    e["outcome"] = "no_response"
                else:
                    clocks.append(e["promised_on"] + days(15))
        tried = [e for e in events if e["outcome"] != "skipped"]
        reopened, eligible = commit("reopen"), commit("reopen", "find_eligible")
        relieved = [e for e in events if e["outcome"].startswith("relief_") and e["commit_no"] > reopened]
        relieved.sort(
            key=lambda e: (
                e["outcome"] == "relief_full",
                relief_day(e),
                e["entered_on"],
                e["seq"],
                str(e["stage_event_id"]),
            )
        )
        best = relieved[-1] if relieved else None
        full = bool(best) and best["outcome"] == "relief_full"

        reported_on = self.today(first["reported_at"])
        touched = [self.today(v["reported_at"]) for v in versions]
        touched += [e[c] for e in events for c in ("entered_on", "closed_on", "relief_on") if e[c]]
        last_update = max(touched)
        last_entered = max((e["entered_on"] for e in tried), default=None)
        over_s1 = [e for e in events if e["stage"] != "s1_self_check"]
        all_decided = bool(over_s1) and all(e["outcome"] in DECIDED | {"skipped"} for e in over_s1)
        if self.reference:
            ended = all_decided and any(e["outcome"] in DECIDED for e in events)
        else:
            ended = all_decided and len({e["stage"] for e in over_s1}) == 7
        gave_up = f["gave_up_on"] if f["commit_no"] > reopened else None
        accepted = f["partial_accepted_on"] if f["commit_no"] > reopened else None
        finding = ruled("find_ineligible", "find_eligible", "reopen")
        pursued = bool(
            accepted
            and last_entered
            and accepted < last_entered <= accepted + days(180)
            and not (gave_up and gave_up >= last_entered)
        )

        if f["withdrawn_on"] and f["withdraw_reason"] not in ("settled", "pressured"):
            status = "withdrawn"
        elif (finding and finding["action"] == "find_ineligible") or any(
            e["outcome"] == "self_disqualified" and e["commit_no"] > eligible for e in events
        ):
            status = "closed_ineligible"
        elif full:
            status = "resolved_full"
        elif best and (accepted or (self.reference and ended)) and not pursued:
            status = "resolved_partial"
        elif (gave_up and not (last_entered and last_entered > gave_up)) or (ended and not best):
            status = "closed_unresolved"
        elif not self.reference and last_update + days(90) < self.as_of:
            status = "lost_to_followup"
        else:
            status = "open"
            if not self.reference:
                clocks.append(last_update + days(91))

        last = ruled("publish_masked", "publish_named", "ask", "hold", "check", "reject", "remove", "restore", "merge")
        published = ruled("publish_masked", "publish_named")
        action = last["action"] if last else ""
        if action in ("merge", "reject", "remove", "hold"):
            moderation = STATUS_OF[action]
        elif f["consent_publish"] is False:
            moderation = "draft"
        elif action in ("ask", "check"):
            moderation = STATUS_OF[action]
        elif f["screen"] and not (last and last["commit_no"] >= f["commit_no"]):
            moderation = "pending"
        else:
            named = action == "publish_named" or (
                action == "restore" and published and published["action"] == "publish_named"
            )
            pressed = f["withdrawn_on"] and f["withdraw_reason"] == "pressured"
            moderation = "published_named" if named and not pressed else "published_masked"

        replies = [
            r
            for r in self.log["reply"]
            if r["dispute_id"] == id_
            or (r["dispute_id"] is None and self.ends.get(r["organizer_id"], r["organizer_id"]) == organizer)
        ]
        reply = max(replies, key=lambda r: (r["replied_on"], r["commit_no"], str(r["event_id"])), default=None)
        trusted = f["source"] not in ("form", "api")
        named = {code_lists()["evidence_kind"][p["kind"]].group for p in proofs} & {"A", "B"}
        proofs = [p for p in proofs if trusted or p["sha256"]]  # a tick without a file proves one side at most
        groups = {code_lists()["evidence_kind"][p["kind"]].group for p in proofs} & {"A", "B"}
        strong = any(
            p["form"] != "screenshot" and code_lists()["evidence_kind"][p["kind"]].group in "AB" for p in proofs
        )
        level = ruled("set_level")
        if level:
            verification = level["reason_code"]
        elif self.reference:
            verification = "V2"
        else:
            verification = "V2" if len(groups) == 2 else "V1" if named else "V0"
            contested = reply and reply["dispute_id"] and reply["answer"] == "contests"  # this report, not all of them
            if len(groups) == 2 and not strong and contested:
                verification = "V1"
        alone = bool(
            reply and reply["dispute_id"] and reply["answer"] == "says_resolved"
            and f["commit_no"] <= reply["commit_no"]  # else the reporter has said something since
            and last_update <= reply["replied_on"] and status not in RESOLVED
        )  # fmt: skip
        claimed = alone and reply["replied_on"] + days(14) < self.as_of
        if alone and not claimed:
            clocks.append(reply["replied_on"] + days(15))

        credited = (f["credited_stage"] or best["stage"]) if best else None
        self.disputes[id_] = {
            **{c: f[c] for c in ("dispute_id", "draw_id", "organizer_type", "legal_nature",
            "host_platform",
                                 "lottery_tool", "dispute_reason", "prize_kind", "currency", "win_notice_on")},
            "organizer_id": organizer, "reporter_key": self.people.get(f["reporter_key"], f["reporter_key"]),
            "prize_cents": None if f["prize_value"] is None else int(f["prize_value"] * 100),
            "draw_on": self.today(f["draw_time"]),
            "claim_on": f["claim_made_on"] or f["refused_on"] or f["win_notice_on"] or reported_on,
            "reported_at": first["reported_at"], "value_band": value_band(f), "_event_rows": events,
            "ended_on": ended_on(status, best, gave_up, last_entered, last_update, events),
            "reported_on": reported_on, "month": reported_on.replace(day=1), "last_update_on": last_update,
            "status": status, "moderation": moderation, "verification": verification,
            "in_base": moderation in PUBLISHED and status not in ("closed_ineligible", "withdrawn"),
            "furthest_stage": max((e["stage"] for e in tried), default=None), "credited_stage": credited,
            "relief_on": relief_day(best) if best else None,
            "relief_cents": sum(int(e["relief_value"] * 100) for e in relieved if e["relief_value"] is not None)
            if any(e["relief_value"] is not None for e in relieved) else None,
            "_into": last["related_id"] if action == "merge" else None, "_claimed": claimed, "_clocks": clocks,
            "_full": full,
        }  # fmt: skip
        for stage, there in by(events, "stage").items():
            self.stage(id_, stage, there)

    def stage(self, id_: Any, stage: str, events: list[Row]) -> None:
        d = self.disputes[id_]
        tried = [e for e in events if e["outcome"] != "skipped"]
        done = [e for e in tried if e["outcome"] in DECIDED]
        decided = bool(done) and not any(e["outcome"] in UNDECIDED for e in tried)
        actions = {e["platform_action"] for e in done} - {None, "unknown"} if stage[:2] in ("s3", "s4") else set()
        mine = d["credited_stage"] == stage
        self.stages[id_, stage] = {
            "dispute_id": id_, "organizer_id": d["organizer_id"], "stage": stage,
            "entered_on": min(e["entered_on"] for e in tried or events),
            "reached": bool(tried), "decided": decided,
            "relief_full": decided and mine and d["_full"], "relief_partial": decided and mine and not d["_full"],
            "sanction_only": decided and not mine and any(e["outcome"] == "sanction_only" for e in tried),
            "action_known": bool(actions), "action_taken": bool(actions - {"none_known"}),
        }  # fmt: skip

    def take_over_duplicates(self) -> None:
        """The survivor of a merge keeps the earliest claim and the furthest stage of its duplicates."""
        own = {id_: (d["claim_on"], d["furthest_stage"]) for id_, d in self.disputes.items()}
        for id_, d in self.disputes.items():
            survivor = self.disputes.get(d["_into"])
            if d["moderation"] == "merged" and survivor and d["_into"] != id_:
                survivor["claim_on"] = min(survivor["claim_on"], own[id_][0])
                survivor["furthest_stage"] = max(survivor["furthest_stage"] or "", own[id_][1] or "") or None

    def finish(self, d: Row) -> None:
        window_ends = two_years_after(d["claim_on"])
        in_time = d["status"] in RESOLVED and d["relief_on"] <= d["claim_on"] + days(30)
        d["counts_for_level"] = (
            d["in_base"] and d["verification"] >= "V2" and d["dispute_reason"] != "impersonation"
            and not d["_claimed"] and not in_time and self.as_of < window_ends
        )  # fmt: skip
        d["next_clock_on"] = min([*d["_clocks"], *([window_ends] if d["counts_for_level"] else [])], default=None)
        if d["credited_stage"] == "ambiguous":
            self.stages[d["dispute_id"], "ambiguous"] = {
                "dispute_id": d["dispute_id"], "organizer_id": d["organizer_id"], "stage": "ambiguous",
                "entered_on": d["relief_on"],
                "reached": False, "decided": False, "relief_full": d["_full"], "relief_partial": not d["_full"],
                "sanction_only": False, "action_known": False, "action_taken": False,
            }  # fmt: skip

    def leave(self, id_: Any) -> None:
        """Every rung reached: from where it was come to, and how it was left."""
        d = self.disputes[id_]
        mine = {s: row for (of, s), row in self.stages.items() if of == id_}
        rungs = sorted(s for s, row in mine.items() if row["reached"])
        last = rungs[-1] if rungs else None
        if d["status"] in RESOLVED and d["credited_stage"] in rungs:
            last = d["credited_stage"]
        for s, row in mine.items():
            row["came_from"] = max((r for r in rungs if r < s), default=None) if s != "ambiguous" else None
            sanctioned = any(e["stage"] == s and e["outcome"] == "sanction_only" for e in d["_event_rows"])
            end = {"closed_unresolved": "sanctioned" if sanctioned else "gave_up"}
            end |= dict.fromkeys(RESOLVED, "relief")
            row["left_by"] = None if s not in rungs else "went_on" if s != last else end.get(d["status"], "still_open")

    # ---- what is counted

    def organizers(self) -> dict[Any, Row]:
        seen = [r for r in self.log["organizer"] if r["kind"] == "seen"]
        end = {r["organizer_id"]: self.ends.get(r["organizer_id"], r["organizer_id"]) for r in seen}
        on_file = set(end.values()) | {d["organizer_id"] for d in self.disputes.values()}
        return {o: self.organizer(o, [r for r in seen if end[r["organizer_id"]] == o]) for o in on_file}

    def organizer(self, o: Any, seen: list[Row]) -> Row:
        mine = [d for d in self.disputes.values() if d["organizer_id"] == o]
        base = [d for d in mine if d["in_base"]]
        edges = {(d["draw_id"], d["reporter_key"]) for d in mine if d["counts_for_level"]}
        level_draws, level_reporters = ({e[i] for e in edges} for i in (0, 1))
        rulings = in_order(
            r for r in self.log["moderation"] if r["subject_kind"] == "organizer" and r["subject_id"] == o
        )

        def stands(action: str) -> bool:
            return [r["action"] for r in rulings if r["action"] in (action, "un" + action)][-1:] == [action]

        naming = [r["commit_no"] for r in rulings if r["action"] == "name" and not self.reference]
        newest = max(mine, key=lambda d: (d["reported_on"], str(d["dispute_id"])), default=None)
        proven = [d for d in base if d["verification"] >= "V2"]

        def votes(name: str, said: str) -> tuple[int, bool]:
            people = {d["reporter_key"] for d in proven if d[name] == said}
            return (0 if said == "unknown" else len(people), bool(people))

        def rank(name: str, r: Row) -> Any:
            late = (r["seen_on"] is not None, r["seen_on"] or date.min, r["commit_no"], str(r["event_id"]))
            first = (r["organizer_id"] == o, r["reason"] is not None)
            if name in ("organizer_type", "legal_nature"):
                cautious = name == "organizer_type" or r[name] not in ("company", "public_body", "sole_proprietor")
                return (*first, *votes(name, r[name]), cautious, *late)
            return (*first, *late)

        def trait(name: str, default: str | None) -> Any:
            said = [r for r in seen if r[name]]
            if name == "display_name" and naming:
                said = [r for r in said if r["commit_no"] <= max(naming)]
            if said:
                return max(said, key=lambda r: rank(name, r))[name]
            return newest[name] if newest and name in newest else default

        counts = [r for r in self.log["draw_count"] if self.ends.get(r["organizer_id"], r["organizer_id"]) == o]
        count = max(counts, key=lambda r: (r["observed_on"], r["commit_no"], str(r["event_id"])), default=None)
        disputed = {
            d["draw_id"] for d in base
            if count and d["verification"] >= "V2" and d["dispute_reason"] != "impersonation"
            and d["draw_on"] and d["draw_on"] <= count["observed_on"]
        }  # fmt: skip
        if count and len(disputed) > count["draws_known"]:
            count = None  # the reports refute it
        replies = [
            r for r in self.log["reply"] if r["published"] and self.ends.get(r["organizer_id"], r["organizer_id"]) == o
        ]
        reply = max(replies, key=lambda r: (r["replied_on"], r["commit_no"], str(r["event_id"])), default=None)
        invited = any(r["action"] == "invite_reply" for r in rulings)
        k, m = matching(edges), len(level_reporters)
        kind, nature = trait("organizer_type", "unknown"), trait("legal_nature", "unknown")
        group = code_lists()["organizer_type"][kind].group
        business = group != "I" and nature in ("company", "public_body", "sole_proprietor")
        account = group == "A" and not business
        reviewed = self.reference or stands("review")
        level = "watch" if k >= 2 else "none"
        if k >= 3 and m >= 3 and reviewed:
            many = count and count["draws_known"] >= 5 and 2 * len(disputed) >= count["draws_known"]
            level = "pervasive" if many else "repeat"
        display_name = trait("display_name", None)
        if self.reference:
            listed = stands("name") and display_name is not None
        else:
            listed = (business and level != "none") or (account and level in ("repeat", "pervasive"))
        at_v2 = sum(d["verification"] >= "V2" for d in base)
        return {
            "organizer_id": o, "public_code": public_code(o), "organizer_type": kind, "legal_nature": nature,
            "host_platform": trait("host_platform", "other"), "display_name": display_name,
            "publication": "listed" if listed else "lookup",
            "named": listed and stands("name") and at_v2 >= 1 and (not account or m >= 2),
            "level": level if listed else "none", "reviewed": reviewed,
            **{c: v for c, v in outcomes(base).items() if c not in ("resolved", "at_v2")}, "at_v2": at_v2,
            "reporters": len({d["reporter_key"] for d in base}), "draws": len({d["draw_id"] for d in base}),
            "k_ind": k, "level_reporters": m, "level_draws": len(level_draws),
            "draws_known": count and count["draws_known"], "draws_source": count and count["source_kind"],
            "draws_counted_on": count and count["observed_on"], "disputed_draws": len(disputed),
            "first_report_on": min((d["reported_on"] for d in base), default=None),
            "last_report_on": max((d["reported_on"] for d in base), default=None),
            "reply": reply["answer"] if reply else "invited" if invited else "not_invited",
        }  # fmt: skip

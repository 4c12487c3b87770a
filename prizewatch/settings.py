"""Settings: every environment variable, its default and its meaning. Read once, at the edge, and passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import UnusableInput

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"
LIVE_REGISTER = DATA / "prizewatch.duckdb"
DEMO_REGISTER = DATA / "demo.duckdb"


class Variable(NamedTuple):
    """One environment variable: `PRIZEWATCH_` + name, its default as text, and what it is for."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "DATABASE", "", "Path of the register. Empty: data/prizewatch.duckdb if it exists, else the demo register."
    ),
    Variable(
        "SECRET_KEY", "", "Key for reporter and handle hashes. Empty: a key file beside the register (mode 0600)."
    ),
    Variable(
        "TIME_ZONE", "Asia/Shanghai", "Where a day begins: days and months on pages and in files are counted here."
    ),
    Variable("MEMORY_LIMIT", "4GB", "The most memory DuckDB may use."),
    Variable("THREADS", "2", "The most processor threads DuckDB may use."),
    Variable("OPERATOR", "", "Who runs this register: a name, shown on the contact page."),
    Variable("CONTACT", "", "Where to object or ask for a correction: an address, shown on the contact page."),
    Variable("PUBLIC_URL", "", "Address of the site, for permanent links. Empty: links are relative."),
    Variable("ALLOWED_HOSTS", "127.0.0.1,localhost", "Host names the site answers to, separated by commas."),
    Variable("REPORTS_PER_DAY", "20", "The most reports one network may file in 24 hours. 0: no limit."),
    Variable("REPORTS_PER_DEVICE_PER_DAY", "5", "The most reports one browser may file in 24 hours. 0: no limit."),
    Variable("UPLOADS_PER_DAY", "60", "The most files one network may send in 24 hours. 0: no limit."),
    Variable("LEAST_SECONDS", "20", "A form sent sooner than this waits for a moderator. 0: never."),
    Variable(
        "ORIGINALS_DAYS",
        "30",
        "Days for which moderators can read words as they were before personal data was masked. 0: not kept.",
    ),
    Variable(
        "WRONG_CODES_PER_10_MIN", "10", "The most wrong receipt codes one network may try in ten minutes. 0: no limit."
    ),
    Variable(
        "NOTICES_PER_DAY",
        "10",
        "The most notices one sender may file in 24 hours; fewer after some in bad faith. 0: no limit.",
    ),
    Variable(
        "TWO_PERSONS",
        "1",
        "1: naming, merging and splitting organizers needs a second moderator. 0: a team of one; the log says so.",
    ),
    Variable(
        "LOOKUPS_PER_10_MIN", "10", "The most exact-handle look-ups one network may make in ten minutes. 0: no limit."
    ),
    Variable(
        "SEARCHES_PER_10_MIN",
        "300",
        "The most searches by words one network may send over HTTP in ten minutes. 0: no limit.",
    ),
    Variable(
        "OIDC_CLIENT_ID",
        "",
        "What an identity provider knows this site by. Empty: moderators sign in with a passphrase only.",
    ),
    Variable("OIDC_CLIENT_SECRET", "", "The secret that goes with it."),
    Variable("OIDC_METADATA_URL", "", "Address of the provider's openid-configuration."),
    Variable(
        "OIDC_COOKIE_SECRET",
        "",
        "A long random text that signs the provider's cookie; another one signs everybody out there.",
    ),
    Variable("RELEASE_EVERY_DAYS", "1", "The fewest days from one release of the downloads to the next."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run, typed. Make one with `read`."""

    database: Path
    secret_key: str
    time_zone: ZoneInfo
    memory_limit: str
    threads: int
    operator: str
    contact: str
    public_url: str
    allowed_hosts: tuple[str, ...]
    reports_per_day: int
    reports_per_device_per_day: int
    uploads_per_day: int
    least_seconds: int
    originals_days: int
    wrong_codes_per_10_min: int
    lookups_per_10_min: int
    searches_per_10_min: int
    notices_per_day: int
    two_persons: bool
    release_every_days: int
    oidc_client_id: str
    oidc_client_secret: str
    oidc_metadata_url: str
    oidc_cookie_secret: str

    def sign_in_elsewhere(self) -> dict[str, str] | None:
        """What `st.login` needs to know of the identity provider; None where there is none."""
        if not self.oidc_client_id:
            return None
        return {
            "redirect_uri": f"{self.public_url}/oauth2callback",
            "cookie_secret": self.oidc_cookie_secret,
            "client_id": self.oidc_client_id,
            "client_secret": self.oidc_client_secret,
            "server_metadata_url": self.oidc_metadata_url,
        }


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from an environment.

    Raises `UnusableInput` naming the variable when a number or a time zone cannot be read.
    """
    text = {v.name: environ.get(f"PRIZEWATCH_{v.name}", "").strip() or v.default for v in VARIABLES}

    def number(name: str) -> int:
        if not text[name].isdecimal():
            raise UnusableInput("errors.setting.number", variable=f"PRIZEWATCH_{name}", value=text[name])
        return int(text[name])

    if text["OIDC_CLIENT_ID"]:
        for name in ("OIDC_CLIENT_SECRET", "OIDC_METADATA_URL", "OIDC_COOKIE_SECRET", "PUBLIC_URL"):
            if not text[name]:
                raise UnusableInput("errors.setting.oidc", variable=f"PRIZEWATCH_{name}")
    try:
        zone = ZoneInfo(text["TIME_ZONE"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnusableInput("errors.setting.time_zone", value=text["TIME_ZONE"]) from error
    return Settings(
        database=_database(text["DATABASE"]),
        secret_key=text["SECRET_KEY"],
        time_zone=zone,
        memory_limit=text["MEMORY_LIMIT"],
        threads=max(1, number("THREADS")),
        operator=text["OPERATOR"],
        contact=text["CONTACT"],
        public_url=text["PUBLIC_URL"].rstrip("/"),
        allowed_hosts=tuple(h.strip() for h in text["ALLOWED_HOSTS"].split(",") if h.strip()),
        reports_per_day=number("REPORTS_PER_DAY"),
        reports_per_device_per_day=number("REPORTS_PER_DEVICE_PER_DAY"),
        uploads_per_day=number("UPLOADS_PER_DAY"),
        least_seconds=number("LEAST_SECONDS"),
        originals_days=number("ORIGINALS_DAYS"),
        wrong_codes_per_10_min=number("WRONG_CODES_PER_10_MIN"),
        lookups_per_10_min=number("LOOKUPS_PER_10_MIN"),
        searches_per_10_min=number("SEARCHES_PER_10_MIN"),
        notices_per_day=number("NOTICES_PER_DAY"),
        two_persons=number("TWO_PERSONS") > 0,
        oidc_client_id=text["OIDC_CLIENT_ID"],
        oidc_client_secret=text["OIDC_CLIENT_SECRET"],
        oidc_metadata_url=text["OIDC_METADATA_URL"],
        oidc_cookie_secret=text["OIDC_COOKIE_SECRET"],
        release_every_days=max(1, number("RELEASE_EVERY_DAYS")),
    )


def _database(named: str) -> Path:
    if named:
        return Path(named).expanduser()
    return LIVE_REGISTER if LIVE_REGISTER.exists() else DEMO_REGISTER

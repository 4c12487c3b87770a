-- The tables pages ask. All derived from the log; dropped and rebuilt when this file or the fold changes.
-- Counts are BIGINT, money is cents: sums of integers would else become HUGEINT, which scans far slower.

CREATE OR REPLACE TABLE mart.version (commit_no BIGINT NOT NULL, as_of DATE NOT NULL);

-- Organizers that are really another one now: merges followed to their end. Filled first: the fold reads it.
CREATE OR REPLACE TABLE mart.organizer_merge (organizer_id UUID, canonical_id UUID);

-- One row a dispute, folded as of mart.version.as_of. Everything else here is counted from this table and the next.
CREATE OR REPLACE TABLE mart.dispute (
    dispute_id UUID,
    organizer_id UUID,           -- after merges
    draw_id UUID,
    reporter_key VARCHAR,
    organizer_type VARCHAR,
    legal_nature VARCHAR,
    host_platform VARCHAR,
    lottery_tool VARCHAR,
    dispute_reason VARCHAR,
    prize_kind VARCHAR,
    prize_cents BIGINT,
    currency VARCHAR,
    value_band VARCHAR,          -- code list value_band; other: another currency, or not known
    draw_on DATE,                -- register's time zone
    win_notice_on DATE,
    claim_on DATE,               -- clock start: claim_made_on, else refused_on, else win_notice_on, else reported_on
    reported_at TIMESTAMP,       -- of the first version (UTC): what "filed before" is told by
    reported_on DATE,
    month DATE,                  -- first day of the month of reported_on
    last_update_on DATE,
    status VARCHAR,              -- code list dispute_status
    moderation VARCHAR,          -- code list moderation_status
    verification VARCHAR,        -- V0..V4
    in_base BOOLEAN,             -- base set B of the model: published, not merged, not ineligible, not withdrawn
    counts_for_level BOOLEAN,    -- may be an edge of the repeat-organizer matching
    furthest_stage VARCHAR,
    credited_stage VARCHAR,
    relief_on DATE,
    relief_cents BIGINT,
    ended_on DATE,               -- relief, giving up, or (while undecided) the last update
    next_clock_on DATE           -- first day on which this row changes by the clock alone, or NULL
);

-- One row a dispute and stage it reached or skipped.
-- The row of stage 'ambiguous' holds relief that is credited to no stage.
CREATE OR REPLACE TABLE mart.dispute_stage (
    dispute_id UUID,
    organizer_id UUID,           -- after merges
    stage VARCHAR,
    entered_on DATE,
    reached BOOLEAN,             -- an event that is not skipped
    decided BOOLEAN,             -- reached, a decided outcome, and no undecided event left
    relief_full BOOLEAN,         -- credited to this stage
    relief_partial BOOLEAN,
    sanction_only BOOLEAN,
    action_known BOOLEAN,        -- a decided s3/s4 event whose platform action is known
    action_taken BOOLEAN,
    came_from VARCHAR,           -- the rung reached before, NULL at the first
    left_by VARCHAR              -- relief, sanctioned, gave_up, still_open where it left the ladder; went_on elsewhere
);

-- One row an event that says something of whom it was put to, of disputes in the base set: decided ones at a platform, and
-- those with the hours to the first answer. Exposure: distinct people and draws on file against the organizer strictly before.
CREATE OR REPLACE TABLE mart.answer (
    dispute_id UUID, stage_event_id UUID,
    organizer_id UUID,           -- after merges
    reporter_key VARCHAR, draw_id UUID,
    filed_at TIMESTAMP,          -- when the report came, not when the event was closed
    stage VARCHAR, closed_on DATE,
    closed BOOLEAN,              -- a decided event at s3 or s4
    acted VARCHAR,               -- of those: yes, no, unknown
    response_kind VARCHAR, response_hours BIGINT,
    exposure_reporters BIGINT, exposure_draws BIGINT
);

-- organizer type x stage, over the base set.
CREATE OR REPLACE TABLE mart.resolution (
    organizer_type VARCHAR, stage VARCHAR,
    reached BIGINT, decided BIGINT, relief_full BIGINT, relief_partial BIGINT, sanction_only BIGINT,
    action_known BIGINT, action_taken BIGINT
);

-- The same by one trait of the dispute: cut is tool, host, reason, prize, value or level.
CREATE OR REPLACE TABLE mart.cut (
    cut VARCHAR, value VARCHAR, stage VARCHAR,
    reached BIGINT, decided BIGINT, relief_full BIGINT, relief_partial BIGINT, sanction_only BIGINT,
    action_known BIGINT, action_taken BIGINT
);

-- How disputes left each rung they reached: reached = relief + sanctioned + gave_up + still_open + went_on.
CREATE OR REPLACE TABLE mart.flow (
    organizer_type VARCHAR, stage VARCHAR,
    relief BIGINT, sanctioned BIGINT, gave_up BIGINT, still_open BIGINT, went_on BIGINT
);

-- Days from a stage (stage '': from the claim) to the end, as counts, so that curves cost the same at any size.
CREATE OR REPLACE TABLE mart.time (organizer_type VARCHAR, stage VARCHAR, days BIGINT, ended VARCHAR, n BIGINT);

-- Hours to the first answer, by who answered.
CREATE OR REPLACE TABLE mart.first_response (stage VARCHAR, response_kind VARCHAR, hours BIGINT, n BIGINT);

-- Decided events at platforms by bins of exposure.
CREATE OR REPLACE TABLE mart.exposure (reporters VARCHAR, draws VARCHAR, events BIGINT, acted BIGINT, unknown BIGINT);

-- What came of going from one rung to another.
CREATE OR REPLACE TABLE mart.advice (
    organizer_type VARCHAR, came_from VARCHAR, stage VARCHAR, verification VARCHAR, decided BIGINT, relief BIGINT
);

-- month of report x organizer type, over the base set.
CREATE OR REPLACE TABLE mart.month (
    month DATE, organizer_type VARCHAR,
    disputes BIGINT, resolved_full BIGINT, resolved_partial BIGINT, closed_unresolved BIGINT, undecided BIGINT, at_v2 BIGINT
);

-- organizer type x main reason, over the base set.
CREATE OR REPLACE TABLE mart.reason (
    organizer_type VARCHAR, dispute_reason VARCHAR,
    disputes BIGINT, resolved_full BIGINT, resolved_partial BIGINT, closed_unresolved BIGINT, undecided BIGINT
);

-- One row an organizer (after merges) with anything on file.
CREATE OR REPLACE TABLE mart.organizer (
    organizer_id UUID,
    public_code VARCHAR,         -- 7F3A-2K9Q: from organizer_id, which is itself keyed and says nothing of the handle
    organizer_type VARCHAR,
    legal_nature VARCHAR,
    host_platform VARCHAR,
    display_name VARCHAR,        -- NULL where it may not even be kept
    publication VARCHAR,         -- listed: browsable; lookup: only the exact-handle answer
    named BOOLEAN,               -- the name may be shown; else "#code"
    level VARCHAR,               -- none, watch, repeat, pervasive (what the public is told)
    reviewed BOOLEAN,
    disputes BIGINT,             -- base set
    reporters BIGINT,            -- distinct, base set
    draws BIGINT,                -- distinct, base set
    at_v2 BIGINT,                -- base set, V2 or more
    resolved_full BIGINT, resolved_partial BIGINT, closed_unresolved BIGINT, undecided BIGINT,
    k_ind BIGINT,                -- maximum matching draws x reporters
    level_reporters BIGINT,      -- distinct reporters in that graph
    level_draws BIGINT,
    draws_known BIGINT, draws_source VARCHAR, draws_counted_on DATE,
    disputed_draws BIGINT,       -- distinct draws with a V2 dispute up to draws_counted_on
    first_report_on DATE,
    last_report_on DATE,
    reply VARCHAR                -- code list organizer_reply
);

CREATE OR REPLACE TABLE mart.organizer_stage (
    organizer_id UUID, stage VARCHAR,
    reached BIGINT, decided BIGINT, relief_full BIGINT, relief_partial BIGINT, sanction_only BIGINT
);

CREATE OR REPLACE TABLE mart.organizer_reason (organizer_id UUID, dispute_reason VARCHAR, disputes BIGINT);

CREATE OR REPLACE TABLE mart.organizer_month (organizer_id UUID, month DATE, disputes BIGINT, resolved BIGINT);

-- Names of listed organizers that may be shown, for search: no other name ever gets in here.
CREATE OR REPLACE TABLE mart.organizer_name (
    organizer_id UUID,
    name VARCHAR,                -- as shown
    kind VARCHAR,                -- name, handle, former
    folded VARCHAR,              -- NFKC, simplified, casefolded, without spaces and signs
    pinyin VARCHAR,              -- all readings, separated by a space
    initials VARCHAR,
    seen_on DATE
);

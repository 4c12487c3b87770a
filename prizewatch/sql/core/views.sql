-- The log as it stands today, for people who look into a register, and what the fold shares with the marts.
CREATE OR REPLACE VIEW core.filing AS
SELECT * FROM log.filing
QUALIFY row_number() OVER (PARTITION BY dispute_id ORDER BY version DESC, commit_no DESC, event_id DESC) = 1;

CREATE OR REPLACE VIEW core.organizer_alias AS
SELECT o.organizer_id, coalesce(m.canonical_id, o.organizer_id) AS canonical_id,
       o.host_platform, o.handle_key, o.handle, o.display_name, o.reg_no,
       min(o.seen_on) AS first_seen_on, max(o.seen_on) AS last_seen_on
FROM log.organizer o LEFT JOIN mart.organizer_merge m ON m.organizer_id = o.organizer_id
WHERE o.kind = 'seen'
GROUP BY ALL;

-- Decisions that stand: neither taken back, nor taking another one back.
CREATE OR REPLACE VIEW core.decision AS
SELECT * FROM log.moderation m
WHERE m.undoes IS NULL AND NOT EXISTS (FROM log.moderation u WHERE u.undoes = m.event_id);

-- The last of them about each subject, by action.
CREATE OR REPLACE VIEW core.moderation AS
SELECT * FROM core.decision
QUALIFY row_number() OVER (PARTITION BY subject_kind, subject_id, action ORDER BY commit_no DESC, recorded_at DESC, event_id DESC) = 1;

-- Answers of organizers that stand: of what came by an invitation the newest word of each, unless it was taken back.
CREATE OR REPLACE VIEW core.reply AS
SELECT * FROM log.reply
QUALIFY reply_id IS NULL
    OR (published AND row_number() OVER (PARTITION BY reply_id, dispute_id ORDER BY commit_no DESC, event_id DESC) = 1);

-- Who may stand in a case file: reports that count, carry some proof, and whose latest version agrees to it. Nobody who
-- withdrew, for whatever reason, nobody who tells of a borrowed name, and nothing about people who run no business: of
-- them nothing is told by organizer (domain model 3.7).
CREATE OR REPLACE VIEW core.case_claim AS
SELECT d.* , o.public_code, o.level, o.publication = 'listed' AS listed, f.event_id AS filing_id
FROM mart.dispute d
JOIN mart.organizer o ON o.organizer_id = d.organizer_id
JOIN ref.code y ON y.list = 'organizer_type' AND y.code = o.organizer_type
JOIN log.filing f ON f.dispute_id = d.dispute_id AND f.consent_case_file AND f.withdrawn_on IS NULL
WHERE d.in_base AND d.verification >= 'V1' AND d.dispute_reason <> 'impersonation'
      AND (o.legal_nature IN ('company', 'public_body', 'sole_proprietor') AND y.grp <> 'I' OR y.grp = 'A')
      AND NOT EXISTS (
          SELECT 1 FROM log.filing n WHERE n.dispute_id = f.dispute_id
          AND row(n.version, n.commit_no, n.event_id) > row(f.version, f.commit_no, f.event_id)
      );

-- 7F3A-2K9Q: the first 40 bits of the id in Crockford's alphabet, as identity.public_code.
CREATE OR REPLACE MACRO core.public_code_part(bits, shift) AS
    substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', CAST((bits >> shift) & 31 AS INTEGER) + 1, 1);
CREATE OR REPLACE MACRO core.public_code_of(bits) AS
    core.public_code_part(bits, 35) || core.public_code_part(bits, 30) || core.public_code_part(bits, 25)
    || core.public_code_part(bits, 20) || '-' || core.public_code_part(bits, 15) || core.public_code_part(bits, 10)
    || core.public_code_part(bits, 5) || core.public_code_part(bits, 0);
CREATE OR REPLACE MACRO core.public_code(organizer) AS
    core.public_code_of(CAST('0x' || left(replace(CAST(organizer AS VARCHAR), '-', ''), 10) AS BIGINT));

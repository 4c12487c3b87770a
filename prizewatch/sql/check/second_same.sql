-- Decisions and confirmations by one person where two are needed.
SELECT (SELECT count(*) FROM log.moderation WHERE second = actor) + (
    SELECT count(*)
    FROM log.proposal c JOIN log.proposal p ON p.proposal_id = c.proposal_id AND p.kind = 'proposed'
    WHERE c.kind = 'confirmed' AND c.actor = p.actor
)

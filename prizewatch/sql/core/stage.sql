-- One row a dispute and stage, from fold_event and fold_dispute. Relief counts where it is credited and the stage is decided.
WITH visited AS (
    SELECT dispute_id, stage,
           coalesce(min(entered_on) FILTER (attempted), min(entered_on)) AS entered_on,
           bool_or(attempted) AS reached,
           bool_or(counts_as = 'decided') AND NOT bool_or(counts_as = 'undecided') AS decided,
           coalesce(bool_or(outcome = 'sanction_only'), FALSE) AS sanctioned,
           coalesce(bool_or(counts_as = 'decided' AND platform_action IS NOT NULL AND platform_action <> 'unknown'), FALSE)
               AS action_known,
           coalesce(bool_or(counts_as = 'decided' AND platform_action NOT IN ('unknown', 'none_known')), FALSE) AS action_taken
    FROM fold_event
    GROUP BY dispute_id, stage
)
SELECT v.dispute_id, d.organizer_id, v.stage, v.entered_on, v.reached, v.decided,
       v.decided AND d.credited_stage IS NOT DISTINCT FROM v.stage AND d.full_relief AS relief_full,
       v.decided AND d.credited_stage IS NOT DISTINCT FROM v.stage AND NOT d.full_relief AS relief_partial,
       v.decided AND v.sanctioned AND d.credited_stage IS DISTINCT FROM v.stage AS sanction_only,
       v.stage IN ('s3_lottery_platform', 's4_host_platform') AND v.action_known AS action_known,
       v.stage IN ('s3_lottery_platform', 's4_host_platform') AND v.action_taken AS action_taken
FROM visited v JOIN fold_dispute d ON d.dispute_id = v.dispute_id
UNION ALL
SELECT d.dispute_id, d.organizer_id, 'ambiguous', d.relief_on, FALSE, FALSE, d.full_relief, NOT d.full_relief, FALSE, FALSE, FALSE
FROM fold_dispute d
WHERE d.credited_stage = 'ambiguous'

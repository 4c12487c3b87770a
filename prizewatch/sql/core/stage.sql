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
),
placed AS (
    -- Where a dispute leaves the ladder: where its relief is credited, else at the furthest rung it reached itself.
    SELECT v.*, d.organizer_id, d.status, d.credited_stage, d.full_relief,
           CASE WHEN d.status IN ('resolved_full', 'resolved_partial')
                     AND bool_or(v.reached AND v.stage = d.credited_stage) OVER (PARTITION BY v.dispute_id)
                THEN d.credited_stage
                ELSE max(v.stage) FILTER (v.reached) OVER (PARTITION BY v.dispute_id) END AS left_at,
           max(v.stage) FILTER (v.reached) OVER (
               PARTITION BY v.dispute_id ORDER BY v.stage ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS came_from
    FROM visited v JOIN fold_dispute d ON d.dispute_id = v.dispute_id
)
SELECT dispute_id, organizer_id, stage, entered_on, reached, decided,
       decided AND credited_stage IS NOT DISTINCT FROM stage AND full_relief AS relief_full,
       decided AND credited_stage IS NOT DISTINCT FROM stage AND NOT full_relief AS relief_partial,
       decided AND sanctioned AND credited_stage IS DISTINCT FROM stage AS sanction_only,
       stage IN ('s3_lottery_platform', 's4_host_platform') AND action_known AS action_known,
       stage IN ('s3_lottery_platform', 's4_host_platform') AND action_taken AS action_taken,
       came_from,
       CASE WHEN NOT reached THEN NULL
            WHEN stage <> left_at THEN 'went_on'
            WHEN status IN ('resolved_full', 'resolved_partial') THEN 'relief'
            WHEN status = 'closed_unresolved' THEN CASE WHEN sanctioned THEN 'sanctioned' ELSE 'gave_up' END
            ELSE 'still_open' END AS left_by
FROM placed
UNION ALL
SELECT d.dispute_id, d.organizer_id, 'ambiguous', d.relief_on, FALSE, FALSE, d.full_relief, NOT d.full_relief, FALSE, FALSE,
       FALSE, NULL, NULL
FROM fold_dispute d
WHERE d.credited_stage = 'ambiguous'

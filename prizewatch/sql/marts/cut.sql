-- one trait of a dispute x stage, over the base set: the same counts as resolution, by something else than the organizer
SELECT CASE WHEN grouping(lottery_tool) = 0 THEN 'tool' WHEN grouping(host_platform) = 0 THEN 'host'
            WHEN grouping(dispute_reason) = 0 THEN 'reason' WHEN grouping(prize_kind) = 0 THEN 'prize'
            WHEN grouping(value_band) = 0 THEN 'value' ELSE 'level' END AS cut,
       coalesce(lottery_tool, host_platform, dispute_reason, prize_kind, value_band, verification) AS value, stage,
       sum(sign * CAST(reached AS BIGINT)) AS reached,
       sum(sign * CAST(decided AS BIGINT)) AS decided,
       sum(sign * CAST(relief_full AS BIGINT)) AS relief_full,
       sum(sign * CAST(relief_partial AS BIGINT)) AS relief_partial,
       sum(sign * CAST(sanction_only AS BIGINT)) AS sanction_only,
       sum(sign * CAST(action_known AS BIGINT)) AS action_known,
       sum(sign * CAST(action_taken AS BIGINT)) AS action_taken
FROM signed_stage
GROUP BY GROUPING SETS ((lottery_tool, stage), (host_platform, stage), (dispute_reason, stage), (prize_kind, stage),
                        (value_band, stage), (verification, stage))

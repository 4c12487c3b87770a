-- Decided steps from one rung to the next: when they were taken, when decided, and whether they brought relief.
SELECT d.organizer_type, s.came_from, s.stage, d.verification, s.entered_on, e.decided_on,
       (s.relief_full OR s.relief_partial)::INTEGER AS relief
FROM mart.dispute_stage s
JOIN mart.dispute d ON d.dispute_id = s.dispute_id AND d.in_base
JOIN (
    SELECT dispute_id, stage, max(greatest(entered_on, closed_on)) AS decided_on
    FROM core.stage_event($as_of) WHERE attempted GROUP BY dispute_id, stage
) e ON e.dispute_id = s.dispute_id AND e.stage = s.stage
WHERE s.decided AND s.came_from IS NOT NULL;

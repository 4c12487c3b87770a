-- What an organizer's disputes add up to; distinct people and draws cannot be kept by adding, so they are counted anew.
SELECT d.organizer_id,
       count(*) FILTER (d.in_base) AS disputes,
       count(DISTINCT d.reporter_key) FILTER (d.in_base) AS reporters,
       count(DISTINCT d.draw_id) FILTER (d.in_base) AS draws,
       count(*) FILTER (d.in_base AND d.verification >= 'V2') AS at_v2,
       count(*) FILTER (d.in_base AND d.status = 'resolved_full') AS resolved_full,
       count(*) FILTER (d.in_base AND d.status = 'resolved_partial') AS resolved_partial,
       count(*) FILTER (d.in_base AND d.status = 'closed_unresolved') AS closed_unresolved,
       count(*) FILTER (d.in_base AND d.status IN ('open', 'lost_to_followup')) AS undecided,
       count(DISTINCT d.reporter_key) FILTER (d.counts_for_level) AS level_reporters,
       count(DISTINCT d.draw_id) FILTER (d.counts_for_level) AS level_draws,
       count(DISTINCT d.draw_id) FILTER (
           d.in_base AND d.verification >= 'V2' AND d.dispute_reason <> 'impersonation' AND d.draw_on <= c.draws_counted_on
       ) AS disputed_draws,
       min(d.reported_on) FILTER (d.in_base) AS first_report_on,
       max(d.reported_on) FILTER (d.in_base) AS last_report_on,
       max_by(d.organizer_type, row(d.reported_on, d.dispute_id)) AS organizer_type,
       max_by(d.legal_nature, row(d.reported_on, d.dispute_id)) AS legal_nature,
       max_by(d.host_platform, row(d.reported_on, d.dispute_id)) AS host_platform
FROM picked_dispute d
LEFT JOIN counted_draws c ON c.organizer_id = d.organizer_id
GROUP BY d.organizer_id

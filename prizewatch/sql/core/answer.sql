-- One row for each event that says something of whom it was put to, of disputes in the base set: a decided one at a
-- platform (s3, s4), or one with the hours to the first answer. From fold_event and fold_dispute; exposure comes later.
SELECT e.dispute_id, e.stage_event_id, d.organizer_id, d.reporter_key, d.draw_id, d.reported_at AS filed_at, e.stage,
       e.closed_on, at_platform AND e.counts_as = 'decided' AS closed,
       CASE WHEN at_platform AND e.counts_as = 'decided' THEN
           CASE WHEN coalesce(e.platform_action, 'unknown') = 'unknown' THEN 'unknown'
                WHEN e.platform_action = 'none_known' THEN 'no' ELSE 'yes' END END AS acted,
       CASE WHEN e.first_response_hours IS NOT NULL THEN coalesce(e.response_kind, 'unknown') END AS response_kind,
       e.first_response_hours AS response_hours
FROM (SELECT *, stage IN ('s3_lottery_platform', 's4_host_platform') AS at_platform FROM fold_event WHERE attempted) e
JOIN fold_dispute d ON d.dispute_id = e.dispute_id AND d.in_base
WHERE (at_platform AND e.counts_as = 'decided') OR e.first_response_hours IS NOT NULL

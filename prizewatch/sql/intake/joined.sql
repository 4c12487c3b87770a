-- What a link to a draw may tell: how the report of who shares it describes it, while that stands and is about this draw:
-- nothing of what others reported. The name and the code of its organizer only where they are public.
SELECT d.organizer_type, d.legal_nature, d.host_platform, d.lottery_tool, d.prize_kind, d.draw_on,
       CASE WHEN o.publication = 'listed' AND o.named THEN o.display_name END,
       CASE WHEN o.publication = 'listed' THEN o.public_code END
FROM mart.dispute d LEFT JOIN mart.organizer o ON o.organizer_id = d.organizer_id
WHERE d.dispute_id = $dispute AND d.draw_id = $draw AND d.status <> 'withdrawn'
      AND d.moderation IN ('published_masked', 'published_named')  -- a held report is told to nobody

-- What a link to a draw may tell: how most who reported it describe it, while any of these reports stands; the name and
-- the code of its organizer only where they are public.
SELECT mode(d.organizer_type), mode(d.legal_nature), mode(d.host_platform), mode(d.lottery_tool), mode(d.prize_kind),
       mode(d.draw_on),
       any_value(CASE WHEN o.publication = 'listed' AND o.named THEN o.display_name END),
       any_value(CASE WHEN o.publication = 'listed' THEN o.public_code END)
FROM mart.dispute d LEFT JOIN mart.organizer o ON o.organizer_id = d.organizer_id
WHERE d.draw_id = $draw::UUID AND d.status <> 'withdrawn'
      AND d.moderation IN ('published_masked', 'published_named')  -- a held report is told to nobody
HAVING count(*) > 0

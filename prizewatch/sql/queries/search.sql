-- Listed organizers, filtered, ranked, one page of them; `total` is their number. Empty lists and empty words filter nothing.
-- Words are tried on columns first; only if no name, handle or code contains them, likeness decides (one typo, one wrong homophone).
WITH direct AS (
    SELECT organizer_id,
           max(CASE WHEN folded = $folded THEN 6
                    WHEN starts_with(folded, $folded) THEN 5
                    WHEN contains(folded, $folded) THEN 4
                    WHEN contains(pinyin, $pinyin) THEN 3
                    ELSE 2 END) AS score
    FROM mart.organizer_name
    WHERE $folded <> '' AND (contains(folded, $folded) OR contains(pinyin, $pinyin) OR contains(initials, $folded))
    GROUP BY organizer_id
    UNION ALL
    SELECT organizer_id, 7 FROM mart.organizer
    WHERE $code <> '' AND publication = 'listed' AND contains(replace(public_code, '-', ''), $code)
), alike AS (
    SELECT organizer_id,
           max(greatest(jaro_winkler_similarity(folded, $folded),
                        list_max([jaro_winkler_similarity(way, $pinyin) FOR way IN string_split(pinyin, ' ')]))) AS score
    FROM mart.organizer_name
    WHERE $folded <> '' AND length($folded) > 1 AND NOT EXISTS (FROM direct)
    GROUP BY organizer_id
    HAVING score >= 0.88
), hit AS (
    SELECT organizer_id, max(score) AS score FROM (FROM direct UNION ALL FROM alike) GROUP BY organizer_id
), found AS (
    SELECT o.*, h.score, (resolved_full + resolved_partial)::BIGINT AS resolved,
           (resolved_full + resolved_partial + closed_unresolved)::BIGINT AS decided
    FROM mart.organizer o
    LEFT JOIN hit h ON h.organizer_id = o.organizer_id
    WHERE o.publication = 'listed'
      AND ($folded = '' OR h.organizer_id IS NOT NULL)
      AND (len($types) = 0 OR list_contains($types, o.organizer_type))
      AND (len($platforms) = 0 OR list_contains($platforms, o.host_platform))
      AND (len($levels) = 0 OR list_contains($levels, o.level))
)
SELECT CAST(organizer_id AS VARCHAR) AS organizer_id, public_code, CASE WHEN named THEN display_name END AS name,
       organizer_type, host_platform, level, disputes, reporters, draws, resolved, decided, last_report_on,
       count(*) OVER () AS total
FROM found
ORDER BY score DESC NULLS LAST,
         CASE $sort WHEN 'disputes' THEN disputes WHEN 'reporters' THEN reporters WHEN 'draws' THEN draws
                    WHEN 'resolved' THEN resolved WHEN 'decided' THEN decided END DESC NULLS LAST,
         CASE WHEN $sort = 'rate' AND decided >= $rate_from THEN resolved / decided END DESC NULLS LAST,
         last_report_on DESC, public_code
LIMIT $size OFFSET $offset;

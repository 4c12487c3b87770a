-- Decided events at platforms by what was on file before, in bins, and what the platform did.
SELECT reporters, draws, events, acted, unknown FROM mart.exposure ORDER BY reporters, draws;

SELECT name, commit_no, as_of, seed, settings, result, made_at FROM core.fit WHERE name = $fit;

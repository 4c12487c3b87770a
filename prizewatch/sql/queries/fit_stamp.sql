-- Newest data any fit was made of, and when.
SELECT max(commit_no) AS commit_no, max(as_of) AS as_of, max(made_at) AS made_at FROM core.fit;

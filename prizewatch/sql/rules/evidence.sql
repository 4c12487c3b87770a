-- Rules over one piece of evidence, written as in dispute.sql.

-- evidence.sha256.form sha256 if=sha256
length(sha256_) <= 64 AND NOT regexp_full_match(sha256_, '[0-9a-fA-F]{64}');

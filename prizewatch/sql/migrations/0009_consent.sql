-- What may be done with a report is asked one by one; the case file is new. Nobody who filed before has agreed to it.

ALTER TABLE log.filing ADD COLUMN consent_case_file BOOLEAN;

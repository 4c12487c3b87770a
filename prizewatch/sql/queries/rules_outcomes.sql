SELECT stage, outcome FROM ref.stage_outcome ORDER BY stage, outcome;

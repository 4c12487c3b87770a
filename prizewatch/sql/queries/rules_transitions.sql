SELECT from_stage, to_stage, need FROM ref.transition ORDER BY from_stage, to_stage;

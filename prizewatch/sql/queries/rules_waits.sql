SELECT stage, days FROM ref.wait ORDER BY stage;

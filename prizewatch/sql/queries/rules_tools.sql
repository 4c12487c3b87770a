SELECT tool, claim_days, ship_days, cash_days, cap, source, checked_on FROM ref.tool_rules ORDER BY tool;

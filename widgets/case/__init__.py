"""The page of cases: what is wrong with an equipment, why, what to do, and what verdicts have changed."""

"""How the alarm system performs, for operators, engineers and auditors."""

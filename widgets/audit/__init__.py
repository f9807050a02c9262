"""The page of the audit trail: who did what to the plant, searched, and how well that is bound."""

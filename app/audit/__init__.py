"""The audit trail: who did what to the plant, kept so that an alteration is found."""

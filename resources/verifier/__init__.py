"""The two programs that verify a proof pack and need nothing of ours; both are copied beside each pack."""

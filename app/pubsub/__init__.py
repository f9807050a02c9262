"""The border between collector and window: live values, events and commands."""

"""The alarm banner and the alarm list."""

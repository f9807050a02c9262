"""Writes to devices as operators make them: selected, checked, confirmed, executed, read back, and audited."""

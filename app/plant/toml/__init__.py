"""TOML as people keep it: read with lines, written and revised without touching what did not change."""

"""The past of the whole station, played on every screen as if it were now."""

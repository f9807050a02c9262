"""Signal cleaning between device and history: bad samples are flagged, never removed."""

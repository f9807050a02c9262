"""The plant of a recording: its signals, how they behave, and the limits that this suggests."""

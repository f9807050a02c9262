"""Alarms on screen: the banner, the list with what is hidden, the journal, and what is done to an alarm."""

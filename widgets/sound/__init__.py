"""What operators hear: tones by priority, and spoken alarms where the system can speak."""

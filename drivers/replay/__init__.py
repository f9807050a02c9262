"""Recorded signals played back as if they came from devices."""

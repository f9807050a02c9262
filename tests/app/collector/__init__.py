"""Tests of the collector with real servers and a real SQLite file."""

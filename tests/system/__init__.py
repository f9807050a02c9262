"""Tests of whole stations: real processes, real servers, a real SQLite file."""

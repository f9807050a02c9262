"""Tests of connections that are kept alive."""

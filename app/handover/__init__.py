"""Handing a shift over: its open points, its report, and both signatures, each step for good."""

"""Benchmarks: ours and the peer in turn in one run; ratios count, absolute times prove nothing on a shared machine."""

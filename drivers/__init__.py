"""Device drivers behind one contract."""

"""The plant at a glance: its areas, and the way into each."""

"""A connection to a device, looked at closely: its state, its security, and whom it talks to."""

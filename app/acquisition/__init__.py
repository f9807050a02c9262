"""Subscriptions, polling and the states of the connections to the devices."""

"""Maintenance on screen: work orders with their steps, recurring work, and the register of equipment."""

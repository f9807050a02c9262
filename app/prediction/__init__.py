"""Health of equipment and the time until a signal reaches its limit."""

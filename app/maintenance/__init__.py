"""Maintenance: the equipment register, work orders from request to "did it fix it?", meters, calendar, margin."""

"""Modbus client and server."""

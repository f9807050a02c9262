"""The first page: open the demo plant or connect to a device."""

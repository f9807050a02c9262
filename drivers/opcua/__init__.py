"""OPC UA client and server."""

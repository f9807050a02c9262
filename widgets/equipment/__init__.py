"""The equipment tree with its health."""

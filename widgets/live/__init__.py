"""The live state of a plant, out of its collector: values from a mapped file, events and commands over a socket."""

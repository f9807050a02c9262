"""The plant file: areas, equipment, tags, connections and alarm limits as written by the engineer."""

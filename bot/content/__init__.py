"""messages/ as frozen models, checked as a whole; see `load`."""

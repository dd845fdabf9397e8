"""`make attack`: does to the real bot what bad days and bad people do; docs/reliability.md has the figures."""

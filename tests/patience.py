"""How long tests wait for what has to come."""

# Seconds. It only ends what hangs, and lies below pytest's own limit: on a busy machine a second may take a minute.
PATIENCE = 300

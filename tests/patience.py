"""How long tests wait for an event."""

# Seconds; below pytest's own limit. It only ends what hangs: on a busy machine one second of work may take a minute.
PATIENCE = 900

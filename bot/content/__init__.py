"""Reads and checks the texts in messages/, as frozen models; begin with `load`."""

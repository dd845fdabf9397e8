"""Therapy sessions: `edit` writes and changes them, `due` queues what comes around them."""

"""Reminders: `edit` writes and changes them, `due` queues those whose time has come."""

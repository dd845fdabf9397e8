"""Builds messages ready to send from texts and values. Pure functions; knows nothing of Telegram's library."""

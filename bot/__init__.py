"""Gentle reminders about tears, on Telegram."""

import os

# python-telegram-bot's own switch: durations come as timedelta, as they will in its next major version.
os.environ.setdefault("PTB_TIMEDELTA", "true")

"""Gentle reminders about tears, on Telegram."""

import os
import zoneinfo
from pathlib import Path

import tzdata

# python-telegram-bot's own switch: durations come as timedelta, as they will in its next major version.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# Times go by the zone data that are installed with the program. Python would take the machine's first, which on a
# server may be years old, and then a reminder comes an hour off in every country that has changed its clocks since.
# Here, so that it is so in every command before the first zone is read.
zoneinfo.reset_tzpath([str(Path(tzdata.__file__).parent / "zoneinfo")])

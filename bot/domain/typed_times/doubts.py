"""Why a reading must be asked back. Read by `half_of_day`, `wish` and `duration`."""

from datetime import timedelta
from typing import Literal

Doubt = Literal[
    "half_of_day", "which_week", "order_of_date", "night", "past", "far", "long_window", "rough", "around", "several"
]
FAR = timedelta(days=366)  # a date this far ahead is a slip more often than a plan

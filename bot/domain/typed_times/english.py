"""The words for times and days in English. Read by `typed_times`."""

from datetime import time

from bot.domain.typed_times.words import Vocabulary, each_of

ENGLISH = Vocabulary(
    fillers=frozenset({"at", "on", "the", "of", "from", "around", "about", "between", "please"}),
    times={"noon": time(12), "midday": time(12), "midnight": time(0), "12 noon": time(12), "12 midnight": time(0)},
    halves={"": "", "h": "", "oclock": "", "o'clock": "", "o’clock": ""}
    | {"am": "am", "a": "am", "inmorning": "am", "morning": "am"}
    | {"pm": "pm", "p": "pm", "inafternoon": "pm", "afternoon": "pm", "inevening": "pm", "evening": "pm"}
    | {"night": "night", "tonight": "night"},
    past={
        "half past": 30,
        "half": 30,
        "quarter past": 15,
        "quarter after": 15,
        "quarter to": -15,
        "quarter before": -15,
    },
    days={"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "day after tomorrow": 2, "overmorrow": 2},
    weekdays=each_of(
        "monday tuesday wednesday thursday friday saturday sunday",
        "mon tue wed thu fri sat sun",
        "mo tues weds thur fr sa su",
        "mondays tuesdays wednesdays thurs fridays saturdays sundays",
    ),
    coming=frozenset({"next", "this", "coming"}),
    months={
        name: number + 1
        for name, number in each_of(
            "january february march april may june july august september october november december",
            "jan feb mar apr may jun jul aug sep oct nov dec",
            "jan feb mar apr may jun jul aug sept oct nov dec",
        ).items()
    },
    ordinals=frozenset({"", "st", "nd", "rd", "th"}),
    numbers={"a": 1, "an": 1, "next": 1}
    | {
        name: number + 1
        for name, number in each_of("one two three four five six seven eight nine ten eleven twelve").items()
    },
    ahead=frozenset({"in", "after"}),
    units={"minute": ("minutes", 1), "minutes": ("minutes", 1), "min": ("minutes", 1), "mins": ("minutes", 1)}
    | {"hour": ("minutes", 60), "hours": ("minutes", 60)}
    | {"day": ("days", 1), "days": ("days", 1), "week": ("days", 7), "weeks": ("days", 7)}
    | {"month": ("months", 1), "months": ("months", 1), "year": ("months", 12), "years": ("months", 12)},
    between=frozenset({"to", "till", "til", "until", "through", "and"}),
)

"""Flows of each kind of step, and short ways to go through them."""

from bot.content.flows import Flow
from bot.dialogues import flows
from bot.dialogues.flows import Key, Line, Offer, Position, Turn, key_of

EXERCISE = Flow.model_validate(
    {
        "title": "An exercise",
        "first": "menu",
        "steps": {
            "menu": {
                "say": ["Which?", "Which one?"],
                "last_first": True,
                "buttons": [
                    {"label": "Look", "next": "look"},
                    {"label": "Write", "next": "write"},
                    {"label": "You choose", "next": ["look", "write"]},
                    {"label": "Copy", "copy": "Words."},
                    {"label": "People", "opens": "support"},
                    {"label": "Enough", "next": "END"},
                ],
            },
            "look": {"call": "looking", "next": "bye"},
            "write": {"say": "What is it?", "collect": True, "next": "quiet"},
            "quiet": {"say": "Quiet.", "wait": "40 seconds", "next": "bye"},
            "bye": {"say": "That was it.", "next": "END"},
        },
    }
)
LOOKING = Flow.model_validate(
    {
        "title": "Looking",
        "first": "around",
        "steps": {"around": {"say": ["Look.", "Look again."], "buttons": [{"label": "Go on", "next": "END"}]}},
    }
)
ROUNDS = Flow.model_validate(
    {
        "title": "Rounds",
        "first": "hello",
        "steps": {
            "hello": {"say": "Hello.", "next": "twice"},
            "twice": {"say": "Now we look.", "call": "looking", "next": "last"},
            "last": {"call": "looking", "next": "END"},
        },
    }
)
PICTURE = Flow.model_validate(
    {
        "title": "A picture",
        "first": "shown",
        "steps": {
            "shown": {"say": "See.", "picture": "wave.gif", "wait": "9 seconds", "next": "asked"},
            "asked": {
                "say": "And?",
                "buttons": [{"label": "Take", "copy": "Words to keep."}, {"label": "Done", "next": "END"}],
            },
        },
    }
)
FLOWS = {"exercise": EXERCISE, "looking": LOOKING, "rounds": ROUNDS, "picture": PICTURE}

MINUTE_AND_OUT = (Offer(Key.MINUTE), Offer(Key.OUT))
LOOK_OFFERS = (Offer(key_of(LOOKING.steps["around"].buttons[0]), "Go on"), *MINUTE_AND_OUT)
REST_OFFERS = (Offer(Key.ON), Offer(Key.MINUTE), Offer(Key.OUT))
GO_ON = LOOK_OFFERS[0].key


def begun(name: str = "exercise", **visits: int) -> Turn:
    return flows.begin(FLOWS, name, visits=visits, chosen={})


def position_of(turn: Turn | None) -> Position:
    assert turn
    assert turn.position
    return turn.position


def tapped(position: Position, label: str) -> Turn:
    keys = {each.label: key_of(each) for each in EXERCISE.steps["menu"].buttons} | {
        "Go on": key_of(LOOKING.steps["around"].buttons[0])
    }
    turn = flows.tap(FLOWS, position, position.turn, keys.get(label, label))
    assert turn
    return turn


def texts_of(turn: Turn) -> list[tuple[Line | str, ...]]:
    return [each.parts for each in turn.says]


def start(name: str, over: Position | None = None, **visits: int) -> Turn:
    return flows.begin(FLOWS, name, visits=visits, chosen={}, over=over)

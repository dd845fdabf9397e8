"""Every button of every step of every flow leads somewhere, and to a message that Telegram accepts."""

from collections.abc import Iterator

import pytest

from bot.content.load import Catalogue
from bot.dialogues import flows
from bot.dialogues.flows import Key, Mode, Position, Turn
from bot.dialogues.flows.types import Frame
from bot.screens.flows import turn_messages
from bot.screens.outgoing import Button, OutgoingMessage
from bot.settings import PROJECT

NAMES = sorted(file.stem for file in (PROJECT / "messages" / "en" / "flows").glob("*.yaml"))
TOKEN = "ffffffff"


def positions(catalogue: Catalogue, name: str) -> Iterator[Position]:
    """Yields every step of a flow that waits for a person, on two visits, alone and on top of another flow."""
    beneath = Frame(flow="grounding", step=catalogue.flows["grounding"].first)
    for step_name, step in catalogue.flows[name].steps.items():
        for visit in range(2):
            frame = Frame(flow=name, step=step_name, visit=visit)
            if not step.is_passed_through:
                yield Position(frames=(frame,), turn=999_999_999)
                yield Position(frames=(beneath, frame.model_copy(update={"is_over": True})), turn=1)


def check(catalogue: Catalogue, turn: Turn) -> None:
    for message in turn_messages(catalogue.interface, turn, TOKEN, lead=catalogue.interface.flows.first_time):
        check_message(message)
    if turn.position and turn.says and turn.position.mode is Mode.OPEN:
        shown = [offer.key for offer in turn.says[-1].offers]
        assert shown[-2:] == [Key.MINUTE, Key.OUT]


def check_message(message: OutgoingMessage) -> None:
    assert 0 < len(message.text) <= (1024 if message.picture else 4096)
    for row in message.rows:
        assert 0 < len(row) <= 8
        for button in row:
            check_button(button)


def check_button(button: Button) -> None:
    assert button.label
    if button.copy:
        assert len(button.copy) <= 256
    else:
        assert 0 < len(button.data.encode()) <= 64


@pytest.mark.parametrize("name", NAMES)
def test_every_button_of_every_step_leads_somewhere(catalogue: Catalogue, name: str) -> None:
    for position in positions(catalogue, name):
        again = flows.say_again(catalogue.flows, position)
        check(catalogue, again)
        for offer in again.says[-1].offers:
            if offer.copy:
                continue
            turn = flows.tap(catalogue.flows, position, position.turn, offer.key)
            assert turn, f"{name}, {position.frames[-1].step}: {offer.label or offer.key} does nothing"
            assert turn.says or turn.actions
            check(catalogue, turn)
        for turn in (flows.wake(catalogue.flows, position), flows.take_typed_text(catalogue.flows, position)):
            assert turn
            check(catalogue, turn)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_seen_again_has_other_words_the_second_time(catalogue: Catalogue, name: str) -> None:
    steps = catalogue.flows[name].steps.items()
    assert [step_name for step_name, step in steps if step.say and len(set(step.say)) < 2] == []


def test_every_flow_can_be_reached_from_a_command(catalogue: Catalogue) -> None:
    reached, waiting = set[str](), ["grounding", "reflection", "before-a-session", "after-a-session"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(step.call for step in catalogue.flows[name].steps.values() if step.call)
    own = {name for name, flow in catalogue.flows.items() if not flow.in_groups}
    assert own <= reached

"""People who ask again and again, and how long they wait for what comes. For `trouble` and `flood`."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count

from tools.attack.far_end import BOT, FarEnd, chat_of, person_of

PAUSE = 1.0  # seconds between two looks whether the answer is there, and the next question


Question = Callable[[int, int], dict[str, object]]  # a person, and a number that is new -> an update's content


class Asker:
    """One person in their private chat, who asks one thing after another and waits for each answer."""

    def __init__(self, far_end: FarEnd, person: int, questions: Sequence[Question], pause: float = PAUSE) -> None:
        self.person, self._pause = person, pause
        self.waits: list[tuple[float, float]] = []  # from and until when
        self._far_end, self._questions = far_end, questions
        self._asked_at: float | None = None

    async def ask_again_and_again(self) -> None:
        """Never returns. What is still open counts as a wait until `settle`."""
        for number in count():
            if self._asked_at is None:
                self._asked_at = time.monotonic()
                question = self._questions[number % len(self._questions)]
                self._far_end.updates.put(question(self.person, number))
            await asyncio.sleep(self._pause)

    def hear(self) -> None:
        """An answer has come."""
        if self._asked_at is not None:
            self.waits.append((self._asked_at, time.monotonic()))
            self._asked_at = None

    def settle(self) -> None:
        """Counts the question that is still open."""
        if self._asked_at is not None and time.monotonic() - self._asked_at > self._pause:
            self.hear()


@asynccontextmanager
async def asked(far_end: FarEnd, askers: Sequence[Asker]) -> AsyncIterator[None]:
    """They ask as long as the block runs."""
    by_chat = {asker.person: asker for asker in askers}

    def heard(method: str, chat: int) -> None:
        if method.startswith(("send", "edit")) and (asker := by_chat.get(chat)):
            asker.hear()

    far_end.heard = heard
    tasks = [asyncio.create_task(asker.ask_again_and_again()) for asker in askers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for asker in askers:
            asker.settle()


def support(person: int, number: int) -> dict[str, object]:
    """Asks for the support card."""
    return command("support", person, number)


def ground(person: int, number: int) -> dict[str, object]:
    """Asks for an exercise."""
    return command("ground", person, number)


def command(name: str, person: int, number: int, *, chat: int | None = None, sign: str = "") -> dict[str, object]:
    """Returns an update's content: a command, in the person's private chat where no chat is given."""
    entity = {"type": "bot_command", "offset": 0, "length": len(name) + 1}
    written = message(f"/{name}{sign}", person, number, chat=chat)
    return {"message": {**written, "from": person_of(person), "entities": [entity]}}


def text(words: str, person: int, number: int) -> dict[str, object]:
    """Returns an update's content: words in the person's private chat."""
    return {"message": {**message(words, person, number), "from": person_of(person)}}


def tap(data: str, person: int, number: int, *, chat: int | None = None) -> dict[str, object]:
    """Returns an update's content: a tap on a button with this data, which is under a message of the bot."""
    under = message("Words.", person, number, chat=chat) | {"from": BOT}
    under["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    asked = {"id": str(number), "from": person_of(person), "chat_instance": "1", "data": data, "message": under}
    return {"callback_query": asked}


def query(words: str, person: int, number: int) -> dict[str, object]:
    """Returns an update's content: an inline query."""
    return {"inline_query": {"id": str(number), "from": person_of(person), "query": words, "offset": ""}}


def message(words: str, person: int, number: int, *, chat: int | None = None) -> dict[str, object]:
    """Returns a message in the person's chat, or in another."""
    where = chat_of(person if chat is None else chat)
    return {"message_id": number + 1, "date": int(time.time()), "chat": where, "text": words}

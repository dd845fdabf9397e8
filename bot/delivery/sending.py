"""Sends one message to one chat: reminders, replies, flows and circles alike. Called by `handlers` and `usecases`."""

import logging
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json
from telegram import Bot, InputFile, Message
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.delivery.formatting import plain_entities
from bot.delivery.keyboards import keyboard, markup, plain_keyboard
from bot.delivery.last_buttons import LastButtons
from bot.delivery.outcomes import Outcome, RetryLater, Sent, TokenRefusedError, classify_error
from bot.delivery.plain_calls import post
from bot.delivery.rate_limits import RateLimiter
from bot.delivery.token_check import says_unauthorized
from bot.delivery.uploads import Picture, PictureError, Uploads, is_unwanted, picture_of_card, picture_of_file
from bot.domain.cards import Card, Weeks
from bot.domain.ids import TelegramId
from bot.screens.outgoing import OutgoingFile, OutgoingMessage, Rows

log = logging.getLogger(__name__)

NO_FILES: Mapping[str, bytes] = {}
UNKNOWN_BOT_SECONDS = 60.0  # before a Bot API server that does not know the bot is asked again


class Sender:
    """Sends through one bot. `is_paid` allows paid broadcast in `deliver`.

    A picture that cannot be made, or that a chat does not take, is left out, and its text is sent.
    """

    def __init__(self, bot: Bot, uploads: Uploads, pacer: RateLimiter, *, is_paid: bool) -> None:
        self.bot = bot
        self._pacer = pacer
        self.uploads = uploads
        self.last_buttons = LastButtons()
        self._is_paid = is_paid

    @property
    def username(self) -> str:
        """The bot's username, for deep links. Known after the bot is initialized."""
        return self.bot.username

    async def send(
        self,
        telegram_id: TelegramId,
        message: OutgoingMessage,
        *,
        thread_id: int | None = None,
        is_silent: bool = False,
        files: Mapping[str, bytes] = NO_FILES,
    ) -> int:
        """Sends a reply in the lane of replies and returns its message id. `files` holds the pictures of flows by name.

        Raises TelegramError, ChatMigrated among them.
        """
        message_id = await self._send(telegram_id, message, thread_id, is_silent=is_silent, files=files)
        self.last_buttons.remember(telegram_id, message_id, message.rows)
        self.last_buttons.remember_keyboard(telegram_id, message)
        return message_id

    async def _send(
        self,
        telegram_id: TelegramId,
        message: OutgoingMessage,
        thread_id: int | None,
        *,
        is_silent: bool,
        files: Mapping[str, bytes],
    ) -> int:
        if picture := _picture_of(message, files):
            try:
                return await self._send_picture(telegram_id, message, picture, thread_id, is_silent=is_silent)
            except BadRequest as error:
                log.warning("a picture was left out", extra={"picture": picture.name, "error": str(error)})
            except PictureError:
                log.exception("a picture could not be made; its words are sent", extra={"picture": picture.name})
        payload: dict[str, Any] = {"chat_id": telegram_id, "text": message.text}  # Any: Bot API JSON
        if thread_id:
            payload["message_thread_id"] = thread_id
        if is_silent:
            payload["disable_notification"] = True
        if message.replies_to:
            # It may have been deleted meanwhile: then this is sent all the same.
            payload["reply_parameters"] = {"message_id": message.replies_to, "allow_sending_without_reply": True}
        if message.rows:
            payload["reply_markup"] = plain_keyboard(message.rows)
        elif under := markup(message):
            payload["reply_markup"] = under.to_dict()
        return _message_id(await self._answer("sendMessage", payload | plain_entities(message)))

    async def edit(self, telegram_id: TelegramId, message_id: int, message: OutgoingMessage) -> None:
        """Replaces text and buttons of a message, in the lane of replies. Raises TelegramError."""
        payload = {"chat_id": telegram_id, "message_id": message_id, "text": message.text}
        if message.rows:
            payload["reply_markup"] = plain_keyboard(message.rows)
        await self._answer("editMessageText", payload | plain_entities(message))
        self.last_buttons.remember(telegram_id, message_id, message.rows)

    async def send_file(self, telegram_id: TelegramId, file: OutgoingFile) -> None:
        """Sends a document from memory, in the lane of replies. Raises TelegramError."""
        document = InputFile(file.content, filename=file.name)
        await self.bot.send_document(telegram_id, document, caption=file.caption)

    async def send_by_itself(
        self,
        telegram_id: TelegramId,
        message: OutgoingMessage,
        *,
        thread_id: int | None = None,
        is_silent: bool = True,
        files: Mapping[str, bytes] = NO_FILES,
    ) -> Outcome:
        """Sends like `send`, and returns errors as an Outcome.

        Raises TokenRefusedError; for a picture DATABASE_ERRORS, too.
        """
        try:
            message_id = await self.send(telegram_id, message, thread_id=thread_id, is_silent=is_silent, files=files)
        except InvalidToken as error:
            return _unknown_bot(error)
        except TelegramError as error:
            return classify_error(error, is_person=telegram_id > 0)
        return Sent(message_id)

    async def deliver(
        self, telegram_id: TelegramId, thread_id: int, message: OutgoingMessage, *, is_silent: bool
    ) -> Outcome:
        """Sends a queued message; the outbox keeps the rate limits.

        Raises TokenRefusedError; for a card DATABASE_ERRORS, too.
        """
        payload: dict[str, Any] = {"chat_id": telegram_id}  # Any: Bot API JSON
        if thread_id:
            payload["message_thread_id"] = thread_id
        if is_silent:
            payload["disable_notification"] = True
        if self._is_paid:
            payload["allow_paid_broadcast"] = True
        if message.rows:
            payload["reply_markup"] = plain_keyboard(message.rows)
        try:
            if not (message.card and await self._deliver_card(message.card, payload | {"caption": message.caption})):
                await self._post("sendMessage", payload | {"text": message.text} | plain_entities(message))
        except InvalidToken as error:
            return _unknown_bot(error)
        except TelegramError as error:
            return classify_error(error, is_person=telegram_id > 0)
        return Sent()

    async def change_buttons(self, telegram_id: TelegramId, message_id: int, rows: Rows) -> Outcome:
        """Replaces the buttons of a message, and returns errors as an Outcome. Raises only TokenRefusedError."""
        payload = {"chat_id": telegram_id, "message_id": message_id, "reply_markup": plain_keyboard(rows)}
        try:
            await self._post("editMessageReplyMarkup", payload)
        except InvalidToken as error:
            return _unknown_bot(error)
        except TelegramError as error:
            return classify_error(error, is_person=telegram_id > 0)
        return Sent()

    async def take_buttons_away(self, telegram_id: TelegramId, message_id: int) -> None:
        """Removes the buttons of a message. An error, such as for a deleted message, is only logged."""
        self.last_buttons.remember(telegram_id, message_id, ())
        try:
            await self._answer("editMessageReplyMarkup", {"chat_id": telegram_id, "message_id": message_id})
        except TelegramError as error:
            log.info("buttons stay where they were", extra={"error": error.message})

    async def _send_picture(
        self,
        telegram_id: TelegramId,
        message: OutgoingMessage,
        picture: Picture,
        thread_id: int | None,
        *,
        is_silent: bool,
    ) -> int:
        async def post(file: str | InputFile) -> Message:
            send = self.bot.send_photo if picture.kind == "photo" else self.bot.send_animation
            return await send(
                telegram_id,
                file,
                caption=message.caption,
                reply_markup=keyboard(message.rows),
                message_thread_id=thread_id,
                disable_notification=is_silent,
            )

        return (await self.uploads.send(TelegramId(self.bot.id), picture, post, _file_id)).message_id

    async def _deliver_card(self, card: Card | Weeks, payload: dict[str, Any]) -> bool:
        """Sends a card. Returns False where the text has to be sent instead: no pictures allowed, or drawing failed."""
        picture = picture_of_card(card)

        async def post_photo(photo: str | InputFile) -> bytes:
            return await self._post("sendPhoto", payload | {"photo": photo})

        try:
            await self.uploads.send(TelegramId(self.bot.id), picture, post_photo, _file_id_in_json)
        except BadRequest as error:
            if not is_unwanted(error):
                raise
            log.info("words instead of a picture", extra={"error": error.message[:200]})
            return False
        except PictureError:
            log.exception("a card could not be drawn; its words are sent", extra={"card": picture.name})
            return False
        return True

    async def _answer(self, method: str, payload: dict[str, Any]) -> bytes:  # Any: Bot API JSON
        """Calls it at the pace and in the turn of replies, as PTB's own methods do."""
        url = f"{self.bot.base_url}/{method}"
        answer: bytes = await self._pacer.process_request(
            post, (self.bot.request, url, payload), {}, method, payload, None
        )
        return answer

    async def _post(self, method: str, payload: dict[str, Any]) -> bytes:  # Any: Bot API JSON
        return await post(self.bot.request, f"{self.bot.base_url}/{method}", payload)


def _unknown_bot(error: InvalidToken) -> Outcome:
    """Raises TokenRefusedError, except for "Not Found": a Bot API server says so after a restart."""
    if not says_unauthorized(error):
        return RetryLater(UNKNOWN_BOT_SECONDS, is_asked=False, error=error.message)
    raise TokenRefusedError(error.message) from error


def _picture_of(message: OutgoingMessage, files: Mapping[str, bytes]) -> Picture | None:
    if message.card:
        return picture_of_card(message.card)
    if not message.picture:
        return None
    if message.picture not in files:
        log.warning("a picture was left out: its file is not there", extra={"picture": message.picture})
        return None
    return picture_of_file(message.picture, files)


def _file_id(message: Message) -> str | None:
    if message.photo:
        return message.photo[-1].file_id
    return message.animation.file_id if message.animation else None


def _message_id(answer: bytes) -> int:
    message_id: int = from_json(answer)["result"]["message_id"]
    return message_id


def _file_id_in_json(answer: bytes) -> str | None:
    """Returns None for an unknown form of answer: the picture was sent, and is uploaded again next time."""
    try:
        file_id = from_json(answer)["result"]["photo"][-1]["file_id"]
    except (ValueError, LookupError, TypeError):
        return None
    return file_id if isinstance(file_id, str) else None

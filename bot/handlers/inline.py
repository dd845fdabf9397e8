"""Inline mode: a query in any chat finds affirmations to share, as text and as cards. Stores nothing."""

import logging

from cachetools import TTLCache
from telegram import (
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InputFile,
    InputTextMessageContent,
    Message,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import BaseHandler, InlineQueryHandler

from bot.content.affirmations import Affirmation
from bot.database.engine import DATABASE_ERRORS
from bot.delivery.uploads import Picture, PictureError, picture_of_card
from bot.domain.affirmation_search import Index
from bot.domain.ids import TelegramId
from bot.handlers.context import Context
from bot.screens.affirmations import as_card, card_of

log = logging.getLogger(__name__)

MAX_RESULTS = 50  # results that Telegram takes
MOST_WORDS = 30  # of them as words; the same as cards follow
MOST_CARDS_AT_ONCE = 5  # uploaded to CARDS_CHAT for one query
# Seconds that Telegram may give the same answer; shorter while some cards are still to come.
CACHE, CACHE_MEANWHILE = 3600, 30
MOST_ANSWERS = 128  # that are remembered: many people type the same words, letter by letter

_Key = tuple[Index, str, str]  # where was looked, the language of the titles, the words


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [InlineQueryHandler(InlineAnswers().find)]


class InlineAnswers:
    """The answers of one bot: they hold its file_ids, which no other bot can use."""

    def __init__(self) -> None:
        self._answers: TTLCache[_Key, tuple[list[InlineQueryResult], list[Picture]]] = TTLCache(
            MOST_ANSWERS, CACHE_MEANWHILE
        )

    async def find(self, update: Update, context: Context) -> None:
        """Answers with affirmations that match the query in any language; an empty query gets some in the person's own.

        Those for people in therapy or in a group come only to whoever looks for them.
        """
        # Everyone's words: Telegram keeps an answer, and gives it to whoever types the same.
        context.voice = context.voice.of_practice(None)
        query = update.inline_query
        if query is None:
            return
        results, missing = await self._results(context, query.query.strip())
        try:
            # Who asked decides only what comes without any words: the rest is the same for everyone.
            await query.answer(
                results, cache_time=CACHE_MEANWHILE if missing else CACHE, is_personal=not query.query.strip()
            )
        except TelegramError as error:
            log.info("an inline query could not be answered", extra={"error": error.message})
        if missing and context.services.settings.cards_chat:
            context.application.create_task(_upload(context, missing[:MOST_CARDS_AT_ONCE]), update=update)

    async def _results(self, context: Context, words: str) -> tuple[list[InlineQueryResult], list[Picture]]:
        """Returns the answer, and the cards that are still to be uploaded; for the same words from memory."""
        key = context.voice.library.index, context.voice.language, words
        if known := self._answers.get(key):
            return known
        found = _found(context, words)
        articles = [_as_words(context, language, affirmation) for language, affirmation in found[:MOST_WORDS]]
        cards, missing = await _cards(context, found, MAX_RESULTS - len(articles))
        answer = [*articles, *cards][:MAX_RESULTS], missing
        if not missing or context.services.settings.cards_chat is None:  # else there are more the next time
            self._answers[key] = answer
        return answer


async def _cards(
    context: Context, found: list[tuple[str, Affirmation]], room: int
) -> tuple[list[InlineQueryResult], list[Picture]]:
    """Returns the cards that Telegram has, and those that are still to be uploaded.

    Each affirmation is wanted as a square, and as a portrait for stories.
    """
    cards: list[InlineQueryResult] = []
    missing: list[Picture] = []
    wanted = [
        (*pair, is_portrait, picture_of_card(card_of(pair[1], is_portrait=is_portrait)))
        for pair in found
        for is_portrait in (False, True)
    ][: max(len(found), room)]
    pictures = [picture for *_, picture in wanted]
    file_ids = await context.services.uploads.find(TelegramId(context.bot.id), pictures)
    for language, affirmation, is_portrait, picture in wanted:
        if file_id := file_ids.get(picture.key):
            cards.append(_as_card(context, language, affirmation, file_id, is_portrait=is_portrait))
        else:
            missing.append(picture)
    return cards, missing


def _found(context: Context, query: str) -> list[tuple[str, Affirmation]]:
    if not query:
        affirmations = context.voice.catalogue.for_everyone
        step = max(1, len(affirmations) // MOST_WORDS)  # from all articles
        return [(context.voice.language, affirmation) for affirmation in affirmations[::step][:MOST_WORDS]]
    pairs = (key.split(":", 1) for key in context.voice.library.index.find(query, limit=MAX_RESULTS))
    return [(language, context.voice.library.of(language).by_id[name]) for language, name in pairs]


def _as_words(context: Context, language: str, affirmation: Affirmation) -> InlineQueryResult:
    return InlineQueryResultArticle(
        f"w:{language}:{affirmation.id}",
        context.voice.interface.inline.words.format(theme=_theme(context, language, affirmation)),
        InputTextMessageContent(affirmation.text),
        description=affirmation.text,
    )


def _as_card(
    context: Context, language: str, affirmation: Affirmation, file_id: str, *, is_portrait: bool
) -> InlineQueryResult:
    texts = context.voice.interface.inline
    title = texts.story if is_portrait else texts.picture
    shown = as_card(context.voice.library.of(language).interface, affirmation, is_portrait=is_portrait)
    return InlineQueryResultCachedPhoto(
        f"{'s' if is_portrait else 'c'}:{language}:{affirmation.id}",
        file_id,
        title=title.format(theme=_theme(context, language, affirmation)),
        description=affirmation.text,
        caption=shown.caption,
    )


def _theme(context: Context, language: str, affirmation: Affirmation) -> str:
    theme = affirmation.themes[0]
    return context.voice.library.of(language).rules.themes.get(theme, theme)


async def _upload(context: Context, pictures: list[Picture]) -> None:
    """Uploads cards for the next query: only files that Telegram already has can be shared inline."""
    cards_chat = context.services.settings.cards_chat
    if cards_chat is None:
        return

    async def post(file: str | InputFile) -> Message:
        return await context.bot.send_photo(cards_chat, file, disable_notification=True)

    for picture in pictures:
        try:
            await context.services.uploads.send(
                TelegramId(context.bot.id), picture, post, lambda sent: sent.photo[-1].file_id if sent.photo else None
            )
        except TelegramError as error:
            log.warning("CARDS_CHAT takes no cards: %s", error.message, extra={"card": picture.name})
            return
        except (PictureError, *DATABASE_ERRORS):
            log.exception("a card could not be uploaded", extra={"card": picture.name})

"""Formatted texts: HTML, MarkdownV2, Markdown and given entities, with Telegram's refusals."""

import pytest

from localtelegram.methods.message_text import Wording, read
from localtelegram.state.refusal import Json, Refusal


def entity(kind: str, offset: int, length: int, **more: object) -> Json:
    return {"offset": offset, "length": length, "type": kind, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>b</b><i>i</i>", "bi", [entity("bold", 0, 1), entity("italic", 1, 1)]),
        ("🕊 <b>b</b>", "🕊 b", [entity("bold", 3, 1)]),
        ("<b>a <i>b</i></b>", "a b", [entity("bold", 0, 3), entity("italic", 2, 1)]),
        ("1 &lt; 2 &amp; &#127; &nbsp; &#x41;", "1 < 2 & \x7f &nbsp; A", []),
        ("<a href='https://x.org/a?b=1&amp;c=2'>x</a>", "x", [entity("text_link", 0, 1, url="https://x.org/a?b=1&c=2")]),
        ("<a href='nothing'>x</a>", "x", []),
        ("<span class=\"tg-spoiler\">s</span>", "s", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        (
            '<pre><code class="language-python">x=1</code></pre>',
            "x=1",
            [entity("pre", 0, 3, language="python")],
        ),
        (
            '<tg-time unix="1772452800" format="t">noon</tg-time>',
            "noon",
            [entity("date_time", 0, 4, unix_time=1772452800, date_time_format="t")],
        ),
        ("  <b> a </b>  ", "a", [entity("bold", 0, 1)]),
        ("<b></b>a", "a", []),
        ("<B>a</B>", "a", [entity("bold", 0, 1)]),
        ("/start @ada_l #tag https://x.org", "/start @ada_l #tag https://x.org", [
            entity("bot_command", 0, 6), entity("mention", 7, 6), entity("hashtag", 14, 4), entity("url", 19, 13)
        ]),
    ],
)  # fmt: skip
def test_html_read(source: str, text: str, entities: list[Json]) -> None:
    assert read(source, "HTML", None) == Wording(text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("ä <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a<", "Unclosed start tag at byte offset 1"),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_refused(source: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(source, "html", None)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*b* _i_ __u__ ~s~ ||h||", "b i u s h", [
            entity("bold", 0, 1), entity("italic", 2, 1), entity("underline", 4, 1),
            entity("strikethrough", 6, 1), entity("spoiler", 8, 1),
        ]),
        ("`a.b` ```\nc```", "a.b c", [entity("code", 0, 3), entity("pre", 4, 1)]),
        ("```py\nx\n```", "x", [entity("pre", 0, 1, language="py")]),
        ("[x](https://x.org/\\))", "x", [entity("text_link", 0, 1, url="https://x.org/)")]),
        ("a\\.b\\!", "a.b!", []),
        (">a\n>b\nc", "a\nb\nc", [entity("blockquote", 0, 3)]),
        ("![noon](tg://time?unix=1772452800&format=t)", "noon",
         [entity("date_time", 0, 4, unix_time=1772452800, date_time_format="t")]),
        ("*_a_*", "a", [entity("bold", 0, 1), entity("italic", 0, 1)]),
    ],
)  # fmt: skip
def test_markdown_v2_read(source: str, text: str, entities: list[Json]) -> None:
    assert read(source, "MarkdownV2", None) == Wording(text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a - b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("a!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("ä *b", "Can't find end of Bold entity at byte offset 3"),
        ("[x](y", "Can't find end of a URL at byte offset 4"),
        ("*bold _italic\\_*", "Can't find end of Bold entity at byte offset 15"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
    ],
)
def test_markdown_v2_refused(source: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(source, "MarkdownV2", None)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_markdown_read() -> None:
    assert read("*b* _i_ `c` \\* a.b!", "Markdown", None) == Wording(
        "b i c * a.b!", [entity("bold", 0, 1), entity("italic", 2, 1), entity("code", 4, 1)]
    )


def test_markdown_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read("a_b", "Markdown", None)

    assert refused.value.description == (
        "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 1"
    )


def test_given_entities_move_with_the_trimmed_text() -> None:
    assert read(" ab ", None, [entity("bold", 0, 4)]) == Wording("ab", [entity("bold", 0, 2)])


@pytest.mark.parametrize(
    ("given", "description"),
    [
        (entity("bold", 100, 1), "entity begins after the end of the text at UTF-16 offset 100"),
        (entity("bold", 0, 100),
         "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100"),
        (entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
        (entity("huge", 0, 1), "can't parse MessageEntity: Unsupported type specified"),
        (entity("text_link", 0, 1), "can't parse MessageEntity: Can't find field \"url\""),
        (entity("text_link", 0, 1, url="not-a-url"), "entity URL 'not-a-url' is invalid: Wrong HTTP URL"),
        (entity("text_link", 0, 1, url=""), "entity URL '' is invalid: URL host is empty"),
    ],
)  # fmt: skip
def test_given_entities_refused(given: Json, description: str) -> None:
    with pytest.raises(Refusal) as refused:
        read("hello", None, [given])

    assert refused.value.description == f"Bad Request: {description}"

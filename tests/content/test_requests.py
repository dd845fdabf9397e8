"""Which plain words request what, in both languages, and which request nothing."""

import pytest

from bot.content.library import Library

REQUESTED = (
    *(("stop sending me this", "stop"), ("no more messages please", "stop"), ("dont text me again", "stop")),
    *(("unsubscribe me please", "stop"), ("Stop these messages!!", "stop"), ("cancel my reminders", "stop")),
    *(("please stop messaging me", "stop"), ("never write to me again", "stop"), ("opt out", "stop")),
    *(("ya no me mandes mensajes", "stop"), ("dar de baja", "stop"), ("no me escribas nunca mas", "stop")),
    *(("deja de mandarme mensajes por favor", "stop"), ("cancela mis recordatorios", "stop")),
    *(("no más mensajes", "stop"), ("ya no quiero más mensajes", "stop"), ("NO ME MANDES MAS", "stop")),
    *(("BASTA!!!", "unsure_stop"), ("enough", "unsure_stop"), ("no more", "unsure_stop"), ("cállate", "unsure_stop")),
    *(("don't bother", "unsure_stop"), ("no molestes", "unsure_stop"), ("baja", "unsure_stop")),
    *(("stop sending this", "stop"), ("don't message me anymore", "stop"), ("deja de escribirme", "stop")),
    *(("start sending messages again", "resume"), ("turn my reminders back on", "resume"), ("reanuda", "resume")),
    *(("vuelve a mandarme mensajes", "resume"), ("otro horario", "change"), ("new schedule", "change")),
    *(("how do i stop this", "unsure_stop"), ("cómo paro esto", "unsure_stop"), ("turn it off", "unsure_stop")),
    *(
        ("delete my data", "erase"),
        ("delete everything you know about me", "erase"),
        ("delete everything you have about me", "erase"),
        ("erase my account", "erase"),
    ),
    *(
        ("borra mis datos", "erase"),
        ("elimina todo", "unsure_erase"),
        ("delete everything", "unsure_erase"),
        ("quiero borrar todo lo que sabes de mi", "erase"),
    ),
    *(("do you store my messages?", "privacy"), ("is this private", "privacy"), ("¿guardas mis mensajes?", "privacy")),
    *(("when is the next one", "next"), ("cuándo es el próximo", "next"), ("how do I change the time", "change")),
    *(("cambiar la hora", "change"), ("too many messages", "fewer"), ("demasiados mensajes", "fewer")),
    *(("send me something nice", "affirm"), ("mándame algo bonito", "affirm"), ("start over", "start")),
    *(("empezar de nuevo", "start"), ("settings", "settings"), ("ajustes", "settings"), ("menu", "help")),
)
NOTHING = (
    *("stop crying", "I want to stop crying", "stop texting him", "don't stop", "please don't stop sending messages"),
    *("I quit my job", "I want more messages", "everything", "never again", "yes", "no", "ok", "leave me"),
    *(
        "no pares",
        "no puedo parar",
        "quiero parar de llorar",
        "quiero más mensajes",
        "no quiero",
        "no me dejes",
        "todo",
    ),
    *("nothing", "nada", "later", "I don't want to leave", "delete him from my life", "borra su número"),
    *("another day", "new day", "another time", "otro día", "un nuevo día", "other days", "otra vez"),
    *("I want to start writing again", "quiero volver a escribir", "I want to start over", "quiero empezar de nuevo"),
    *(
        "I want to delete everything",
        "quiero borrar todo",
        "quiero eliminar todo",
        "don't send that",
        "no messages today",
    ),
    *("no puedo escribir más", "nunca escribir", "para el viernes", "deja de escribir"),
    # Somebody at the end of their strength says the same words, and asks for no screen.
    *(
        "I want to stop",
        "I want to stop everything",
        "I want to quit",
        "I want to go home",
        "I want to forget everything",
    ),
    *("it's too much", "too much", "it's too late", "I can't no more", "I want to leave", "end everything", "go away"),
    *("ya no puedo más", "no puedo más", "no quiero más", "no más", "quiero parar todo", "quiero terminar con todo"),
    *("es demasiado", "es muy tarde", "quiero borrarme", "quiero olvidar todo", "harta de todo", "no quiero nada"),
)


@pytest.mark.parametrize(("text", "name"), REQUESTED)
def test_plain_words_are_a_request(library: Library, text: str, name: str) -> None:
    assert library.find_request(text, "en") == name


@pytest.mark.parametrize("text", NOTHING)
def test_other_words_request_nothing(library: Library, text: str) -> None:
    assert library.find_request(text, "en") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("spanish", "es"), ("español por favor", "es"), ("do you speak Spanish?", "es"), ("in spanish please", "es")),
        *(("english please", "en"), ("en inglés", "en"), ("cambia a inglés", "en"), ("háblame en español", "es")),
        *(("my spanish class", None), ("please", None), ("soy profesora de inglés", None)),
    ],
)
def test_a_language_is_named(library: Library, text: str, code: str | None) -> None:
    assert library.find_language_named(text, "en") == code

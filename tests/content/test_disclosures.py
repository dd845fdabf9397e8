"""What people tell is recognized by its kind, in both languages; everyday words are not."""

from pathlib import Path

import pytest
import yaml

from bot.content.library import Library
from bot.content.load import Catalogue

TOLD = (
    ("my grandmother passed away in April", "grief"),
    ("since my brother died nothing is the same", "grief"),
    ("my best friend took his own life", "loss-to-suicide"),
    ("I miscarried twice", "loss-of-a-pregnancy"),
    ("I had an abortion last year", "abortion"),
    ("we can't have children", "wish-for-a-child"),
    ("our cat died yesterday", "loss-of-an-animal"),
    ("my cat has cancer", "an-animal-that-is-ill"),
    ("my aunt has cancer", "illness"),
    ("my father beat me", "hurt-by-others"),
    ("I was bullied at work", "bullying"),
    ("my mother was an alcoholic", "left-alone-as-a-child"),
    ("my wife left", "break-up"),
    ("my daughter doesn't talk to me", "family-apart"),
    ("I lied to him for years", "having-hurt-someone"),
    ("I feel so guilty", "own-fault"),
    ("I'm ashamed of my body", "shame-about-oneself"),
    ("nobody called me", "loneliness"),
    ("they laid me off, I lost my job", "work"),
    ("I've never told anyone", "never-told"),
    ("I felt so relieved", "relief-and-joy"),
    ("😭", "sadness"),
    *(("my husband is violent", "hurt-by-others"), ("my uncle touched me", "hurt-by-others")),
    *(("it's my fault", "own-fault"), ("it's unfair", "anger"), ("I'm so happy", "relief-and-joy")),
    *(
        ("I'm alone at Christmas", "loneliness"),
        ("I got fired", "work"),
        ("my therapist is leaving", "the-therapist-goes"),
    ),
    *(("mi tío me tocaba", "hurt-by-others"), ("me despidieron", "work"), ("me siento sola", "loneliness")),
    *(("estoy feliz", "relief-and-joy"), ("tengo miedo", "fear"), ("mi novio me dejó", "break-up")),
    *(
        ("mi terapeuta se va", "the-therapist-goes"),
        ("recaí", "drink-and-drugs"),
        ("mi papá está en el hospital", "illness"),
    ),
    ("mi abuela falleció en abril", "grief"),
    ("mi mejor amigo se quitó la vida", "loss-to-suicide"),
    ("tuve una pérdida gestacional", "loss-of-a-pregnancy"),
    ("aborté el año pasado", "abortion"),
    ("no podemos tener hijos", "wish-for-a-child"),
    ("se nos murió el perro", "loss-of-an-animal"),
    ("mi gata está enferma", "an-animal-that-is-ill"),
    ("mi tía tiene cáncer", "illness"),
    ("mi padre me pegaba", "hurt-by-others"),
    ("me hacían bullying", "bullying"),
    ("mi mamá era alcohólica", "left-alone-as-a-child"),
    ("mi mujer me dejó", "break-up"),
    ("mi hija no me habla", "family-apart"),
    ("le mentí durante años, engañé a todos", "having-hurt-someone"),
    ("me siento culpable", "own-fault"),
    ("me da vergüenza mi cuerpo", "shame-about-oneself"),
    ("nadie me llamó", "loneliness"),
    ("perdí el trabajo", "work"),
    ("nunca se lo conté a nadie", "never-told"),
    ("sentí alivio", "relief-and-joy"),
)
# By language, then by the kind whose words they hold.
WORDS_OF_A_DAY: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "everyday.yaml").read_text(encoding="utf-8")
)
EVERYDAY = (
    *("I can't stop crying", "my baby won't stop crying"),
    *("my phone died", "the battery died", "my plant died", "I died laughing", "he passed the exam", "he passed out"),
    *("tea and a blanket", "a hug", "the sea", "my sister", "a song", "in the kitchen", "it was an accident, sorry"),
    *("he's drop dead gorgeous", "don't worry", "the server crashed", "shoot me an email"),
    *("ok", "yes", "no", "nothing", "I don't know", "go on", "the letter", "my old house", "lol"),
    *("se me murió el celular", "se murió la batería", "me morí de risa", "pasé el examen", "fue sin querer"),
    *("un té y una manta", "un abrazo", "el mar", "mi hermana", "una canción", "en la cocina", "sí", "nada", "jaja"),
)


@pytest.mark.parametrize(("text", "kind"), TOLD)
def test_what_people_tell_is_recognized(library: Library, text: str, kind: str) -> None:
    assert library.find_disclosure(text, "en") == kind


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_words_tell_of_nothing(library: Library, text: str) -> None:
    assert library.find_disclosure(text, "en") is None


@pytest.mark.parametrize("language", ["en", "es"])
def test_everyday_words_that_hold_those_of_a_kind_tell_of_nothing(library: Library, language: str) -> None:
    """A kind that is missed costs nothing, as neutral lines fit anything; a wrong one hurts."""
    told = {
        text: kind
        for texts in WORDS_OF_A_DAY[language].values()
        for text in texts
        if (kind := library.find_disclosure(text, language))
    }
    assert told == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_kind_is_tried_on_everyday_words(library: Library, language: str) -> None:
    assert WORDS_OF_A_DAY[language].keys() == library.of(language).disclosures.disclosures.keys()


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_line_says_thanks_alone_or_asks_a_question(library: Library, language: str) -> None:
    disclosures = library.of(language).disclosures
    for kind in disclosures.disclosures.values():
        assert not [line for line in kind.lines if "?" in line or len(line.split()) < 5]


def test_a_kind_that_is_not_here_is_not_told_of(catalogue: Catalogue) -> None:
    assert catalogue.disclosures.told("gone") is None
    assert catalogue.disclosures.told(None) is None

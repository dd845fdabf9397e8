"""The words for times and days in the Spanish of Spain and the Americas. Read by `typed_times`."""

from datetime import time

from bot.domain.typed_times.words import Vocabulary, each_of

SPANISH = Vocabulary(
    fillers=frozenset({"el", "la", "las", "los", "al", "de", "del", "por", "sobre", "desde", "entre", "favor", "dia"}),
    times={"mediodia": time(12), "medianoche": time(0), "12 mediodia": time(12), "12 medianoche": time(0)},
    halves={"": "", "h": "", "hs": "", "hrs": "", "hora": "", "horas": "", "enpunto": ""}
    | {"am": "am", "a": "am", "madrugada": "am"}
    | {"pm": "pm", "p": "pm", "tarde": "pm", "estatarde": "pm"}
    | {"noche": "night", "estanoche": "night"},
    past={"media mas": 30, "cuarto mas": 15, "cuarto menos": -15},
    days={"hoy": 0, "esta noche": 0, "esta tarde": 0, "manana": 1, "pasado manana": 2},
    weekdays=each_of(
        "lunes martes miercoles jueves viernes sabado domingo",
        "lun mar mie jue vie sab dom",
        "lunes martes miercoles jueves viernes sabados domingos",
    ),
    coming=frozenset({"proximo", "este", "siguiente"}),
    months={
        name: number + 1
        for name, number in each_of(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "ene feb mar abr may jun jul ago sep oct nov dic",
            "ene feb mar abr may jun jul ago setiembre oct nov dic",
        ).items()
    },
    ordinals=frozenset({"", "o"}),
    numbers={"un": 1, "una": 1}
    | {
        name: number + 1
        for name, number in each_of("uno dos tres cuatro cinco seis siete ocho nueve diez once doce").items()
    },
    ahead=frozenset({"en", "dentro"}),
    units={"minuto": ("minutes", 1), "minutos": ("minutes", 1), "min": ("minutes", 1)}
    | {"hora": ("minutes", 60), "horas": ("minutes", 60)}
    | {"dia": ("days", 1), "dias": ("days", 1), "semana": ("days", 7), "semanas": ("days", 7)}
    | {"mes": ("months", 1), "meses": ("months", 1), "ano": ("months", 12), "anos": ("months", 12)},
    between=frozenset({"a", "hasta", "y"}),
    rewritten={
        r"\b(?:de|por) la manana\b": "am",  # a morning's hour, while "manana" alone is tomorrow
        r"\bque viene\b": "",
        r"\b([0-9]{1,2}) y media\b": "media mas \\1",
        r"\b([0-9]{1,2}) y cuarto\b": "cuarto mas \\1",
        r"\b([0-9]{1,2}) menos cuarto\b": "cuarto menos \\1",
        r"(?<=[0-9h]) a las? ": " hasta ",  # the second end of a span
        r"(?<=[ap]m) a las? ": " hasta ",
        r"\ba las? ": "",
        r"\bun dia\b": "1 dias",
        r"\bprimero de\b": "1 de",
    },
)

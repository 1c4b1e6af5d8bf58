"""The levels of an audience as they are called here, whatever a network and its language call them."""

from cmlib.importers.layout import normalised
from cmlib.importers.values import Values, territory

_GENDERS = {
    "female": "women", "femme": "women", "weiblich": "women", "feminino": "women", "femenino": "women",
    "mujer": "women", "male": "men", "homme": "men", "mannlich": "men", "masculino": "men", "hombre": "men",
    "user-specified": "other", "especificado pelo usuario": "other", "unspecified": "other",
    "unknown": "other",
}  # fmt: skip


def level(dimension: str, name: str) -> str:
    """Genders as Meta's are called, countries by their code; all else as it stands."""
    if dimension == "gender":
        return _GENDERS.get(normalised(name), normalised(name))
    return territory(name) if dimension == "country" else name


def fractions(shares: Values) -> Values:
    """Shares that may be hundredths, as fractions: what adds up to 1 at most adds up to 100 then."""
    whole = sum(share for share in shares if isinstance(share, float))
    return shares.map(lambda v: v / 100 if isinstance(v, float) else v) if whole > 2 else shares

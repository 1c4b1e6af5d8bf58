"""Every error that cmlib raises. What each says is in the locale files, under ``[error]``."""

from collections.abc import Iterable
from difflib import get_close_matches

from cmlib.i18n import t


class CmlibError(ValueError):
    """What is wrong, where, what was expected and what to do: ``t("error.<key>", **values)``."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(t(f"error.{key}", **values))
        self.key = key
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:  # keyword arguments, so pickle needs telling
        return _again, (self.key, self.values)


def _again(key: str, values: dict[str, object]) -> CmlibError:
    return CmlibError(key, **values)


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Which known names look most like this one? Nearest first; the first few when none does."""
    names = [str(k) for k in known]
    by_fold = {k.casefold(): k for k in reversed(names)}
    found = [by_fold[m] for m in get_close_matches(name.casefold(), list(by_fold), most, 0.5)]
    return found or names[:8]


def unknown(what: str, name: object, known: Iterable[str], where: str = "") -> CmlibError:
    """The error for a misspelt name: ``unknown("network", "facebok", NETWORKS, "brand.toml, line 7")``.

    ``what`` is a key of ``[error.what]`` in the locale files (brand, network, kind, metric, parameter …).
    """
    names = nearest(str(name), known)
    key = "unknown_name" if names else "unknown_name_none"
    place = f" ({where})" if where else ""
    return CmlibError(key, what=t(f"error.what.{what}"), name=repr(str(name)), near=names, where=place)

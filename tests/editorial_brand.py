"""A brand for tests of the plan: invented, without posts, small enough that one can count."""

from pathlib import Path

from cmlib import editorial
from cmlib.editorial import Editorial

NOW = "2026-11-26T09:00:00+01:00"  # a Thursday
WHOLE = """
name = "Café Lumo"
country = "FR"
timezone = "Europe/Paris"
monthly_budget = 100
quiet = ["21:00-09:00"]

[pillars]
beans = 0.5
people = 0.5

[pieces]
image = 2
carousel = { hours = 3, cost = 10 }
contest = { hours = 1, kind = "image" }

[lead]
draft = 1
review = 1

[[team]]
name = "Ada"
hours_per_week = 8

[cadence]
instagram = { min = 1, max = 3 }
facebook = { min = 0, max = 3 }

[catch]
avent = 0

[[moments]]
name = "New roast"
kind = "launch"
first = 2026-12-10
value = 3

[[moments]]
name = "Win a mug"
kind = "contest"
first = 2026-12-15
last = 2026-12-17
networks = ["instagram"]

[[blackouts]]
name = "Stocktaking"
first = 2026-12-09
last = 2026-12-09

[[accounts]]
network = "instagram"
handle = "cafe.lumo"

[[accounts]]
network = "facebook"
handle = "cafelumo"
"""


def written(home: Path, said: str = WHOLE, **changed: str) -> str:
    """The brand's brand.toml under ``home``, each of ``changed`` put in the place of what it names."""
    folder = home / "data" / "brands" / "lumo"
    folder.mkdir(parents=True, exist_ok=True)
    for before, after in changed.items():
        assert before in said
        said = said.replace(before, after)
    (folder / "brand.toml").write_text(said, encoding="utf-8")
    return "lumo"


def asked(
    home: Path, said: str = WHOLE, weeks: int = 3, start: str = "2026-11-30", now: str = NOW
) -> Editorial:
    """What is gathered for its plan: three weeks from Monday, 30 November 2026."""
    return editorial.review(written(home, said), start=start, weeks=weeks, as_of=now)

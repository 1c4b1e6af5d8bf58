# ruff: noqa: E501 — a message stands on one line
"""Who writes to the demo brand, and how long they wait: comments and direct messages, in cmlib's own CSV.

About 45 conversations a month on Instagram and Facebook. The studio answers in its hours (Monday to Friday, 9:00 to
18:00): half within two of them, three in four within four; one in twenty is never answered. Nothing of it moves from
month to month, but that in December more people write. Three of four that show a feeling are kind.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from demo_story import DAYS, HANDLES, MONTHS, PARIS, dice

OPENS, CLOSES = 9, 18
KIND = (
    "J’adore cette tasse, bravo à tout l’atelier", "Quelle merveille, bravo pour ce travail magnifique",
    "Merci pour ce bol magnifique, un vrai bonheur chaque matin", "Superbe théière, je suis ravie de mon achat",
    "Bravo, c’est splendide et très élégant", "Magnifique, un cadeau parfait, merci infiniment",
)  # fmt: skip
CROSS = (
    "Très déçue, le bol est arrivé cassé", "Quelle horreur, colis perdu et aucune excuse",
    "Honte à vous, un service détestable", "Déçu et furieux, la tasse est fêlée, quelle arnaque",
)  # fmt: skip
ASKS = (
    "Bonjour, êtes-vous à l’atelier samedi matin ?", "Livrez-vous en Suisse, et en combien de jours ?",
    "Ce plat passe-t-il au four ?", "Combien coûte le grand saladier ?", "La visite dure combien de temps ?",
    "Faites-vous des listes de mariage ?", "Could you ship to London before the end of the month?",
)  # fmt: skip
TELLS = (
    "Je passe à l’atelier jeudi",
    "C’est pour ma sœur",
    "Je prends les deux bols",
    "Vu à la télévision hier",
)
HEAD = ("table", "network", "account", "message_id", "thread_id", "reply_to", "author", "sent_at", "incoming",
        "place", "text")  # fmt: skip


def written() -> list[Sequence[object]]:
    """All messages, as they are exported on 2 November 2026."""
    rng, rows = dice("messages"), []
    until = datetime(2026, 11, 2, 9, tzinfo=PARIS)
    for month in MONTHS:
        days = [day for day in DAYS if (day.year, day.month) == (month.year, month.month)]
        for nth in range(int(rng.poisson(66 if month.month == 12 else 45))):
            day = days[rng.randint(len(days))]
            minute = int(rng.triangular(7 * 60, 19 * 60, 23 * 60 + 50))
            asked = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=PARIS)
            network = ("instagram", "facebook")[int(rng.uniform() < 0.3)]
            place = ("direct", "comments")[int(rng.uniform() < 0.6)]
            said = (KIND, CROSS, ASKS, TELLS)[int(rng.choice(4, p=(0.30, 0.10, 0.40, 0.20)))]
            thread = f"{month:%Y%m}-{nth:02}"
            who = f"client {rng.randint(900)}"
            common = ("messages", network, HANDLES[network])
            text = said[rng.randint(len(said))]
            rows.append((*common, f"{thread}a", thread, "", who, stamp(asked), "true", place, text))
            hours, never = float(rng.lognormal(0.69, 0.85)), rng.uniform() < 0.06
            told = after(asked, hours)
            if not never and told < until:
                answer = (
                    f"{thread}b",
                    thread,
                    f"{thread}a",
                    HANDLES[network],
                    stamp(told),
                    "false",
                    place,
                    "",
                )
                rows.append((*common, *answer))
    return sorted(rows, key=lambda row: (row[7], row[3]))


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def after(asked: datetime, hours: float) -> datetime:
    """When so many hours of the studio have passed."""
    day, left = asked.date(), timedelta(hours=hours)
    at = asked
    while True:
        begins, ends = (clock(day, hour) for hour in (OPENS, CLOSES))
        at = max(at, begins)
        if day.weekday() < 5 and at < ends:
            if at + left <= ends:
                return at + left
            left -= ends - at
        day += timedelta(1)
        at = clock(day, OPENS)


def clock(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)

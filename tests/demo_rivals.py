# ruff: noqa: E501 — a caption stands on one line
"""The three rivals of the demo brand: what anybody can see of them. All by chance, from seeds.

1. Terres de Brivoise runs a contest from 11 to 24 June 2026: its posts of these days get four times as much.
2. Manufacture Orvenne launches a collection from 2 to 19 March 2026, on Instagram and on Facebook: it posts
   several times as often, and its posts get what they always get.
3. A question in a caption brings 60 % more, with all three. Nothing else in a post makes a difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

FIRST, LAST = date(2025, 9, 1), date(2026, 10, 31)
PARIS = ZoneInfo("Europe/Paris")
CONTEST = (date(2026, 6, 11), date(2026, 6, 24))
LAUNCH = (date(2026, 3, 2), date(2026, 3, 19))
QUESTION, WON = 1.6, 4.0  # times as many interactions
SEED = 3


@dataclass(frozen=True)
class Rival:
    """An account: its followers at first, its posts a month, the interactions of a typical post by followers."""

    network: str
    handle: str
    name: str
    followers: int
    posts: float
    rate: float


RIVALS = (
    Rival("instagram", "terres.de.brivoise", "Terres de Brivoise", 21400, 13, 0.017),
    Rival("instagram", "manufacture.orvenne", "Manufacture Orvenne", 38900, 10, 0.0085),
    Rival("instagram", "la.petite.tournelle", "La Petite Tournelle", 6150, 9, 0.041),
    Rival("facebook", "Manufacture Orvenne", "Manufacture Orvenne", 15200, 7, 0.004),
)
SAYS = {
    "Terres de Brivoise": (
        "Nos terres brutes viennent de la carrière voisine, à {n} kilomètres du village.",
        "Une argile chamottée, rugueuse, qui accroche la lumière. Série {n}.",
        "Pétrir, battre, laisser reposer l’argile {n} jours. La carrière impose son rythme.",
        "Cuisson au bois cette semaine : {n} stères, deux nuits de veille, des cendres partout.",
        "Le four à bois refroidit lentement. Ouverture dans {n} heures.",
        "Les cendres de chêne donnent ce gris que personne ne sait copier. Four numéro {n}.",
        "Promenade à la carrière, {n} seaux remplis, les bottes lourdes.",
        "Enfournement terminé, {n} jarres serrées contre la porte du four à bois.",
    ),
    "Manufacture Orvenne": (
        "Le chef a choisi nos assiettes pour son menu dégustation : {n} couverts chaque service.",
        "Dressage du jour, sauce au centre, assiette creuse modèle {n}.",
        "Un service complet livré à l’hôtel : {n} couverts, empilables, garantis contre les éclats.",
        "En cuisine avec la brigade. {n} assiettes envoyées avant midi.",
        "Le rebord de cette assiette tient une sauce sans déborder, promesse de restaurateur. Modèle {n}.",
        "Vaisselle de restaurant, {n} passages au lave-vaisselle par jour, aucune rayure.",
        "Visite de l’hôtel partenaire ce matin, {n} tables dressées en porcelaine blanche.",
    ),
    "La Petite Tournelle": (
        "Stage de tournage samedi : encore {n} places, débutants bienvenus.",
        "Nos élèves débutants ont centré leur première boule en {n} minutes. Bravo à eux.",
        "Le cours du mercredi soir affiche complet, {n} élèves autour des tours.",
        "Stage enfants pendant les vacances, dès {n} ans, tabliers fournis.",
        "Apprendre à tourner en {n} cours, c’est possible. Nos élèves le prouvent.",
        "Cours particulier offert en bon cadeau, {n} heures rien que pour vous.",
        "Fin de stage, {n} élèves fiers, des tours à nettoyer.",
    ),
}  # fmt: skip
CONTESTS = (
    "🎁 Jeu concours de l’été ! Une jarre à gagner, tirage au sort le 24 juin. #brivoisefête {n} mots suffisent.",
    "Le concours continue : racontez votre plus beau repas dehors, {n} gagnants tirés au sort. #brivoisefête",
    "Plus que {n} jours pour participer au concours. #brivoisefête",
    "Derniers instants du concours, {n} lots à gagner. #brivoisefête",
)
LAUNCHES = (
    "Nouvelle collection Alizé : {n} pièces, une ligne, le large. #alizé",
    "Alizé, la collection qui change vos tables, en boutique dès lundi. Référence {n}. #alizé",
    "Lancement d’Alizé à Lyon, {n} invités, une seule couleur. #alizé",
    "Dans les coulisses du lancement d’Alizé : {n} essais de bleu. #alizé",
)
QUESTIONS = (" Et chez vous ?", " Vous auriez fait quoi ?", " Plutôt matin ou soir ?", " On continue ?")
EMOJI = ("🏺", "🍽️", "🌿", "✨")
KINDS = {"instagram": ("image", "carousel", "short_video"), "facebook": ("image", "video", "link")}


def dice(*name: str) -> np.random.RandomState:
    return np.random.RandomState([SEED, crc32(" ".join(name).encode())])


def days() -> list[date]:
    return [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


def noted() -> list[Sequence[object]]:
    """Followers, read off each profile on the first day, then on the last of each month."""
    rows: list[Sequence[object]] = []
    ends = [day for day in days() if day == FIRST or (day + timedelta(1)).day == 1]
    for rival in RIVALS:
        rng, followers = dice("followers", rival.network, rival.handle), rival.followers
        for day in ends:
            rows.append(("days", rival.network, rival.handle, day, "followers", followers))
            followers = round(followers * (1 + rng.uniform(0.004, 0.016)))
    return rows


def published() -> list[Sequence[object]]:
    """All posts of all rivals, the oldest first: log-normal interactions, and what was planted."""
    rows = [row for rival in RIVALS for row in _of(rival)]
    return sorted(rows, key=lambda row: (str(row[4]), str(row[3])))


def _of(rival: Rival) -> list[Sequence[object]]:
    rng, rows = dice("posts", rival.network, rival.handle), []
    for day in days():
        launch = rival.name == "Manufacture Orvenne" and LAUNCH[0] <= day <= LAUNCH[1]
        contest = rival.name == "Terres de Brivoise" and CONTEST[0] <= day <= CONTEST[1]
        many = rng.poisson(1.4 if launch else 0.6 if contest else rival.posts / 30.4)
        rows += [_post(rng, rival, day, launch, contest) for _ in range(many)]
    return rows


def _post(
    rng: np.random.RandomState, rival: Rival, day: date, launch: bool, contest: bool
) -> Sequence[object]:
    at = datetime(day.year, day.month, day.day, rng.randint(8, 21), rng.randint(0, 60), tzinfo=PARIS)
    says = LAUNCHES if launch else CONTESTS if contest else SAYS[rival.name]
    asks = not (launch or contest) and rng.uniform() < 0.35
    text = says[rng.randint(len(says))].format(n=rng.randint(3, 60))
    text += QUESTIONS[rng.randint(len(QUESTIONS))] if asks else ""
    text += " " + EMOJI[rng.randint(len(EMOJI))] if rng.uniform() < 0.5 else ""
    typical = rival.followers * rival.rate * (QUESTION if asks else 1.0) * (WON if contest else 1.0)
    total = rng.poisson(typical * rng.lognormal(0, 0.6))
    comments = rng.binomial(total, 0.3 if contest else 0.06)
    shares = rng.binomial(total - comments, 0.08) if rival.network == "facebook" else ""
    kinds = KINDS[rival.network]
    kind = kinds[rng.choice(len(kinds), p=(0.5, 0.25, 0.25))]
    number = f"{crc32(f'{rival.handle} {at}'.encode()):08x}"
    where = (
        f"www.instagram.com/p/{number}/"
        if rival.network == "instagram"
        else f"www.facebook.com/orvenne/posts/{number}"
    )
    return ("posts", rival.network, rival.handle, number, f"{at:%Y-%m-%dT%H:%M}", kind, text,
            total - comments - (shares or 0), comments, shares, f"https://{where}")  # fmt: skip

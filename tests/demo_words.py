# ruff: noqa: E501 — a caption stands on one line
"""What the demo brand says: captions in French, put together from templates, and what its customers answer.

Words have their own chance, seeded by the instant of the post, so that a changed template moves no figure.
"""

from datetime import datetime

import numpy as np

SEASONS = ("hiver", "printemps", "été", "automne")
PIECES = {
    "hiver": (
        "le bougeoir Givre",
        "la tasse Tison",
        "le photophore Solstice",
        "la théière Brume",
        "le bol Neige",
    ),
    "printemps": (
        "le vase Primevère",
        "le bol Bourgeon",
        "la tasse Averse",
        "le cache-pot Rosée",
        "le plat Merisier",
    ),
    "été": (
        "la carafe Embrun",
        "l’assiette Galet",
        "le saladier Garrigue",
        "le bol Figuier",
        "le pichet Cigale",
    ),
    "automne": (
        "le mug Châtaigne",
        "la théière Brume",
        "le plat Sous-bois",
        "la soupière Citrouille",
        "le bol Girolle",
    ),
}
SCENES = {
    "hiver": ("Dehors il gèle, dedans le four ronronne", "Un thé fumant, un plaid et rien d’autre", "Lumière d’hiver sur l’établi",
              "Le calme d’un matin de givre"),
    "printemps": ("Fenêtres grandes ouvertes sur l’atelier", "Premières fleurs du jardin, premiers bouquets",
                  "Le soleil revient sur les étagères", "Il y a du vert partout, même dans nos émaux"),
    "été": ("Table dressée sous le figuier", "Retour du marché, les bras pleins de tomates", "Les pièces sèchent en une matinée",
            "Fin de journée, lumière rasante sur le grès"),
    "automne": ("La saison des soupes est ouverte", "Odeur de feuilles mouillées et de terre fraîche",
                "On rallume le four, enfin", "Les soirées raccourcissent, les tasses s’allongent"),
}  # fmt: skip
GLAZES = (
    "céladon",
    "lichen",
    "blanc de lune",
    "ocre brûlé",
    "bleu d’orage",
    "cendre de hêtre",
    "noir de fer",
)
EMOJI = {"hiver": "❄️🕯️☕", "printemps": "🌿🌸🌱", "été": "☀️🌊🍅", "automne": "🍂🍄🌰"}
TAGS = ("céramique", "grès", "faitmain", "artisanat", "poterie", "tournage", "artdelatable", "fabriquéenfrance",
        "slowdesign", "émail", "atelier", "vaisselle")  # fmt: skip

CAPTIONS = {
    "image": (
        "{scene}. {Piece}, émail {glaze}, attend déjà son petit déjeuner.",
        "{Piece} vient de sortir du four 🔥 On ne se lasse pas de cet émail {glaze}.",
        "{scene}… Et vous, votre tasse préférée, elle ressemble à quoi ?",
        "Pièce du jour : {piece}. Tournage le lundi, cuisson le jeudi, coup de cœur immédiat.",
        "Petite série, grand soin : {n} exemplaires, pas un de plus. Aujourd’hui, {piece}.",
        "{scene}. On a posé là {piece} et on n’a plus touché à rien.",
        "Détail d’un émail {glaze}. Chaque pièce a sa propre météo.",
        "Le grès garde la trace des doigts, et c’est très bien comme ça. Ici, {piece}.",
    ),
    "carousel": (
        "{n} gestes pour faire naître {piece} 👉 Faites défiler jusqu’à la cuisson !",
        "Avant / après émaillage : {piece} en {glaze}. Laquelle de ces étapes préférez-vous ?",
        "Comment entretenir son grès au quotidien ? {n} conseils à garder sous la main 📌",
        "{scene}. {n} idées de table avec {piece}, à enregistrer pour le week-end.",
        "Nos {n} émaux de saison, {glaze} en tête. Votre préféré en commentaire ?",
        "Dans les coulisses d’une cuisson : 1 280 °C, {n} heures, et un peu de patience.",
        "{Piece} sous toutes ses coutures 👀 La dernière photo est notre préférée.",
    ),
    "reel": (
        "{n} secondes de tournage, {n} minutes de bonheur. {Piece} prend forme 🌀",
        "Le son de l’atelier, sans musique. {scene}.",
        "On ouvre le four ensemble ? Émail {glaze}, suspense garanti 🔥",
        "Comment on pose une anse sans qu’elle se fende. La réponse en images !",
        "Réussite ou ratage ? {Piece} a failli ne jamais voir le jour 😅",
        "De la boule de terre à la table : {piece}.",
    ),
    "contest": (
        "🎁 CONCOURS 🎁 Gagnez {piece} ! Pour jouer : abonnez-vous, aimez et identifiez deux ami·es en commentaire. "
        "Tirage au sort le 31 mai.",
        "🎉 L’atelier a dix ans, et c’est vous qui recevez le cadeau : {piece} à gagner. Dites-nous en commentaire "
        "avec qui vous partagerez votre thé !",
        "🎁 On continue de fêter nos dix ans ! {Piece} en émail {glaze} à gagner : un commentaire, une chance.",
        "⏳ Dernière ligne droite du concours : encore quelques jours pour gagner {piece}. Identifiez vos ami·es !",
    ),
    "facebook": (
        "{scene}. {Piece} est de retour à la boutique, en émail {glaze}. Retrait à l’atelier ou livraison partout en France.",
        "Samedi, l’atelier est ouvert de 10 h à 18 h. Venez voir {piece} et repartez avec les mains pleines de terre !",
        "Merci d’être venus si nombreux ce week-end ! {Piece} a trouvé sa maison, et {n} autres pièces aussi.",
        "Nouveau créneau de cours de tournage : {n} places, débutants bienvenus. Inscription en message privé.",
        "{scene}. Clémence raconte comment est née l’idée de {n} pièces à empiler, dont {piece}.",
        "Vous nous le demandez souvent : oui, {piece} passe au lave-vaisselle. Et au four aussi !",
        "Marché des potiers dimanche : on vous attend au stand {n}, avec {piece} et toute la collection.",
        "Petit rappel : les commandes passées avant jeudi partent cette semaine. {Piece} est encore disponible.",
        "Une cuisson de {n} heures, une nuit trop courte, et voilà : {piece}.",
    ),
    "tiktok": (
        "POV : tu centres {n} kilos de terre un lundi matin",
        "On ouvre le four, je ne regarde pas 🙈",
        "{Piece} en {n} secondes chrono",
        "Ce bruit quand on tournasse… 🎧",
        "Combien de temps pour faire {piece} ? Réponse à la fin",
        "J’ai laissé tomber {piece}. Voilà ce qui s’est passé",
        "Émail {glaze} : avant et après cuisson",
        "Répondre à vos questions de potier, épisode {n}",
        "{scene}, ASMR d’atelier",
        "3 erreurs que je faisais quand j’ai commencé le tournage",
    ),
    "linkedin": (
        "Produire moins, mieux, et le dire. Cette année, {n} % de notre terre vient d’un recyclage interne : "
        "chaque pièce ratée redevient matière. {Piece} en est l’exemple.",
        "Nous recrutons un·e tourneur·se en CDI à l’atelier. Ce que nous cherchons : de la rigueur, de la curiosité "
        "et l’envie de transmettre. {scene}.",
        "{n} restaurants nous font désormais confiance pour leur vaisselle. Voici ce que nous avons appris en "
        "dessinant {piece} avec une cheffe.",
        "Combien coûte vraiment une tasse faite à la main ? Nous avons ouvert nos comptes : terre, énergie, temps.",
        "Réduire l’énergie d’une cuisson de {n} % sans changer le rendu de l’émail {glaze} : retour d’expérience.",
        "Dix ans d’atelier, {n} apprentis formés. Merci à celles et ceux qui ont passé la porte. {scene}.",
        "Pourquoi nous avons refusé une commande de 4 000 pièces. Et pourquoi {piece} s’en porte mieux.",
        "Visite d’école ce matin : {n} élèves, autant de questions. La transmission commence par une boule de terre.",
    ),
    "youtube": (
        "Tourner {piece} de A à Z",
        "Fabriquer un émail {glaze} : la recette complète",
        "Une semaine à l’atelier : {season} {year}",
        "Débuter le tournage : {n} erreurs à éviter",
        "Visite de l’atelier et cuisson de {n} heures",
        "On répond à vos questions : terre, four et prix",
        "{Piece} : du croquis à la table",
    ),
}

COMMENTS = {
    "good": ("Très belles pièces, emballage impeccable.", "La théière est encore plus jolie en vrai !", "Livraison rapide, merci.",
             "Un cadeau qui a fait sensation.", "Accueil adorable à l’atelier."),
    "fair": ("Joli mais un peu cher.", "Délai un peu long, résultat réussi.", "La couleur diffère un peu de la photo."),
    "poor": ("Colis arrivé avec une anse cassée.", "Trois semaines d’attente, c’est trop.", "Pas de réponse à mon message."),
}  # fmt: skip


def caption(network: str, kind: str, at: datetime, contest: bool, said: set[str]) -> str:
    """A caption that was not said before; ``said`` is added to."""
    chance = np.random.RandomState(int(at.timestamp()) % 2**32)
    templates = CAPTIONS["contest" if contest else kind if network == "instagram" else network]
    for _ in range(60):
        text = filled(chance, templates[chance.randint(len(templates))], at)
        if text not in said:
            break
    said.add(text)
    return text + ending(chance, network, SEASONS[at.month % 12 // 3])


def filled(chance: np.random.RandomState, template: str, at: datetime) -> str:
    def one(among: tuple[str, ...]) -> str:
        return among[chance.randint(len(among))]

    season = SEASONS[at.month % 12 // 3]
    piece = one(PIECES[season])
    words = {"piece": piece, "Piece": piece[0].upper() + piece[1:], "scene": one(SCENES[season]),
             "glaze": one(GLAZES), "n": chance.randint(3, 13), "season": season, "year": at.year}  # fmt: skip
    return template.format(**words)


def ending(chance: np.random.RandomState, network: str, season: str) -> str:
    """Hashtags and emoji, as each network has them."""
    few = {"instagram": 5, "facebook": 0, "tiktok": 3, "linkedin": 3, "youtube": 0}[network]
    tags = " ".join("#" + TAGS[i] for i in chance.choice(len(TAGS), few, replace=False))
    emoji = [c for c in EMOJI[season] if c != "\ufe0f"][chance.randint(3)]
    if network == "instagram":
        return f" {emoji}\n\n{tags}"
    if network == "linkedin":
        return f"\n\n{tags}"
    return {"facebook": f" {emoji}", "tiktok": f" {tags}"}.get(network, "")


def comment(chance: np.random.RandomState, score: int) -> str:
    """What one customer in four adds to a score from 0 to 10."""
    among = COMMENTS["good" if score >= 9 else "fair" if score >= 7 else "poor"]
    chosen = among[chance.randint(len(among))]
    return chosen if chance.uniform() < 0.25 else ""

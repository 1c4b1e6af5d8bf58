"""YouTube Studio, advanced mode: the zip of table, chart and totals, with headers in five languages.

English and German headers were seen, French and Portuguese ones are read by programs, Spanish ones reported.

- A table of videos gives posts. Their figures are those of the period chosen for the export, so it should
  reach back to their publication. Thumbnail impressions are not read. A post has
  follows where those gained are given; “Subscribers” are net of those lost, and of a post no figure here.
- A table of countries, cities, ages or genders gives an audience. Its shares are shares of the views: of its
  subscribers YouTube says nothing of the kind. Not every view has a place, so they may add up to less than 1.
- Totals, and a table by date, give days.
- A chart is recognised and passed over: it breaks the totals down by what the table lists, and its parts do
  not add up to them (in a real export by country, 7 % of the views are in none).

Shorts: only they have “Stayed to watch”, so this column tells them from videos exactly. Without it, a post
longer than 180 s is a video, one that says #shorts is a Short, and of the others the kind is not told.
Months are words in every language; the export names no zone, so the brand's is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.known.levels import level
from cmlib.importers.layout import (
    Format,
    Header,
    Part,
    column,
    header,
    normalised,
    nothing,
    opening,
    part,
    rows,
    without_aids,
)
from cmlib.importers.values import (
    Setting,
    Texts,
    Values,
    day,
    number,
    percentage,
    seconds,
    text,
    worded_instant,
)

# Content 2026-05-18_2026-08-16 My channel.zip, Contenu 2026-10-05.zip, or either unpacked into a folder
_NAME = (
    r"(?:^|/)[^/\d]* (?:\d{4}-\d{2}-\d{2}_)?(?P<until>\d{4}-\d{2}-\d{2})"
    r"(?: (?P<account>[^/]+?))??(?: \(\d+\))?(?:\.zip)?/"
)
_TOTAL = ("total", "gesamt")
_SHORTS = re.compile(r"#shorts?\b", re.IGNORECASE)
_LONGEST_SHORT = 180  # seconds, since October 2024; 60 before


def _hours(texts: Texts, setting: Setting) -> Values:
    """Hours → whole seconds."""
    return number(texts, setting).map(lambda v: round(v * 3600) if isinstance(v, float) else v)


_FIGURES = (
    column("views", "Views", "Vues", "Aufrufe", "Visualizações", "Visualizaciones", "Vistas"),
    column("reactions", "Likes", "J'aime", "Mentions J'aime", "„Mag ich“-Bewertungen",
           '"Mag ich"-Bewertungen', "Me gusta", 'Marcações "Gostei"', "Marcações Gostei"),
    column("comments", "Comments added", "Commentaires ajoutés", "Hinzugefügte Kommentare",
           "Kommentare hinzugefügt", "Comentários adicionados", "Comentarios añadidos", "Comentarios"),
    column("shares", "Shares", "Partages", "Geteilt", "Geteilte Inhalte", "Compartilhamentos", "Compartidos",
           "Veces compartido"),
    column("watch_seconds", "Watch time (hours)", "Durée de visionnage (heures)", "Wiedergabezeit (Stunden)",
           "Tempo de exibição (horas)", "Tiempo de visualización (horas)", "Tiempo de reproducción (horas)",
           parse=_hours),
)  # fmt: skip
_GAINED = ("Subscribers gained", "Abonnés gagnés", "Nouveaux abonnés", "Inscrições obtidas",
           "Suscriptores ganados")  # fmt: skip
_NET = ("Subscribers", "Abonnés", "Abonnenten", "Inscritos", "Suscriptores")
_POSTS = (
    column("post_id", "Content", "Contenu", "Inhalte", "Video", "Vidéo", "Videos", "Conteúdo", "Contenido",
           parse=text, must=True),
    column("text", "Video title", "Titre de la vidéo", "Videotitel", "Título do vídeo", "Título del vídeo",
           parse=text, must=True),
    column("published_at", "Video publish time", "Heure de publication de la vidéo",
           "Veröffentlichungszeitpunkt des Videos", "Horário de publicação do vídeo",
           "Hora de publicación del vídeo", parse=worded_instant, must=True),
    column("_lasts", "Duration", "Durée", "Dauer", "Duração", "Duración", parse=seconds),
    column("_stayed", "Stayed to watch (%)", "Ont continué de regarder (%)", "Continuaram assistindo (%)",
           parse=text),
    column("follows", *_GAINED),
    column("_net", *_NET),
    *_FIGURES,
)  # fmt: skip
_DAYS = (
    column("date", "Date", "Datum", "Data", "Fecha", parse=day("%Y-%m-%d"), must=True),
    *_FIGURES,
    column("viewers", "Unique viewers", "Spectateurs uniques", "Espectadores únicos"),
    column("net_follows", *_NET),
    column("follows", *_GAINED),
    column("unfollows", "Subscribers lost", "Abonnés perdus", "Inscrições perdidas", "Suscriptores perdidos"),
)
_LEVELS = {  # a dimension → what the first header of its table is called
    "country": ("Geography", "Zone géographique", "Geografie", "País", "Geografia", "Zona geográfica"),
    "city": ("Cities", "Villes", "Städte", "Cidades", "Ciudades"),
    "age": ("Viewer age", "Âge du spectateur", "Alter der Zuschauer", "Idade do espectador",
            "Edad del espectador"),
    "gender": ("Viewer gender", "Sexe du spectateur", "Geschlecht der Zuschauer", "Gênero do espectador",
               "Sexo del espectador"),
}  # fmt: skip
_DIMENSIONS = {normalised(name): level for level, names in _LEVELS.items() for name in names}
_AUDIENCE = (
    column("level", *(name for names in _LEVELS.values() for name in names), parse=text, must=True),
    column("_city", "City name", "Nom de la ville", "Name der Stadt", "Nome da cidade", "Nombre de la ciudad",
           parse=text),
    column("_views", *_FIGURES[0].spellings, parse=number),
    column("share", *(f"{views} (%)" for views in _FIGURES[0].spellings), parse=percentage),
)  # fmt: skip
# What else may be ticked. A file by date is YouTube's if it holds nothing but these and the figures above.
# Impressions are of thumbnails, not of videos: added to other networks' impressions they would mean nothing.
_OTHERS = {
    normalised(name)
    for name in (
        "Thumbnail impressions", "Impressions", "Impressionen", "Thumbnail-Impressionen", "Impressões",
        "Impressões de miniaturas", "Impresiones", "Engaged views", "Vues engagées", "Vues intentionnelles",
        "Visualizações engajadas", "Visualizações intencionais", "Average view duration",
        "Durée moyenne d'une vue", "Durée moyenne de visionnage", "Durchschnittliche Wiedergabedauer",
        "Duração média da visualização", "Duración media de la visualización",
        "Duración media de las visualizaciones", "Average percentage viewed (%)",
        "Pourcentage moyen de vidéo regardé (%)", "Pourcentage moyen regardé (%)",
        "Porcentagem visualizada média (%)", "Porcentaje medio visto (%)", "Stayed to watch (%)",
        "Ont continué de regarder (%)", "Continuaram assistindo (%)", "Average views per viewer",
        "Média de visualizações por espectador", "New viewers", "Nouveaux spectateurs", "Novos espectadores",
        "Returning viewers", "Espectadores recorrentes", "Casual viewers", "Spectateurs occasionnels",
        "Espectadores casuais", "Regular viewers", "Spectateurs réguliers", "Dislikes", "Je n'aime pas",
        'Marcações "Não gostei"', "Hypes", "Hype points", "Pontos de hype", "Estimated revenue (USD)",
        "Geschätzter Umsatz (USD)", "Geschätzter Umsatz (EUR)", "Ingresos estimados (USD)",
        "Impressions click-through rate (%)", "Thumbnail click-through rate (%)",
        "Taux de clics par impression (%)", "Klickrate der Impressionen (%)",
        "Taxa de cliques de impressões (%)", "Taxa de cliques na miniatura (%)",
        "Porcentaje de clics de las impresiones (%)", "CTR de las impresiones (%)", "Alcance único",
    )
}  # fmt: skip


def _names(*columns: str) -> set[str]:
    return {normalised(s) for c in (*_DAYS, *_POSTS) if c.name in columns for s in c.spellings}


_METRICS = _names(*(c.name for c in _DAYS if c.name != "date")) | _OTHERS


def _is_posts(export: Export, wanted: Format) -> bool:
    return opening(export)[0] in _names("post_id") and header(export.sheets[0], _POSTS) is not None


def _is_days(export: Export, wanted: Format) -> bool:
    date, *others = opening(export)
    return date in _names("date") and bool(others) and set(others) <= _METRICS


def _is_chart(export: Export, wanted: Format) -> bool:
    date, *others = opening(export)
    if date not in _names("date") or len(others) < 2 or others[-1] not in _METRICS:
        return False
    return others[0] in _DIMENSIONS or others[0] in _names("post_id")


def _is_audience(export: Export, wanted: Format) -> bool:
    found = header(export.sheets[0], _AUDIENCE) if opening(export)[0] in _DIMENSIONS else None
    return found is not None and found.row == 0 and not {"_views", "share"}.isdisjoint(found.cells)


def _parted(sheet: Sheet, found: Header) -> tuple[Sheet, list[Row]]:
    """A table without its total, which is the first row below the header, and that total."""
    place = found.row + 1
    total = [r for r in sheet.rows[place : place + 1] if r and normalised(r[0]) in _TOTAL]
    without = place + len(total)
    kept = sheet.rows[:place] + sheet.rows[without:], sheet.lines[:place] + sheet.lines[without:]
    return Sheet(sheet.name, *kept), total


def _table(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts or days: one row per line, but for the total."""
    found = header(export.sheets[0], wanted.columns)
    assert found
    sheet, total = _parted(export.sheets[0], found)
    frame = rows(sheet, found, wanted.columns, setting)
    if wanted.table == "posts":
        frame["kind"] = _kinds(frame)
        frame["url"] = "https://www.youtube.com/watch?v=" + frame["post_id"].astype("str")
    read = part(wanted.table, without_aids(frame))
    yield replace(read, passed=len(total))


def _kinds(frame: pd.DataFrame) -> list[str | None]:
    """A Short or a video, where the file tells."""
    if "_stayed" in frame:
        return ["video" if pd.isna(stayed) else "short_video" for stayed in frame["_stayed"]]
    lasts = frame["_lasts"] if "_lasts" in frame else [None] * len(frame)
    return [_kind(seconds, title) for seconds, title in zip(lasts, frame["text"], strict=True)]


def _kind(lasts: object, title: object) -> str | None:
    if isinstance(lasts, int) and lasts > _LONGEST_SHORT:
        return "video"
    return "short_video" if isinstance(title, str) and _SHORTS.search(title) else None


def _audience(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Shares of the views: as they are given, else of the table's total, else of what is listed."""
    found = header(export.sheets[0], _AUDIENCE)
    assert found
    sheet, total = _parted(export.sheets[0], found)
    frame = rows(sheet, found, _AUDIENCE, setting)
    dimension = _DIMENSIONS[opening(export)[0]]
    if "share" not in frame:
        frame["share"] = _shares(frame["_views"], total, found, setting)
    named = frame["_city"].fillna(frame["level"]) if "_city" in frame else frame["level"]
    frame["level"] = [_level(dimension, str(name)) if name else None for name in named]
    keep = frame[["line", "level", "share", "width", "excerpt"]].assign(dimension=dimension)
    yield replace(part("audience", keep), passed=len(total))


def _shares(views: Values, total: list[Row], found: Header, setting: Setting) -> Values:
    said = [row[found.cells["_views"]] for row in total]
    listed = sum(v for v in views if isinstance(v, float))
    whole = [v for v in number(pd.Series(said, dtype="str"), setting) if isinstance(v, float)] or [listed]
    return views.map(lambda v: v / whole[0] if isinstance(v, float) and whole[0] else v)


def _level(dimension: str, name: str) -> str:
    """``18–24 years``, ``18 a 24 anos`` → ``18-24``."""
    if dimension == "age":
        bounds = re.findall(r"\d+", name)
        return "-".join(bounds) if len(bounds) == 2 else f"{bounds[0]}+" if len(bounds) == 1 else name
    return level(dimension, name)


def _chart(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Nothing: its lines are counted and passed over, which is said."""
    lines = sum(any(row) for row in export.sheets[0].rows) - 1
    yield Part("days", nothing("days"), passed=lines, notes=("chart",))


_FALL = ("net_follows", "follows", "reactions", "comments")  # more taken back in the period than given

FORMATS = (
    Format(
        "youtube_posts", "youtube", "posts", _POSTS, _NAME, "%Y-%m-%d", _FALL, _is_posts, _table, "seen",
        "2021-12",
    ),
    Format(
        "youtube_days", "youtube", "days", _DAYS, _NAME, "%Y-%m-%d", _FALL, _is_days, _table, "seen",
        "2021-12",
    ),
    Format(
        "youtube_audience", "youtube", "audience", _AUDIENCE, _NAME, "%Y-%m-%d",
        recognise=_is_audience, read=_audience, sure="seen", since="2021-12",
    ),
    Format(
        "youtube_chart", "youtube", "days", (), _NAME, "%Y-%m-%d", recognise=_is_chart, read=_chart,
        sure="seen", since="2021-12",
    ),
)  # fmt: skip

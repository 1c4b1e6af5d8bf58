"""Meta Business Suite: posts of a Facebook page or an Instagram account, overview series, audience.

Layouts of 2023 to 2026, English and French. Dates are month first in both languages; the export names no
zone, so the brand's is taken.
"""

import re
from collections.abc import Iterator

import pandas as pd

from cmlib.errors import CmlibError, unknown
from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.layout import (
    HEADER_LONG,
    HEADER_WITHIN,
    Column,
    Format,
    Part,
    column,
    excerpt,
    header,
    normalised,
    part,
    rows,
    without_aids,
)
from cmlib.importers.values import (
    Setting,
    count,
    identifier,
    instant,
    one_of,
    percentage,
    seconds,
    territory,
    text,
)

# The period is in the name: Jan-14-2025_Apr-14-2025_1396269028466733.csv
_PERIOD = r"[A-Z][a-z]{2}-\d{2}-\d{4}_(?P<until>[A-Z][a-z]{2}-\d{2}-\d{4})"
_PUBLISHED = instant("%m/%d/%Y %H:%M")

_FACEBOOK_KINDS = one_of(
    {
        "photo": "image", "photos": "image", "multi-photo": "carousel", "text": "text", "texte": "text",
        "link": "link", "links": "link", "lien": "link", "liens": "link", "reel": "short_video",
        "reels": "short_video", "video": "video", "videos": "video", "vidéo": "video", "vidéos": "video",
        "live": "live", "story": "story", "stories": "story",
    },
    default=None,
)  # fmt: skip
_INSTAGRAM_KINDS = one_of(
    {
        "ig image": "image", "ig carousel": "carousel", "ig reel": "short_video", "ig video": "video",
        "ig story": "story", "image ig": "image", "carrousel ig": "carousel", "reel ig": "short_video",
        "vidéo ig": "video", "story ig": "story",
    },
    default=None,
)  # fmt: skip

_POST = (
    column("post_id", "Post ID", "Identifiant de la publication", parse=identifier, must=True),
    column("published_at", "Publish time", "Heure de publication", parse=_PUBLISHED, must=True),
    column("url", "Permalink", "Permalien", parse=text, must=True),
    column("_caption", "Description", parse=text),
    column("_comment", "Data comment", "Commentaire des données", parse=text),
    column("views", "Views", "Vues"),
    column("reach", "Reach", "Couverture"),
    column("impressions", "Impressions"),
    column("comments", "Comments", "Commentaires"),
    column("shares", "Shares", "Partages"),
)
_FACEBOOK: tuple[Column, ...] = (
    *_POST,
    column("_page", "Page ID", "ID de la Page", parse=text, must=True),
    column("account", "Page name", "Nom de la page", parse=text, must=True),
    column("_title", "Title", "Titre", parse=text),
    column("kind", "Post type", "Type de publication", parse=_FACEBOOK_KINDS),
    column("reactions", "Reactions", "Réactions"),
    column("interactions", "Reactions, Comments and Shares", "Réactions, commentaires et partages"),
    column("link_clicks", "Link Clicks", "Clics sur un lien"),
    column("_clicks", "Total clicks", "Total des clics"),
    column("_other", "Other Clicks", "Autres clics"),
    column("_photo", "Matched Audience Targeting Consumption (Photo Click)"),
    column("_paid_reach", "Reach from Boosted posts", "Couverture de Publications boostées"),
    column("watch_seconds", "Seconds viewed", "Secondes regardées", parse=seconds),
)
_INSTAGRAM: tuple[Column, ...] = (
    *_POST,
    column("_account_id", "Account ID", "ID du compte", parse=text, must=True),
    column("account", "Account username", "Nom de profil du compte", parse=text, must=True),
    column("kind", "Post type", "Type de publication", parse=_INSTAGRAM_KINDS),
    column("reactions", "Likes", "Mentions J'aime"),
    column("saves", "Saves", "Enregistrements"),
    column("follows", "Follows", "Followers en plus"),
    column("link_clicks", "Link clicks", "Clics sur le lien"),
)


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts; the rows in which Meta reports an error of its own are kept aside."""
    sheet = export.sheets[0]
    found = header(sheet, wanted.columns)
    assert found
    frame = rows(sheet, found, wanted.columns, setting)
    failed = frame["post_id"].isna() & frame.get("_comment", pd.Series(None, index=frame.index)).notna()
    read = part("posts", frame[~failed])
    errors = frame.loc[failed, ["line"]].assign(
        reason="meta_error", excerpt=frame.loc[failed, "_comment"] if failed.any() else ""
    )
    yield Part("posts", _tidied(read.rows), pd.concat([read.aside, errors]))


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """The longer of title and description is the caption; a reel is one by its address; clicks are split."""
    captions = [c for c in ("_title", "_caption") if c in frame]
    texts = zip(*(frame[c] for c in captions), strict=True)
    longest = [max((t for t in row if t), key=len, default=None) for row in texts]
    tidy = frame.assign(text=pd.Series(longest or None, index=frame.index, dtype="object"))
    is_reel = tidy["url"].fillna("").str.contains("/reel/")
    tidy["kind"] = tidy["kind"].mask(is_reel, "short_video") if "kind" in tidy else None
    if "_clicks" in tidy:
        tidy = _clicked(tidy)
    if "_paid_reach" in tidy:
        tidy["paid"] = tidy["_paid_reach"].map(lambda v: None if v is None or pd.isna(v) else v > 0)
    return without_aids(tidy)


def _clicked(frame: pd.DataFrame) -> pd.DataFrame:
    """Clicks on links, and the others. A kind that is left out was none where the rest make up the total."""
    kinds = [c for c in ("link_clicks", "_other", "_photo") if c in frame]
    given = frame[kinds].apply(pd.to_numeric).sum(axis=1)
    links = (
        frame["link_clicks"] if "link_clicks" in frame else pd.Series(None, index=frame.index, dtype="object")
    )
    links = links.mask(links.isna() & (given == frame["_clicks"]) & (len(kinds) > 1), 0)
    return frame.assign(link_clicks=links, other_clicks=frame["_clicks"] - links)


# An overview's title alone tells its figure, and only some tell the network.
_TITLES: dict[str, tuple[str | None, str]] = {
    normalised(title): told
    for title, told in {
        "Facebook reach": ("facebook", "reach"),
        "Instagram reach": ("instagram", "reach"),
        "Reach": (None, "reach"),
        "Views": (None, "views"),
        "Viewers": (None, "viewers"),
        "Content interactions": (None, "interactions"),
        "Facebook visits": ("facebook", "visits"),
        "Instagram profile visits": ("instagram", "visits"),
        "Follows": (None, "follows"),
        "Facebook follows": ("facebook", "follows"),
        "Instagram follows": ("instagram", "follows"),
        "Facebook link clicks": ("facebook", "link_clicks"),
        "Instagram link clicks": ("instagram", "link_clicks"),
        "Link clicks": (None, "link_clicks"),
        "Couverture Facebook": ("facebook", "reach"),
        "Couverture de la Page Facebook": ("facebook", "reach"),
        "Couverture Instagram": ("instagram", "reach"),
        "Couverture": (None, "reach"),
        "Vues": (None, "views"),
        "Spectateurs": (None, "viewers"),
        "Interactions avec le contenu": (None, "interactions"),
        "Visites Facebook": ("facebook", "visits"),
        "Visites du profil Instagram": ("instagram", "visits"),
        "Followers en plus": (None, "follows"),
        "Clics sur un lien": (None, "link_clicks"),
    }.items()
}
_SERIES = (
    column("date", "Date", parse=instant("%Y-%m-%dT%H:%M:%S"), must=True),
    column("_value", "Primary", "Principal", must=True),
)


def _is_overview(export: Export, wanted: Format) -> bool:
    blocks = _blocks(export.sheets[0], HEADER_WITHIN)
    return any(len(b) > 1 and len(b[0][1]) == 1 and header(_sheet(b[1:]), _SERIES) for b in blocks)


def _overview(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """One series of days per block; the hour of its dates only shows summer time and is dropped."""
    for block in _blocks(export.sheets[0]):
        title = block[0][1][0][:HEADER_LONG]
        if normalised(title) not in _TITLES:
            raise unknown("title", title, _TITLES, export.name)
        network, figure = _TITLES[normalised(title)]
        sheet = _sheet(block[1:])
        found = header(sheet, _SERIES)
        if found is None:
            raise CmlibError("block_without_header", file=export.name, title=title, line=str(block[0][0]))
        frame = rows(sheet, found, _SERIES, setting.in_utc)
        frame["date"] = frame["date"].map(
            lambda d: d.tz_localize(None).normalize() if isinstance(d, pd.Timestamp) else d
        )
        named = frame.rename(columns={"_value": figure})
        yield part("days", named.assign(network=network) if network else named)


Block = list[tuple[int, Row]]  # rows with their lines, without empty cells at the end


def _blocks(sheet: Sheet, within: int | None = None) -> list[Block]:
    """The runs of rows between empty rows; of the first rows only, to recognise a file by them."""
    blocks: list[Block] = [[]]
    for line, row in zip(sheet.lines[:within], sheet.rows[:within], strict=True):
        while row and not row[-1].strip():
            row = row[:-1]
        if row:
            blocks[-1].append((line, row))
        elif blocks[-1]:
            blocks.append([])
    return [b for b in blocks if b]


def _sheet(block: Block) -> Sheet:
    return Sheet("", [row for _, row in block], [line for line, _ in block])


_DIMENSIONS = {  # a word of a block's title → its dimension
    "gender": "age_gender", "sexe": "age_gender", "genre": "age_gender", "countries": "country",
    "pays": "country", "cities": "city", "towns": "city", "villes": "city",
}  # fmt: skip
_SHARE = re.compile(r"\d+([.,]\d+)?\s?%?")
_GENDERS = {"women": "women", "men": "men", "femmes": "women", "hommes": "men"}


def _dimension(title: str) -> str | None:
    return next((d for word, d in _DIMENSIONS.items() if word in normalised(title).split("/")[0]), None)


def _is_audience(export: Export, wanted: Format) -> bool:
    blocks = _blocks(export.sheets[0], HEADER_WITHIN)
    return any(len(b) > 2 and len(b[0][1]) == 1 and _dimension(b[0][1][0]) == "age_gender" for b in blocks)


def _audience(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Shares of the followers by age and gender, country and city; the total where the file gives it."""
    for block in _blocks(export.sheets[0]):
        title = normalised(block[0][1][0])
        network = next((n for n in ("facebook", "instagram") if n in title), None)
        said = {"network": network} if network else {}
        dimension = _dimension(title)
        if dimension and len(block) > 1:
            levels = pd.DataFrame(_levels(block, dimension), columns=["line", "level", "share"])
            levels["share"] = percentage(levels["share"].astype("str"), setting)
            levels["excerpt"] = levels["level"]
            yield part("audience", levels.assign(dimension=dimension, width=None, **said))
        elif len(block) == 3 and "follow" in normalised(" ".join(block[1][1])):
            yield _followers(block, said, setting)


def _levels(block: Block, dimension: str) -> list[tuple[int, str, str]]:
    """(line, level, share): from a column per gender, a row of names over a row of shares, or pairs."""
    (_, first), *below = block[1:]
    if dimension == "age_gender":
        genders = [_GENDERS.get(normalised(cell), normalised(cell)) for cell in first[1:]]
        return [
            (line, f"{row[0]} {g}", v) for line, row in below for g, v in zip(genders, row[1:], strict=False)
        ]
    if len(below) == 1 and all(_SHARE.fullmatch(cell.strip()) for cell in below[0][1]):
        return [(below[0][0], _place(dimension, n), v) for n, v in zip(first, below[0][1], strict=False)]
    return [(line, _place(dimension, ",".join(row[:-1])), row[-1]) for line, row in below]


def _place(dimension: str, name: str) -> str:
    return territory(name) if dimension == "country" else name


def _followers(block: Block, said: dict[str, str], setting: Setting) -> Part:
    """The total that stands above the shares, as of the day of the export."""
    line, row = block[2]
    if setting.observed is None:
        raise CmlibError("observed_needed", file=setting.file)
    frame = pd.DataFrame({"line": [line], "excerpt": [excerpt(row)], "width": [None]})
    frame["followers"] = count(pd.Series([row[0]], dtype="str"), setting)
    frame["date"] = setting.observed.tz_convert(setting.zone).tz_localize(None).normalize()
    return part("days", frame.assign(**said))


FORMATS = (
    Format("meta_posts_facebook", "facebook", "posts", _FACEBOOK, _PERIOD, "%b-%d-%Y", read=_posts),
    Format("meta_posts_instagram", "instagram", "posts", _INSTAGRAM, _PERIOD, "%b-%d-%Y", read=_posts),
    Format("meta_overview", "", "days", _SERIES, recognise=_is_overview, read=_overview),
    Format("meta_audience", "", "audience", (), recognise=_is_audience, read=_audience),
)

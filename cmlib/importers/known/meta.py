"""Meta Business Suite: posts of a Facebook page, posts and stories of an Instagram account, audience.

Layouts of 2023 to 2026, English and French. Dates are month first in both languages; the export names no
zone, so the brand's is taken. Replies to a story are its comments; who taps on a sticker, or goes on to the
next story, is not read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.layout import (
    HEADER_WITHIN,
    Column,
    Format,
    Header,
    Part,
    column,
    excerpt,
    having,
    header,
    normalised,
    optional,
    part,
    recognised,
    rows,
    set_aside,
    undated,
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
NAME = r"[A-Z][a-z]{2}-\d{2}-\d{4}_(?P<until>[A-Z][a-z]{2}-\d{2}-\d{4})"
PUBLISHED = instant("%m/%d/%Y %H:%M")

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
    column("published_at", "Publish time", "Heure de publication", parse=PUBLISHED, must=True),
    column("url", "Permalink", "Permalien", parse=text, must=True),
    column("_caption", "Description", parse=text),
    column("_comment", "Data comment", "Commentaire des données", parse=text),
    column("_period", "Date", parse=text),
    column("views", "Views", "Vues"),
    column("reach", "Reach", "Couverture"),
    column("impressions", "Impressions"),
    column("shares", "Shares", "Partages"),
)
_COMMENTS = column("comments", "Comments", "Commentaires")
_FACEBOOK: tuple[Column, ...] = (
    *_POST,
    _COMMENTS,
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
_INSTAGRAM_POST = (
    *_POST,
    column("_account_id", "Account ID", "ID du compte", parse=text, must=True),
    column("account", "Account username", "Nom de profil du compte", parse=text, must=True),
    column("kind", "Post type", "Type de publication", parse=_INSTAGRAM_KINDS),
    column("reactions", "Likes", "Mentions J'aime"),
    column("follows", "Follows", "Followers en plus"),
    column("link_clicks", "Link clicks", "Clics sur le lien"),
)
_INSTAGRAM: tuple[Column, ...] = (
    *_INSTAGRAM_POST,
    _COMMENTS,
    column("saves", "Saves", "Enregistrements"),
)
_STORIES: tuple[Column, ...] = (
    *_INSTAGRAM_POST,
    column("comments", "Replies", "Réponses"),
    column("_taps", "Sticker taps", "Appuis sur des stickers"),
    column("_moves", "Navigation"),
    column("_saves", "Saves", "Enregistrements"),
)


def _is_story(export: Export, wanted: Format) -> bool:
    """Only stories have replies, stickers or ways out of them, and only posts are saved."""
    found = [f.cells for sheet in export.sheets[:1] if (f := header(sheet, _STORIES))]
    return any({"comments", "_taps", "_moves"} & {*c} and "_saves" not in c for c in found)


def _is_post(export: Export, wanted: Format) -> bool:
    return recognised(export, wanted) and not _is_story(export, wanted)


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts, of any kind."""
    for read in lives(export, wanted, setting):
        yield replace(read, rows=_tidied(read.rows))


def _stories(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Stories, which is what all of the file are."""
    for read in _posts(export, wanted, setting):
        yield replace(read, rows=read.rows.assign(kind="story"))


def lives(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """What was posted, each with the figures of its whole life, and columns that begin with _ to tidy it by.

    Kept aside are the rows in which Meta reports an error of its own, and those of a single day.
    """
    ((sheet, found),) = list(having(export, wanted.columns))[:1]
    frame = rows(_one_language(sheet, found, wanted.columns), found, wanted.columns, setting)
    failed = frame["post_id"].isna() & optional(frame, "_comment").notna()
    daily = ~failed & optional(frame, "_period").map(lambda d: isinstance(d, str) and bool(_DATED.match(d)))
    read = part("posts", frame[~failed & ~daily])
    errors = frame.loc[failed, ["line"]].assign(
        reason="meta_error", excerpt=frame.loc[failed, "_comment"] if failed.any() else ""
    )
    days = set_aside(frame[daily], "one_day")
    yield Part("posts", read.rows, pd.concat([read.aside, errors, days]))


_DATED = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")


def _one_language(sheet: Sheet, found: Header, columns: tuple[Column, ...]) -> Sheet:
    """A file in two languages has a column in each, filled for a part of the rows: the filled one is read."""
    head = sheet.rows[found.row]
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(head):
        places.setdefault(normalised(cell), []).append(place)
    twins: dict[int, list[int]] = {}
    for wanted in columns:
        first = found.cells.get(wanted.name)
        if first is not None:
            others = [p for s in {*map(normalised, wanted.spellings)} for p in places.get(s, ())]
            twins[first] = [p for p in others if head[p] != head[first]]
    if not any(twins.values()):
        return sheet
    filled = []
    for row in sheet.rows:
        cells = list(row)
        for first, others in twins.items():
            said = (cells[p] for p in (first, *others) if p < len(cells) and cells[p].strip())
            if first < len(cells):
                cells[first] = next(said, cells[first])
        filled.append(cells)
    return replace(sheet, rows=[*sheet.rows[: found.row + 1], *filled[found.row + 1 :]])


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
    return tidy


def _clicked(frame: pd.DataFrame) -> pd.DataFrame:
    """Clicks on links, and the others. A kind that is left out was none where the rest make up the total."""
    kinds = [c for c in ("link_clicks", "_other", "_photo") if c in frame]
    given = frame[kinds].apply(pd.to_numeric).sum(axis=1)
    links = optional(frame, "link_clicks")
    links = links.mask(links.isna() & (given == frame["_clicks"]) & (len(kinds) > 1), 0)
    return frame.assign(link_clicks=links, other_clicks=frame["_clicks"] - links)


Block = list[tuple[int, Row]]  # rows with their lines, without empty cells at the end


def blocks_of(sheet: Sheet, within: int | None = None) -> list[Block]:
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


def sheet_of(block: Block) -> Sheet:
    """The rows of such a run, as a table of their own."""
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
    blocks = blocks_of(export.sheets[0], HEADER_WITHIN) if export.sheets else []
    return any(len(b) > 2 and len(b[0][1]) == 1 and _dimension(b[0][1][0]) == "age_gender" for b in blocks)


def _audience(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Shares of the followers by age and gender, country and city; the total where the file gives it."""
    for block in blocks_of(export.sheets[0]):
        title = normalised(block[0][1][0])
        network = next((n for n in ("facebook", "instagram") if n in title), None)
        said = {"network": network} if network else {}
        dimension = _dimension(title)
        if dimension and len(block) > 1:
            undated(((cell, line) for line, row in block[1:] for cell in row), block[0][1][0], setting)
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
    Format(
        "meta_posts_facebook", "facebook", "posts", _FACEBOOK, NAME, "%b-%d-%Y", read=_posts, sure="seen",
        since="2023-12",
    ),
    Format(
        "meta_posts_instagram", "instagram", "posts", _INSTAGRAM, NAME, "%b-%d-%Y", recognise=_is_post,
        read=_posts, sure="seen", since="2025-03",
    ),
    Format(
        "meta_stories_instagram", "instagram", "posts", _STORIES, NAME, "%b-%d-%Y", recognise=_is_story,
        read=_stories, sure="code", since="2025",
    ),
    Format(
        "meta_audience", "", "audience", (), recognise=_is_audience, read=_audience, sure="seen",
        since="2023",
        of=("facebook", "instagram"),
    ),
)  # fmt: skip

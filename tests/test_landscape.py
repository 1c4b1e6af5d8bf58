"""Whose accounts are compared, over which days, and what a post's results are held against."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rivals import found, take

from cmlib import landscape, store
from cmlib.errors import CmlibError
from cmlib.landscape import Landscape

ACCOUNTS = (
    ("facebook", "Little Tea Room", "Little Tea Room"),
    ("facebook", "Ada Bakery", "ADA’s  Bakery", "rival"),
    ("instagram", "little.tea", "Little Tea Room"),
    ("instagram", "ada.bakes", "Ada’s Bakery", "rival"),
    ("instagram", "brewbean", "Brew & Bean", "rival"),
    ("x", "corner_cafe", "", "rival"),
    ("web", "tea.example", ""),
)
COLUMNS = ("network", "account", "published_at", "kind", "reactions", "comments", "shares", "interactions")
POSTS = (
    ("facebook", "Little Tea Room", "2026-09-02", "image", 6, 3, 1, ""),
    ("facebook", "Ada Bakery", "2026-09-03", "link", 60, 30, 10, ""),
    ("instagram", "little.tea", "2026-09-04", "image", 8, 1, 5, ""),
    ("instagram", "ada.bakes", "2026-09-05", "carousel", 80, 10, "", ""),
    ("instagram", "brewbean", "2026-10-06", "image", 20, 4, "", ""),
    ("x", "corner_cafe", "2026-10-07", "text", 1, 1, 1, ""),
)


def seen(*rows: tuple) -> pd.DataFrame:
    posts = pd.DataFrame(rows, columns=list(COLUMNS))
    return posts.assign(post_id=[f"p{n}" for n in range(len(posts))])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a tea room and its three rivals, a post on each account. Not to be written to."""
    home = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(home))
        found("tea", ACCOUNTS)
        take("tea", seen(*POSTS))
    return home


@pytest.fixture
def tea(shop: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The tea room's name, with CMLIB_HOME where it is."""
    monkeypatch.setenv("CMLIB_HOME", str(shop))
    return "tea"


@pytest.fixture(scope="module")
def whole(shop: Path) -> Landscape:
    """All that is known of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(shop))
        return landscape.review("tea")


@pytest.fixture
def later(home: Path) -> tuple[str, str]:
    """A tea room of which two exports are known, by digest: the second has one post more."""
    found("tea", ACCOUNTS)
    more = seen(("x", "corner_cafe", "2026-10-20", "text", 5, 5, 5, "")).assign(post_id="later")
    return take("tea", seen(*POSTS)), take("tea", more, "later.csv")


def whose(subject: Landscape) -> dict[str, tuple[str, str]]:
    """Account → the name it goes by, and its owner; of posts and of accounts alike."""
    rows = subject.accounts.set_index("account")
    assert set(subject.posts["account"]) <= set(rows.index)
    return dict(zip(rows.index, zip(rows["label"], rows["owner"], strict=True), strict=True))


# ── Whose ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_accounts_of_one_name_are_one_rival(whole: Landscape) -> None:
    owners = {account: owner for account, (_, owner) in whose(whole).items()}
    assert owners["Ada Bakery"] == owners["ada.bakes"] != owners["brewbean"]
    assert owners["corner_cafe"] == "corner_cafe", "without a name, its handle is its name"
    assert owners["little.tea"] == owners["Little Tea Room"] == ""
    assert whole.posts.groupby("ours")["owner"].nunique().to_dict() == {False: 3, True: 1}


def test_networks_come_in_their_order_and_our_accounts_first(whole: Landscape) -> None:
    accounts = whole.accounts
    assert accounts["network"].tolist() == ["facebook"] * 2 + ["instagram"] * 3 + ["x"]
    assert accounts["ours"].tolist() == [True, False, True, False, False, False]


@pytest.mark.parametrize("asked", ["ADA’s bakery", "ada.bakes", "Ada Bakery", " ada’s bakery , brewbean"])
def test_a_rival_is_called_by_its_name_or_by_any_of_its_handles(tea: str, asked: str) -> None:
    accounts = set(landscape.review(tea, rivals=asked).accounts["account"])
    ours = {"Little Tea Room", "little.tea"}
    assert accounts == ours | {"Ada Bakery", "ada.bakes"} | ({"brewbean"} if "brew" in asked else set())


def test_one_network_is_the_accounts_that_are_on_it(tea: str) -> None:
    subject = landscape.review(tea, network="instagram")
    assert set(subject.accounts["account"]) == {"little.tea", "ada.bakes", "brewbean"}
    assert set(subject.posts["account"]) == {"little.tea", "ada.bakes", "brewbean"}
    assert set(subject.tables["posts"]["account"]) == {"little.tea", "ada.bakes", "brewbean"}
    assert landscape.review(tea, network="instagram", rivals="brewbean").accounts["account"].tolist() == [
        "little.tea", "brewbean",
    ]  # fmt: skip


def test_one_kind_is_the_posts_of_it(tea: str) -> None:
    assert landscape.review(tea, kind="image").posts["kind"].tolist() == ["image"] * 3
    assert landscape.review(tea, kind="unknown", month="2026-10").posts.empty


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ({"rivals": "Ada’s Bakry"}, "Ada’s Bakery"),
        ({"rivals": "brewbean,Corner Cafe"}, "corner_cafe"),
        ({"rivals": "Little Tea Room"}, "Brew & Bean"),  # that is us
        ({"network": "instagrm"}, "instagram"),
        ({"network": "tiktok"}, "facebook"),  # nobody is there
        ({"network": "web"}, "facebook"),
        ({"kind": "carrousel"}, "carousel"),
        ({"month": "2026-13"}, "2026-10"),
        ({"months": 0}, "1"),
    ],
    ids=str,
)
def test_a_misspelt_name_is_an_error_with_the_nearest(tea: str, asked: dict, near: str) -> None:
    with pytest.raises(CmlibError, match=near):
        landscape.review(tea, **asked)


def test_a_brand_without_rivals_is_told_where_to_name_them(home: Path) -> None:
    found("tea", [row for row in ACCOUNTS if row[-1] != "rival"])
    take("tea", seen(POSTS[0]))
    with pytest.raises(CmlibError, match="rival = true"):
        landscape.review("tea")


def test_a_brand_without_exports_is_told_where_to_put_them(home: Path) -> None:
    found("tea", ACCOUNTS)
    with pytest.raises(CmlibError, match="inbox"):
        landscape.review("tea")


def test_accounts_that_nobody_named_count_as_the_brands(home: Path) -> None:
    """But only on a network that is looked at, and rivals that were not asked for stay what they are."""
    kyoto = ("instagram", "little.tea.kyoto", "2026-10-08", "image", 5, 1, "", "")
    found("tea", ACCOUNTS)
    take("tea", seen(*POSTS, kyoto, ("tiktok", "littletea", "2026-10-08", "video", 5, 1, 1, "")))
    subject = landscape.review("tea", rivals="brewbean")
    accounts = subject.accounts.set_index("account")
    assert accounts.loc["little.tea.kyoto", ["label", "owner", "ours"]].tolist() == [
        "little.tea.kyoto", "", True,
    ]  # fmt: skip
    assert "ada.bakes" not in accounts.index and "littletea" not in accounts.index
    assert set(subject.posts.loc[subject.posts["ours"], "account"]) == {
        "Little Tea Room", "little.tea", "little.tea.kyoto",
    }  # fmt: skip


# ── When ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_period_ends_with_the_newest_month_unless_one_is_asked_for(tea: str, whole: Landscape) -> None:
    assert whole.month == date(2026, 10, 1) and len(whole.posts) == 6
    assert whole.span == (date(2025, 11, 1), date(2026, 10, 31))
    september = landscape.review(tea, month="2026-09", months=1)
    assert september.span == (date(2026, 9, 1), date(2026, 9, 30)) and len(september.posts) == 4
    assert len(landscape.review(tea, months=1).posts) == 2


def test_days_are_those_of_the_brands_zone(home: Path) -> None:
    found("tea", ACCOUNTS, zone="Europe/Paris")
    take("tea", seen(("x", "corner_cafe", "2026-09-30T22:30Z", "text", 1, 1, 1, "")))
    subject = landscape.review("tea")
    assert subject.month == date(2026, 10, 1)
    assert subject.posts.loc[0, ["at", "day"]].tolist() == [
        pd.Timestamp("2026-10-01 00:30"), pd.Timestamp("2026-10-01"),
    ]  # fmt: skip


def test_what_is_within_the_period_holds_its_first_and_its_last_day(home: Path) -> None:
    found("tea", ACCOUNTS)
    take("tea", seen(*POSTS))
    days = ["2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01"]
    noted = pd.DataFrame({"network": "instagram", "account": "brewbean", "date": days, "value": 100})
    take("tea", noted.assign(table="days", figure="followers"), "noted.csv")
    september = landscape.review("tea", month="2026-09", months=1)
    assert september.within("days")["date"].tolist() == [pd.Timestamp(day) for day in days[1:3]]
    assert len(september.within("posts")) == 4 and september.within("totals").empty


def test_followers_at_posting_are_the_last_ones_noted_by_then(home: Path) -> None:
    found("tea", ACCOUNTS)
    take("tea", seen(*POSTS))
    days = [("ada.bakes", "2026-09-01", 100), ("ada.bakes", "2026-09-06", 900),
            ("brewbean", "2026-08-01", 70)]  # fmt: skip
    noted = pd.DataFrame(days, columns=["account", "date", "value"])
    take("tea", noted.assign(table="days", network="instagram", figure="followers"), "noted.csv")
    posts = landscape.review("tea").posts.set_index("account")["followers"]
    assert posts["ada.bakes"] == 100
    assert np.isnan(posts["brewbean"]), "noted two months before: that says nothing of October"


# ── What a post got ─────────────────────────────────────────────────────────────────────────────────────────


def got(subject: Landscape) -> dict[str, float]:
    return subject.posts.set_index("post_id")["interactions"].to_dict()


def test_interactions_are_the_parts_that_all_accounts_of_a_network_give(whole: Landscape) -> None:
    """Nobody sees shares on Ada's Instagram: so ours do not count there either, but on Facebook they do."""
    assert whole.parts == {
        "facebook": ("reactions", "comments", "shares"),
        "instagram": ("reactions", "comments"),
        "x": ("reactions", "comments", "shares"),
    }
    assert got(whole) == {"p0": 10, "p1": 100, "p2": 9, "p3": 90, "p4": 24, "p5": 3}


def test_what_is_compared_depends_on_who_is_compared(home: Path) -> None:
    found("tea", ACCOUNTS)
    shows = ("instagram", "brewbean", "2026-10-06", "image", 20, 4, 3, "")
    take("tea", seen(POSTS[2], POSTS[3], shows))
    assert got(landscape.review("tea")) == {"p0": 9, "p1": 90, "p2": 24}
    assert got(landscape.review("tea", rivals="brewbean")) == {"p0": 14, "p2": 27}


def test_an_account_that_gives_its_total_alone_keeps_it_and_decides_nothing(home: Path) -> None:
    found("tea", ACCOUNTS)
    total = ("instagram", "brewbean", "2026-10-06", "image", "", "", "", 77)
    take("tea", seen(POSTS[2], ("instagram", "ada.bakes", "2026-09-05", "image", 80, 10, 3, ""), total))
    subject = landscape.review("tea")
    assert subject.parts == {"instagram": ("reactions", "comments", "shares")}
    assert got(subject) == {"p0": 14, "p1": 93, "p2": 77}


def test_a_total_is_not_set_against_the_parts_that_all_give(home: Path) -> None:
    """Our export gives a total with saves in it: beside rivals it is what anybody can see that counts."""
    found("tea", ACCOUNTS)
    take("tea", seen(("instagram", "little.tea", "2026-09-04", "image", 8, 1, 5, 500), POSTS[3]))
    assert got(landscape.review("tea")) == {"p0": 9, "p1": 90}


def test_a_post_that_lacks_a_part_has_no_interactions(home: Path) -> None:
    found("tea", ACCOUNTS)
    take(
        "tea",
        seen(
            ("x", "corner_cafe", "2026-10-07", "text", 1, "", 1, ""),
            ("x", "corner_cafe", "2026-10-08", "text", 2, 3, 4, ""),
        ),
    )
    subject = landscape.review("tea")
    assert np.isnan(got(subject)["p0"]) and got(subject)["p1"] == 9
    assert subject.posts["habit"].tolist() == [9, 9], "the habit is that of the posts that are known"
    assert subject.posts["level"].isna().tolist() == [True, False]


def test_where_all_give_totals_alone_these_are_compared(home: Path) -> None:
    found("tea", ACCOUNTS)
    take("tea", seen(*[(n, a, d, k, "", "", "", 10 + i) for i, (n, a, d, k, *_) in enumerate(POSTS)]))
    subject = landscape.review("tea")
    assert subject.parts == {}
    assert list(got(subject).values()) == [10, 11, 12, 13, 14, 15]


def test_habit_and_level_by_hand(home: Path) -> None:
    """0, 3 and 7 interactions, of an account that usually gets 3: half as much below as above."""
    found("tea", ACCOUNTS)
    of_day = ((1, 7), (2, 0), (3, 3))
    posts = [("x", "corner_cafe", f"2026-10-0{day}", "text", n, 0, 0, "") for day, n in of_day]
    take("tea", seen(*posts, POSTS[4]))
    mine = landscape.review("tea").posts.query("account == 'corner_cafe'")
    assert mine["habit"].tolist() == [3, 3, 3]
    assert mine["level"].tolist() == pytest.approx([np.log(2), -np.log(4), 0])


def test_ten_times_as_much_is_the_same_against_a_habit_ten_times_as_high(home: Path) -> None:
    found("tea", ACCOUNTS)
    posts = [
        ("instagram", account, f"2026-10-0{n + 1}", "image", times * (n + 1), 0, "", "")
        for account, times in (("ada.bakes", 1000), ("brewbean", 10_000))
        for n in range(5)
    ]
    take("tea", seen(*posts))
    levels = landscape.review("tea").posts.groupby("account")["level"].apply(list)
    assert levels["ada.bakes"] == pytest.approx(levels["brewbean"], abs=1e-3)


def test_the_order_of_rows_does_not_matter(home: Path) -> None:
    named = seen(*POSTS)
    subjects = []
    for slug, rows in (("tea", named), ("tee", named.iloc[::-1])):
        found(slug, ACCOUNTS)
        take(slug, rows)
        subjects.append(landscape.review(slug))
    pd.testing.assert_frame_equal(subjects[0].posts, subjects[1].posts)
    pd.testing.assert_frame_equal(subjects[0].accounts, subjects[1].accounts)


def test_the_sum_of_rivals_is_the_whole(tea: str, whole: Landscape) -> None:
    alone = [
        landscape.review(tea, rivals=name).posts.query("not ours")
        for name in ("ada.bakes", "brewbean", "corner_cafe")
    ]
    together = pd.concat(alone).sort_values(["at", "post_id"], ignore_index=True)
    pd.testing.assert_frame_equal(together, whole.posts.query("not ours").reset_index(drop=True))


# ── What was known ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_tables_as_the_last_report_knew_them(later: tuple[str, str], whole: Landscape) -> None:
    subject = landscape.review("tea", before=later[0])
    assert subject.known is not None
    assert len(subject.known["posts"]) == 6 and len(subject.tables["posts"]) == 7
    assert subject.known["posts"]["source"].unique().tolist() == [later[0]]
    both = landscape.review("tea", before=",".join(later)).known
    assert both is not None and both["posts"].equals(subject.tables["posts"])
    assert whole.known is None


def test_of_what_the_last_report_knew_only_the_accounts_that_are_compared_now(later: tuple[str, str]) -> None:
    known = landscape.review("tea", network="instagram", rivals="brewbean", before=later[0]).known
    assert known is not None and set(known["posts"]["account"]) == {"little.tea", "brewbean"}


def test_a_report_that_knew_nothing_knew_empty_tables(tea: str) -> None:
    known = landscape.review(tea, before=store.NONE).known
    assert known is not None and all(table.empty for table in known.values())


def test_files_and_days_of_observation_narrow_what_is_known(later: tuple[str, str]) -> None:
    narrow = landscape.review("tea", files=later[0])
    assert len(narrow.posts) == 6 and narrow.sources["source"].unique().tolist() == [later[0]]
    assert len(landscape.review("tea", as_of="2026-10-10").posts) == 6


def test_files_that_the_lake_does_not_hold_are_an_error(tea: str) -> None:
    for asked in ({"files": "beef"}, {"before": "beef"}):
        with pytest.raises(CmlibError, match="beef"):
            landscape.review(tea, **asked)


def test_the_heading_counts_rivals_not_accounts(whole: Landscape) -> None:
    heading = whole.heading
    assert 3 in heading.values() and heading["brand"] == "Tea"
    assert (heading["first"], heading["last"]) == (date(2025, 11, 1), date(2026, 10, 31))


def test_the_demo_has_three_rivals_on_two_networks(demo: str) -> None:
    subject = landscape.review(demo)
    theirs = subject.accounts[~subject.accounts["ours"]]
    assert theirs["owner"].nunique() == 3 and theirs["network"].value_counts().to_dict() == {
        "instagram": 3, "facebook": 1,
    }  # fmt: skip
    assert subject.parts["instagram"] == ("reactions", "comments"), "nobody sees rivals' shares there"
    assert subject.posts["level"].notna().all() and subject.posts["followers"].notna().all()

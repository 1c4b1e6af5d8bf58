"""The form: a change shows every section anew, an error stands in its place, uploads are taken in."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from cmlib import brand as brands
from cmlib import editorial, i18n, kpis, landscape, plans, platforms, schema, sheets, start, widgets
from cmlib.errors import CmlibError

CSV = (
    "Post ID,Account ID,Account username,Publish time,Permalink,Post type,Reach,Likes,Description\n"
    "1,1789,tea.house,03/01/2026 10:00,https://ig.me/p/1/,IG image,1200,30,Thé\n"
)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is displayed, in order."""
    displayed: list[Any] = []
    monkeypatch.setattr(widgets.page, "display", lambda *things: displayed.extend(things))
    return displayed


@pytest.fixture(params=["JPY_SESSION_NAME", "SERVER_SOFTWARE"])
def live(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in JupyterLab, then as in Voila."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setenv(request.param, "voila/0.5.13")


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo, with a brand beside it that has no data, in a home that may be written to."""
    shutil.copytree(demo_home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    brands.new("tea", "Tea House", timezone="Europe/Paris")
    return tmp_path


def kpi_page(**said: str) -> widgets.Page:
    page = widgets.Page(
        "kpis", kpis.review, **({"brand": "demo", "month": "", "lang": "en", "rate": ""} | said)
    )
    page.section("rules", kpis.rules, sheets.rules)
    page.section("source", kpis.coverage, sheets.coverage)
    return page


def start_page(**said: str) -> widgets.Page:
    page = widgets.Page("start", start.review, **({"brand": "tea", "month": "2026-03", "lang": "en"} | said))
    page.upload()
    page.section("recognised", start.recognised, sheets.recognised)
    return page


def words(output: ipywidgets.Output) -> str:
    """What an output shows."""
    assert all(one["output_type"] == "display_data" for one in output.outputs)
    return "\n".join(one["data"]["text/plain"] for one in output.outputs)


def fields(page: widgets.Page) -> dict[str, ipywidgets.Dropdown]:
    return dict(zip(page.parameters, page.form.children, strict=True))


def drop(page: widgets.Page, *files: tuple[str, bytes]) -> None:
    page.button.value = [
        {"name": name, "type": "text/csv", "size": len(content), "content": content,
         "last_modified": datetime(2026, 3, 2)} for name, content in files
    ]  # fmt: skip


def test_nobody_looks_on_when_a_report_is_made(
    demo: str, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setenv("SERVER_SOFTWARE", "jupyter/2.0")
    page = kpi_page(month="2026-10")
    assert page.form is None and len(seen) == 7  # style, title, line; two sections of a heading and a table
    start_page(brand="demo")
    assert not any(isinstance(one, ipywidgets.Widget) for one in seen)
    assert any("inbox" in str(one) for one in seen if "drop" in str(getattr(one, "html", "")).lower())


def test_a_section_of_which_there_is_nothing_is_not_there(demo: str, live: None, seen: list[Any]) -> None:
    page = kpi_page()
    page.section("rules", lambda review: None, sheets.rules)
    page.section("rules", lambda review: review.tables["answers"][:0], sheets.coverage)
    assert not page.shown[-2][0].outputs and page.shown[-1][0].outputs, "an empty frame is not None"


def test_a_choice_shows_every_section_anew(demo: str, live: None, seen: list[Any]) -> None:
    page = kpi_page()
    assert seen[1:] == [page.form, *(output for output, _ in page.shown)] and len(page.shown) == 3
    title, rules, source = (output for output, _ in page.shown)
    assert "October 2026" in words(title) and "Sprout" in words(rules)
    first = [words(output) for output in (title, rules)]
    fields(page)["month"].value = "2026-03"
    assert "March 2026" in words(title) and page.subject.month.isoformat() == "2026-03-01"
    assert all(words(output) != before for output, before in zip((title, rules), first, strict=True))
    fields(page)["lang"].value = "fr"
    assert "mars 2026" in words(title) and "Réseau" in words(source) and "Network" not in words(source)
    assert [one.description for one in page.form.children] == [
        "Marque",
        "Mois",
        "Langue",
        "Taux d’engagement",
    ]
    fields(page)["rate"].value = "engagement_rate_sprout"
    assert page.subject.rate == "engagement_rate_sprout"
    assert [one.value for one in page.form.children] == ["demo", "2026-03", "fr", "engagement_rate_sprout"]
    assert not any(one.disabled for one in page.form.children)


def test_an_error_stands_in_its_place_and_the_next_choice_recovers(
    home: Path, live: None, seen: list[Any]
) -> None:
    page = kpi_page(month="2026-03")
    title, rules, source = (output for output, _ in page.shown)
    fields(page)["brand"].value = "tea"
    assert "no data yet" in words(title) and str(home / "data" / "brands" / "tea" / "inbox") in words(title)
    assert not rules.outputs and not source.outputs, "what is there is the other brand's"
    assert [label for label, _ in fields(page)["month"].options] == ["the latest"]
    fields(page)["brand"].value = "demo"
    assert "October 2026" in words(title), "the month chosen for one brand is not the other's"
    assert "Sprout" in words(rules) and source.outputs


@pytest.mark.parametrize(
    ("said", "told"),
    [({"brand": "dem"}, "demo"), ({"month": "2026-13"}, "2026-13"), ({"rate": "likes"}, "likes")],
)
def test_what_is_misspelt_in_the_parameters_is_said_in_place(
    demo: str, live: None, seen: list[Any], said: dict[str, str], told: str
) -> None:
    page = kpi_page(**said)
    (name,) = said
    assert told in words(page.shown[0][0]) and fields(page)[name].value is None
    fields(page)[name].value = {"brand": "demo", "month": "2026-10", "rate": ""}[name]
    assert "Atelier Vaurenne" in words(page.shown[0][0])


def test_a_language_that_is_none_is_refused(demo: str, seen: list[Any]) -> None:
    with pytest.raises(CmlibError, match="not a known language"):
        kpi_page(lang="de")


def test_another_error_is_not_hidden(demo: str, live: None, seen: list[Any]) -> None:
    def broken(_: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kpi_page().section("rules", broken)


def test_what_is_dropped_is_kept_imported_and_shown(home: Path, live: None, seen: list[Any]) -> None:
    page = start_page()
    recognised = page.shown[1][0]
    assert "March.csv" not in words(recognised)
    drop(page, ("March.csv", CSV.encode()), ("notes.txt", b"nothing"))
    inbox = brands.folder("tea") / "inbox"
    assert sorted(path.name for path in inbox.iterdir()) == ["March.csv", "notes.txt"]
    assert "tea.house" in words(page.outcome) and "notes.txt" in words(page.outcome)
    assert "March.csv" in words(recognised) and "1 export imported" in words(page.shown[0][0])
    assert [value for _, value in fields(page)["month"].options] == ["", "2026-03"]


def test_what_is_dropped_goes_to_the_brand_that_is_chosen_now(
    home: Path, live: None, seen: list[Any]
) -> None:
    page = start_page()
    brands.new("coffee", "Coffee", timezone="UTC")
    fields(page)["lang"].value = "fr"
    assert page.button.description == "Ajouter des exports"
    fields(page)["brand"].value = "coffee"
    drop(page, ("March.csv", CSV.encode()))
    assert [path.parts[-3] for path in home.rglob("March.csv")] == ["coffee"]
    assert i18n.language() == "fr" and page.subject.sources["name"].tolist() == ["March.csv"]


def test_a_file_that_cannot_be_opened_is_said_in_place(home: Path, live: None, seen: list[Any]) -> None:
    page = start_page()
    drop(page, ("broken.zip", b"PK\x03\x04 and no more"))
    assert "broken.zip" in words(page.outcome)
    assert not any(field.disabled for field in page.form.children)
    drop(page, ("March.csv", CSV.encode()))
    assert "tea.house" in words(page.outcome)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.csv", "x.csv"),
        ("..\\..\\x.csv", "x.csv"),
        ("/etc/passwd", "passwd"),
        ("C:\\x.csv", "x.csv"),
        (".hidden", "hidden"),
        ("..", "export"),
        ("", "export"),
        ("a/", "a"),
        ("x\0.csv", "x.csv"),
        ("x\n.csv", "x.csv"),
        ("é" * 300 + ".csv", None),
    ],
)
def test_an_upload_never_leaves_the_inbox(tmp_path: Path, name: str, kept: str | None) -> None:
    inbox = tmp_path / "a" / "b" / "inbox"
    path = start.keep(inbox, name, b"1")
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path] and path.parent == inbox
    assert kept in (None, path.name) and not path.name.startswith(".")
    assert kept or path.suffix == ".csv"


def test_an_upload_is_never_put_over_another(tmp_path: Path) -> None:
    def names(content: bytes) -> str:
        return start.keep(tmp_path, "x.csv", content).name

    assert [names(c) for c in (b"1", b"2", b"1", b"3", b"2")] == [
        "x.csv",
        "x (2).csv",
        "x.csv",
        "x (3).csv",
        "x (2).csv",
    ]
    (tmp_path / "y.csv").mkdir()
    assert start.keep(tmp_path, "y.csv", b"1").name == "y (2).csv"
    (tmp_path / "z.csv").symlink_to(tmp_path.parent / "outside")
    assert start.keep(tmp_path, "z.csv", b"1").name == "z (2).csv"
    assert not (tmp_path.parent / "outside").exists()


# The fields of a landscape


def rival_page(**said: Any) -> widgets.Page:
    asked = {
        "brand": "demo",
        "month": "",
        "months": 12,
        "lang": "en",
        "network": "",
        "kind": "",
        "rivals": "",
    }
    return widgets.Page("competitors", landscape.review, **(asked | said))


def boxes(page: widgets.Page) -> dict[str, ipywidgets.Checkbox]:
    """The boxes of the rivals, in a panel or not."""
    last = page.form.children[-1]
    several = last if "cm-several" in last._dom_classes else last.children[1].children[0]
    return {box.description: box for box in several.children[1].children}


def fields_of(page: widgets.Page) -> dict[str, Any]:
    """Those that are chosen from, by what they are called."""
    return {field.description: field for field in page.form.children if hasattr(field, "description")}


def ticked(page: widgets.Page) -> list[bool]:
    return [box.value for box in boxes(page).values()]


def shown(page: widgets.Page) -> set[str]:
    """The rivals that are looked at."""
    return set(page.subject.accounts["owner"]) - {""}


def test_period_network_and_kind_are_chosen(demo: str, live: None, seen: list[Any]) -> None:
    page = rival_page(months=9)
    form = fields(page)
    assert [value for _, value in form["months"].options] == [1, 3, 6, 9, 12, 24]
    assert form["months"].options[3][0] == "9 months" and form["months"].value == 9
    assert form["network"].options == (
        ("all", ""), ("Facebook", "facebook"), ("Instagram", "instagram"), ("YouTube", "youtube"),
        ("TikTok", "tiktok"), ("LinkedIn", "linkedin"),
    )  # fmt: skip
    assert [value for _, value in form["kind"].options] == ["", *schema.KINDS]
    form["months"].value = 3
    assert page.subject.months == 3 and type(page.parameters["months"]) is int
    fields(page)["network"].value = "facebook"
    assert set(page.subject.accounts["network"]) == {"facebook"} and shown(page) == {"manufacture orvenne"}
    fields(page)["network"].value = ""
    fields(page)["kind"].value = "carousel"
    assert set(page.subject.posts["kind"]) == {"carousel"}
    fields(page)["lang"].value = "fr"
    assert fields(page)["months"].label == "3 mois" and fields(page)["kind"].label == "Carrousel"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_form_of_the_calendar_asks_for_weeks_first_day_and_aim(
    demo: str, live: None, seen: list[Any], lang: str
) -> None:
    said = {"start": "", "weeks": 8, "objective": "interactions", "lang": lang, "as_of": "", "files": ""}
    page = widgets.Page("editorial", editorial.review, brand="demo", **said)
    names = [field.description for field in page.form.children]
    assert (
        names
        == {
            "en": ["Brand", "Language", "First day", "Weeks", "Aim"],
            "fr": ["Marque", "Langue", "Premier jour", "Semaines", "But"],
        }[lang]
    )
    offered = page.form.children[-1].options
    assert [value for _, value in offered] == list(plans.OBJECTIVES)
    assert offered[-1][0] in ("the most conversions", "le plus de conversions")


@pytest.mark.parametrize("months", [0, -1, "12", 2.5])
def test_a_period_that_is_none_is_not_offered(demo: str, live: None, seen: list[Any], months: Any) -> None:
    page = widgets.Page("kpis", lambda **_: kpis.review("demo"), brand="demo", months=months, lang="en")
    offered = page.form.children[1]
    assert [value for _, value in offered.options] == [1, 3, 6, 12, 24] and offered.value is None


def test_rivals_are_ticked_each_once(demo: str, live: None, seen: list[Any]) -> None:
    page = rival_page()
    everybody = {"terres de brivoise", "manufacture orvenne", "la petite tournelle"}
    assert list(boxes(page)) == ["Terres de Brivoise", "Manufacture Orvenne", "La Petite Tournelle"]
    assert ticked(page) == [True, True, True] and shown(page) == everybody
    before = boxes(page)
    before["Manufacture Orvenne"].value = False
    assert page.parameters["rivals"] == "Terres de Brivoise, La Petite Tournelle"
    assert shown(page) == everybody - {"manufacture orvenne"}
    assert boxes(page) == before, "the box that was ticked is still there, and has the focus"
    fields(page)["lang"].value = "fr"
    assert ticked(page) == [True, False, True]
    boxes(page)["Manufacture Orvenne"].value = True
    assert page.parameters["rivals"] == "" and shown(page) == everybody
    for box in boxes(page).values():
        box.value = False
    assert page.parameters["rivals"] == "" and shown(page) == everybody, "none ticked is all"


def test_rivals_are_said_by_handle_or_name(demo: str, live: None, seen: list[Any]) -> None:
    page = rival_page(rivals=" manufacture.orvenne,LA PETITE TOURNELLE")
    assert ticked(page) == [False, True, True]
    page = rival_page(rivals="nobody")
    assert ticked(page) == [False, False, False] and "rival" in words(page.shown[0][0])
    boxes(page)["Terres de Brivoise"].value = True
    assert shown(page) == {"terres de brivoise"}


def test_another_brand_has_other_rivals_and_networks(home: Path, live: None, seen: list[Any]) -> None:
    page = rival_page(rivals="Terres de Brivoise", network="instagram")
    fields(page)["brand"].value = "tea"
    assert (page.parameters["rivals"], page.parameters["network"]) == ("", "")
    called = ["Brand", "Month", "Period", "Language", "Network", "Kind of post"]
    assert list(fields_of(page)) == called
    assert "names no rival" in words(page.shown[0][0])
    fields_of(page)["Brand"].value = "demo"
    assert ticked(page) == [True, True, True] and "Atelier Vaurenne" in words(page.shown[0][0])


def test_many_rivals_are_folded_and_one_with_a_comma_is_said_by_its_handle(
    home: Path, live: None, seen: list[Any]
) -> None:
    path = brands.folder("tea") / "brand.toml"
    names = ["One, Two", *(f"Rival {n}" for n in range(7))]
    accounts = (
        f'[[accounts]]\nnetwork = "{network}"\nhandle = "{network}.{n}"\nname = "{name}"\nrival = true\n'
        for n, name in enumerate(names) for network in ("instagram", "tiktok")
    )  # fmt: skip
    path.write_text(path.read_text(encoding="utf-8") + "".join(accounts), encoding="utf-8")
    page = rival_page(brand="tea")
    panel = page.form.children[-1]
    assert panel.children[0].description == "Rivals (8)" and not panel.children[0].value
    panel.children[0].value = True
    for name in names[1:]:
        boxes(page)[name].value = False
    assert page.parameters["rivals"] == "instagram.0"
    fields_of(page)["Language"].value = "fr"
    assert page.form.children[-1].children[0].value, "what was opened stays so"
    assert ticked(page) == [True, *[False] * 7]


def test_a_brand_that_breaks_while_it_is_looked_at_can_be_left_and_come_back_to(
    home: Path, live: None, seen: list[Any]
) -> None:
    asked = {"brand": "demo", "lang": "en", "hours": 0.0, "weights": ""}
    page = widgets.Page("platforms", platforms.review, **asked)
    page.question(platforms.question, sheets.question)
    (brands.folder("tea") / "brand.toml").write_text("nam = 1", encoding="utf-8")
    for slug in ("tea", "demo"):
        page.form.children[0].value = slug
    assert "Atelier Vaurenne" in words(page.shown[0][0]) and page.asked.outcome.comm is not None

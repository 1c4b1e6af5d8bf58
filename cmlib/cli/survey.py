"""``cm survey``: which question of a survey is NPS or CSAT, said once and remembered; then it is imported."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmlib import terminal
from cmlib.cli.options import APP, BrandOption, brand_of
from cmlib.errors import CmlibError
from cmlib.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cmlib.brand import Brand
    from cmlib.importers.known.questionnaire import Survey

app = typer.Typer(**APP)


@app.command("survey", help=t("cli.survey.help"))
def survey(
    path: Annotated[Path, typer.Argument(metavar=t("cli.survey.metavar"), help=t("cli.survey.path"))],
    brand: BrandOption = "",
    question: Annotated[
        list[str] | None,
        typer.Option("--question", "-q", metavar='"TEXT=nps|csat|none"', help=t("cli.survey.question")),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=t("cli.survey.yes"))] = False,
    account: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.import.account"), show_default=False)
    ] = "",
) -> None:
    """Say which questions are NPS or CSAT; what is said is kept in brand.toml, and the survey imported."""
    from cmlib import importers, start
    from cmlib.importers.known import surveys

    who = brand_of(brand)
    files = list(importers.walk(path))
    for file in files:
        there = surveys.survey(importers.open_export(file))
        said = _named(there, question or [], file.name)
        said |= _answered(there, surveys.proposed(there, who), said, yes, file.name)
        if said:
            who = surveys.remember(who, said)
            _tell(who)
    taken = list(start.intake(files, who.slug, account))
    terminal.imported(who, taken)
    if any(one.refused for one in taken):
        raise typer.Exit(1)


def _named(there: "Survey", named: "Iterable[str]", file: str) -> dict[str, str]:
    """What was said with --question, each with the question that is meant."""
    from cmlib.importers.known import surveys

    pairs = map(_pair, named)
    return {surveys.named(there, text, kind, file): kind for text, kind in pairs}


def _pair(said: str) -> tuple[str, str]:
    """``Would you recommend us=nps``: a question may have an = of its own."""
    from cmlib.means import ANSWERS

    text, equals, kind = said.rpartition("=")
    kind = kind.strip().casefold()
    if not (equals and text.strip() and kind in ANSWERS):
        raise CmlibError("survey_question", said=repr(said))
    return text, kind


def _answered(
    there: "Survey", proposed: "Mapping[str, str]", said: "Mapping[str, str]", yes: bool, file: str
) -> dict[str, str]:
    """What the other questions are that look like one: as is proposed, or neither."""
    asked = {question: kind for question, kind in proposed.items() if question not in said}
    if asked and not yes and not sys.stdin.isatty():
        told = [t("survey.taken", question=question, kind=kind) for question, kind in asked.items()]
        raise CmlibError("survey_call", file=file, questions=told)
    answers = {}
    for question, kind in asked.items():
        (one, *_) = (q for q in there.questions if q.text == question)
        terminal.question(one, kind)
        answers[question] = kind if yes or terminal.agreed(t("cli.survey.agreed")) else "none"
    return answers


def _tell(who: "Brand") -> None:
    from cmlib import brand

    path = brand.folder(who.slug) / "brand.toml"
    terminal.say(t("cli.survey.kept", file=str(path)))

"""Satisfaction surveys: answers to NPS and CSAT, from Google Forms, Typeform, SurveyMonkey, Microsoft Forms.

Who answered, by name, address or computer, is never read. Which question is which is found (``questions``),
said by a person once, and remembered in brand.toml: until then a survey is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC

import pandas as pd

from cmlib import brand as brands
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.importers.files import Export
from cmlib.importers.known import questions as asking
from cmlib.importers.known.questionnaire import Survey, is_own, laid_out
from cmlib.importers.known.questions import Question
from cmlib.importers.known.stamps import days, stamped
from cmlib.importers.layout import Format, Part, column, normalised, opening, part, recognised
from cmlib.importers.values import NONSENSE, Setting, text

MOST = 5  # questions of a survey that an error names
_STAMPS = (
    "_submitted",
    "_staged",
    "_ended",
    "_started",
)  # when it was answered: the first of these that is said
_FRENCH = ("horodateur", "heure de debut", "heure de fin", "date de debut", "date de fin")
_OF_POSTS = ("url", "permalink", "content", "impressions", "views", "author")  # headers of no question

_GOOGLE = (column("_submitted", "Timestamp", "Horodateur", parse=text, must=True),)
_TYPEFORM = (
    column("_id", "#", parse=text, must=True),
    column("_type", "Response Type", parse=text),
    column("_started", "Start Date (UTC)", parse=text, must=True),
    column("_staged", "Stage Date (UTC)", parse=text),
    column("_submitted", "Submit Date (UTC)", parse=text, must=True),
    column("_network", "Network ID", parse=text),
    column("_tags", "Tags", parse=text),
    column("_ending", "Ending", parse=text),
)
_SURVEYMONKEY = (
    column("_id", "Respondent ID", "RespondentID", "ID du répondant", parse=text, must=True),
    column("_collector", "Collector ID", "CollectorID", "ID du collecteur", parse=text),
    column("_started", "Start Date", "StartDate", "Date de début", parse=text),
    column("_ended", "End Date", "EndDate", "Date de fin", parse=text),
    column("_modified", "Date Modified", "Date de modification", parse=text),
    column("_ip", "IP Address", "Adresse IP", parse=text),
    column("_email", "Email Address", "Adresse e-mail", "Adresse électronique", parse=text),
    column("_first_name", "First Name", "Prénom", parse=text),
    column("_last_name", "Last Name", "Nom", "Nom de famille", parse=text),
    *(
        column(f"_custom_{n}", f"Custom Data {n}", f"Données personnalisées {n}", parse=text)
        for n in range(1, 7)
    ),
)
_MICROSOFT = (
    column("_id", "ID", parse=text, must=True),
    column("_started", "Start time", "Heure de début", parse=text, must=True),
    column("_ended", "Completion time", "Heure de fin", parse=text, must=True),
    column("_email", "Email", "Adresse de messagerie", "E-mail", parse=text),
    column("_name", "Name", "Nom", parse=text),
    column("_modified", "Last modified time", "Heure de la dernière modification", parse=text),
    column("_language", "Language", "Langue", parse=text),
)


def survey(export: Export) -> Survey:
    """What does a survey ask? Raises CmlibError for a file that is none."""
    wanted = next((f for f in FORMATS if f.recognise(export, f)), None)
    if wanted is None:
        raise CmlibError("no_survey", file=export.name)
    return laid_out(export, wanted)


def proposed(there: Survey, brand: Brand) -> dict[str, str]:
    """Which questions wait for somebody to say what they are? Their texts, and what each seems to be."""
    said = asking.known(brand.surveys)
    found = asking.found(there.questions)
    return {question: kind for question, kind in found.items() if asking.compared(question) not in said}


def unsaid(there: Survey, brand: Brand) -> list[tuple[Question, str]]:
    """Which questions is a person asked about, with what each seems to be?

    Where none is known and none seems to be any, those that could be, by what was answered to them.
    """
    said = asking.known(brand.surveys)
    texts = proposed(there, brand)
    kinds = {said.get(asking.compared(question.text), "none") for question in there.questions}
    if not texts and kinds <= {"none"}:
        some = [question.text for question in there.questions if question.kinds]
        texts = {text: "none" for text in some if asking.compared(text) not in said}
    by_text = {question.text: question for question in reversed(there.questions)}
    return [(by_text[text], kind) for text, kind in texts.items()]


def named(there: Survey, words: str, kind: str, file: str) -> str:
    """Which question is called so, or alone has these words? Its text, if it can be of that kind."""
    wanted = asking.compared(words)
    same = [question for question in there.questions if asking.compared(question.text) == wanted]
    like = [question for question in there.questions if wanted and wanted in asking.compared(question.text)]
    if not same and len(like) != 1:
        raise unknown("survey", words, [question.text for question in like or there.questions], file)
    meant = (same or like)[0]
    if kind in asking.SCALES and not meant.values(kind):
        raise CmlibError("survey_scale", file=file, question=repr(meant.text), kind=kind.upper())
    return meant.text


def remember(brand: Brand, said: Mapping[str, str]) -> Brand:
    """Write what questions are into brand.toml; the brand that then says so."""
    written = {asking.compared(question): question for question in brand.surveys}
    kept = {written.get(asking.compared(question), question): kind for question, kind in said.items()}
    after = replace(brand, surveys={**brand.surveys, **kept})
    brands.save(brand, after)
    return after


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    there, brand = laid_out(export, wanted), setting.brand
    waiting = proposed(there, brand)
    if waiting:
        raise CmlibError("survey_waits", file=export.name, brand=brand.slug, questions=_told(waiting))
    said = asking.known(brand.surveys)
    kinds = [said.get(asking.compared(question.text), "none") for question in there.questions]
    scored = [nth for nth, kind in enumerate(kinds) if kind in asking.SCALES]
    if not scored:
        texts = [repr(question.text) for question in there.questions[:MOST]]
        raise CmlibError("survey_without", file=export.name, brand=brand.slug, questions=texts)
    told = _days(there, setting)
    words = _words(there, scored)
    frames = []
    for nth in scored:
        frame = pd.DataFrame({"line": there.lines, "answered_on": told, "question": kinds[nth]})
        frame["score"] = there.questions[nth].scores(kinds[nth])
        frame["text"] = words.get(nth)
        frames.append(frame[frame["score"].notna()])
    answers = pd.concat(frames).sort_values("line", kind="stable", ignore_index=True)
    wide = {line for line, row in zip(there.lines, there.rows, strict=True) if any(row[there.found.width :])}
    width = [NONSENSE if line in wide else None for line in answers["line"]]
    answers = answers.assign(width=pd.Series(width, dtype="object"), excerpt="")  # where names would stand
    made = part("answers", answers)
    aside = made.aside.drop_duplicates(["line", "reason"])  # a stamp that is none is one, however many scores
    yield replace(made, aside=aside, passed=len(there.lines) - answers["line"].nunique())


def _words(there: Survey, scored: list[int]) -> dict[int, pd.Series]:
    """The free answers of a survey that asks for them once, beside the score that stands before them."""
    about = [nth for nth, question in enumerate(there.questions) if question.explains and nth not in scored]
    if len(about) != 1:
        return {}
    whose = max((nth for nth in scored if nth < about[0]), default=scored[0])
    return {whose: pd.Series([said or None for said in there.questions[about[0]].answers], dtype="object")}


def _told(waiting: Mapping[str, str]) -> list[str]:
    return [t("survey.taken", question=question, kind=kind) for question, kind in waiting.items()]


def _days(there: Survey, setting: Setting) -> pd.Series:
    """The day of each answer: when it was sent, else when it was begun."""
    places = [there.found.cells[name] for name in _STAMPS if name in there.found.cells]
    cells = pd.Series("", index=range(len(there.lines)), dtype="str")
    for place in places:
        cells = cells.where(cells != "", pd.Series(there.cells(place), dtype="str"))
    if not cells.any():
        raise CmlibError("survey_undated", file=setting.file)
    head = [normalised(there.sheet.rows[there.found.row][place]) for place in places]
    utc = any(cell.endswith("(utc)") for cell in head)
    return days(cells, setting, UTC if utc else setting.zone, any(cell in _FRENCH for cell in head))


def _is_google(export: Export, wanted: Format) -> bool:
    """Does it begin with a stamp, above one, and go on with questions?"""
    if not recognised(export, wanted) or opening(export)[0] not in ("timestamp", "horodateur"):
        return False
    sheet = export.sheets[0]
    first = next((row for row in sheet.rows[1:] if any(row)), [""])
    written = "/" in first[0] or sheet.name != ""  # a workbook has instants, which are read as ISO 8601
    return (
        stamped(first[0]) and written and len(opening(export)) > 1 and not {*opening(export)} & {*_OF_POSTS}
    )


def _is_first(export: Export, wanted: Format) -> bool:
    """Has it the signature, and stands the number of who answered first?"""
    return recognised(export, wanted) and is_own(opening(export)[0], wanted.columns[:1])


FORMATS = (
    Format("google_forms", "web", "answers", _GOOGLE, recognise=_is_google, read=_read,
           sure="seen", since="2021-06"),
    Format("typeform", "web", "answers", _TYPEFORM, recognise=_is_first, read=_read,
           sure="code", since="2017"),
    Format("surveymonkey", "web", "answers", _SURVEYMONKEY, recognise=_is_first, read=_read,
           sure="seen", since="2015"),
    Format("microsoft_forms", "web", "answers", _MICROSOFT, recognise=_is_first, read=_read,
           sure="code", since="2024-10"),
)  # fmt: skip

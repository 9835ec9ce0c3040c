"""Grades exact answers against truths that SQL computes on the raw tables, by itself.

An answer is `exact` when it holds what it must, `asked` when it asks back, `unknown` when nothing is
claimed, and `wrong` when it claims something else. Only what is claimed first counts: the sentence that
says what was counted is left out.
"""

import csv
import json
import re
import sqlite3
from calendar import month_name
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.evidence import AskBack
from knowledge.facts.exact import Exact
from knowledge.facts.keys import normal
from knowledge.facts.told import AboutNights, Facts

NUMBERS = {"once": 1, "twice": 2}


@dataclass(frozen=True)
class Question:
    ident: str
    intent: str
    question: str
    sql: str
    check: str


@dataclass(frozen=True)
class Grade:
    question: Question
    grade: str  # exact, asked, unknown, wrong
    said: str
    truth: list[str]


def questions(path: Path, data: str | None = None) -> list[Question]:
    """Read a question list, or the part of it that is about one set of tables."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Question(row["id"], row["intent"], row["question"], row.get("sql", ""), row["check"])
        for row in rows
        if data is None or row.get("data") == data
    ]


def scratch(**tables: Path) -> sqlite3.Connection:
    """Put CSV files into tables as they are; counters become numbers."""
    database = sqlite3.connect(":memory:")
    for name, path in tables.items():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        numbers = {"set_no", "position", "segued"}
        columns = ", ".join(f"{column} {'INTEGER' if column in numbers else 'TEXT'}" for column in rows[0])
        database.execute(f"CREATE TABLE {name} ({columns})")
        database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows[1:])
    return database


def truth_of(database: sqlite3.Connection, question: Question) -> list[str]:
    return [str(row[0]) for row in database.execute(question.sql)] if question.sql else []


def graded(question: Question, answer: Exact, truth: list[str]) -> Grade:
    """Grade one answer."""
    if isinstance(answer, AskBack):
        grade = "exact" if question.check in ("ask_back", "unknown_or_ask", "unknown") else "asked"
        return Grade(question, grade, " / ".join(answer.choices), truth)
    if not isinstance(answer, Facts):
        said = "about nights" if isinstance(answer, AboutNights) else "nothing"
        grade = "exact" if question.check in ("unknown", "unknown_or_ask", "no") else "unknown"
        return Grade(question, grade, said, truth)
    claimed = " ".join(sentence.text for sentence in answer.sentences if not sentence.text.startswith("That is from"))
    return Grade(question, "exact" if _holds(question.check, claimed, truth) else "wrong", answer.text, truth)


def _holds(check: str, claimed: str, truth: list[str]) -> bool:
    negative = re.search(r"\bNo:|\b(?:No show|No listed|never|none of|Nothing)\b", claimed) is not None
    if check == "number":
        return any(_has_number(claimed, float(value)) for value in truth)
    if check == "dates":
        return all(_has_date(claimed, value) for value in truth)
    if check in ("names", "ordered_names", "names_any"):
        return _has_names(check, claimed, truth)
    if check == "yes":
        return not negative
    return negative if check == "no" else False


def _has_number(claimed: str, value: float) -> bool:
    found = {float(number.replace(",", "")) for number in re.findall(r"(?<![\d.])\d[\d,]*(?:\.\d+)?", claimed)}
    found |= {float(number) for word, number in NUMBERS.items() if re.search(rf"\b{word}\b", claimed)}
    found |= {0.0} if re.search(r"\bNo\b|\bnever\b|\bnone\b|\bNothing\b", claimed) else set()
    return value in found


def _has_date(claimed: str, value: str) -> bool:
    if len(value) != len("1977-05-08"):
        return value in claimed
    year, month, day = value.split("-")
    return value in claimed or re.search(rf"(?<!\d){int(day)} {month_name[int(month)]} {year}", claimed) is not None


def _has_names(check: str, claimed: str, truth: Iterable[str]) -> bool:
    text = f" {normal(claimed)} "
    wanted = [normal(re.sub(r"^0:(?=\d\d:)", "", name) if re.fullmatch(r"[\d:]+", name) else name) for name in truth]
    if check == "names_any":
        return any(f" {name} " in text for name in wanted)
    if check == "names":
        return all(f" {name} " in text for name in wanted)
    at = 0
    for name in wanted:
        found = text.find(f" {name} ", at)
        if found < 0:
            return False
        at = found + len(name)
    return True


def told(grades: list[Grade]) -> str:
    """Give the figures, and everything that is not exact."""
    counted = Counter(grade.grade for grade in grades)
    lines = [f"{len(grades)} questions: " + ", ".join(f"{name} {number}" for name, number in counted.most_common())]
    lines += [
        f"{one.grade:8}{one.question.ident} [{one.question.intent}] {one.question.question}\n"
        f"        said: {one.said[:300]}\n        true: {one.question.check} {one.truth[:8]}"
        for one in sorted(grades, key=lambda one: one.grade)
        if one.grade != "exact"
    ]
    return "\n".join(lines)

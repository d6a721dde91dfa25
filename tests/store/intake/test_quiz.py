"""Responses of a quiz, which are numbered: the first is to the first part of the sheet."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from handed_in import put, take
from openpyxl import Workbook

HEAD = [
    "Last name", "First name", "ID number", "Email address", "State", "Started on", "Completed", "Time taken",
    "Grade/3.00", "Question 1", "Response 1", "Right answer 1", "Response 2", "Response 3",
]  # fmt: skip
ROWS = [
    ["Lovelace", "Ada", "0042", "ada@uni.edu", "Finished", "20 November 2026  9:00 AM", "20 November 2026  10:11 AM",
     "1 hour 11 mins", "2.00", "1a. How many?", "6", "7", "'=1+2", "-"],
    ["Turing", "Alan", "", "alan@uni.edu", "In progress", "20 November 2026  9:00 AM", "-", "-", "-", "1a", "1", "7",
     "2", "3"],
    ["Noether", "Emmy", "0044", "emmy@uni.edu", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
    ["Hopper", "Grace", "0045", "grace@uni.edu", "Finished", "20 November 2026  9:00 AM", "20 November 2026  9:30 AM",
     "30 mins", "3.00", "1a", "1", "7", "2", "3"],
]  # fmt: skip
PARTS = ("1a", "1b", "2a")


def table(kind: str, head: list[str], rows: list[list[str]]) -> bytes:
    if kind == "csv":
        return "\n".join(",".join(f'"{cell}"' for cell in row) for row in [head, *rows]).encode("utf-8-sig")
    book = Workbook()
    assert book.active is not None
    for row in [head, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_responses_by_the_order_of_the_sheet(tmp_path: Path, kind: str) -> None:
    attempts, unusable = take(put(tmp_path, f"quiz.{kind}", table(kind, HEAD, ROWS)), parts=PARTS)
    ada, grace = attempts
    assert (ada.student, ada.name, ada.set, ada.at) == ("0042", "ada@uni.edu", "", "2026-11-20T10:11:00")
    assert ada.answers == {"1a": "6", "1b": "=1+2", "2a": ""}
    assert grace.answers == {"1a": "1", "1b": "2", "2a": "3"}
    assert [each.reason for each in unusable] == [
        "alan@uni.edu didn't submit it: the state is 'In progress'",
        "0044 didn't submit it: the state is '-'",
    ]
    assert [each.source.rpartition(":")[2] for each in unusable] == ["3", "4"]


ELSEWHERE = {
    "German": (
        ["Nachname", "Vorname", "ID-Nummer", "E-Mail-Adresse", "Status", "Begonnen am", "Beendet", "Verbrauchte Zeit",
         "Bewertung/3,00", "Frage 1", "Antwort 1", "Richtige Antwort 1", "Antwort 2", "Antwort 3"],
        "Beendet", "In Bearbeitung", "20. November 2026, 10:11",
    ),
    "French": (
        ["Nom de famille", "Prénom", "Numéro d'identification", "Adresse de courriel", "État", "Commencé le",
         "Terminé", "Temps utilisé", "Note/3,00", "Question 1", "Réponse 1", "Réponse correcte 1", "Réponse 2",
         "Réponse 3"],
        "Terminé", "En cours", "20 novembre 2026, 10:11",
    ),
    "Spanish": (
        ["Apellido(s)", "Nombre", "Número de ID", "Dirección de correo", "Estado", "Comenzado el", "Finalizado",
         "Tiempo requerido", "Calificación/3,00", "Pregunta 1", "Respuesta 1", "Respuesta correcta 1", "Respuesta 2",
         "Respuesta 3"],
        "Finalizado", "En curso", "20/11/2026 10:11",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ELSEWHERE)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_other_languages(tmp_path: Path, kind: str, language: str) -> None:
    head, finished, begun, time = ELSEWHERE[language]
    words = {"Finished": finished, "In progress": begun, "20 November 2026  10:11 AM": time}
    rows = [[words.get(cell, cell) for cell in row] for row in ROWS]
    rows[3][2] = ""
    attempts, unusable = take(put(tmp_path, f"quiz.{kind}", table(kind, head, rows)), parts=PARTS)
    ada, grace = attempts
    assert (ada.student, ada.name, ada.at) == ("0042", "ada@uni.edu", "2026-11-20T10:11:00")
    assert ada.answers == {"1a": "6", "1b": "=1+2", "2a": ""}
    assert (grace.student, grace.name) == ("grace@uni.edu", "Grace Hopper")
    assert [each.reason for each in unusable] == [
        f"alan@uni.edu didn't submit it: the state is {begun!r}",
        "0044 didn't submit it: the state is '-'",
    ]


@pytest.mark.parametrize("parts", [None, (), ("1a", "1b"), ("1a", "1b", "2a", "2b")])
def test_another_number_of_parts_is_said_once(tmp_path: Path, parts: tuple[str, ...] | None) -> None:
    attempts, (found,) = take(put(tmp_path, "quiz.csv", table("csv", HEAD, ROWS)), parts=parts)
    said = "differ in their parts" if parts is None else f"have {len(parts)} parts"
    assert attempts == []
    assert found.reason.startswith(f"this table has 3 numbered responses, and the sets {said}; expected")


@pytest.mark.parametrize("wrong", ["Response 4", "Response 2", "Response 0"])
def test_a_gap_in_the_numbers_is_refused(tmp_path: Path, wrong: str) -> None:
    head = [cell.replace("Response 3", wrong) for cell in HEAD]
    assert not take(put(tmp_path, "quiz.csv", table("csv", head, ROWS)), parts=PARTS)[0]


def test_heads_with_part_ids_stay_as_they_are(tmp_path: Path) -> None:
    head = ["Email address", "State", "Response 1a", "Response 1b", "Response 1"]
    rows = [["ada@uni.edu", "NY", "6", "-", "x"], ["alan@uni.edu", "", "7", "", "y"], ["x", "In progress", "", "", ""]]
    attempts, (unusable,) = take(put(tmp_path, "quiz.csv", table("csv", head, rows)), parts=PARTS)
    assert [each.answers for each in attempts] == [{"1a": "6", "1b": "-"}, {"1a": "7", "1b": ""}]
    assert unusable.reason == "x didn't submit it: the state is 'In progress'"

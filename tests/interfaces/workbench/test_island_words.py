"""The grid's script speaks the reader's language: no sentence of it is forgotten."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from django.utils.translation import override

from nhasan.interfaces.workbench.island_words import SENTENCES, island_words

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
FILES = [
    FRONTEND / "rules/messages.ts",
    *(path for path in (FRONTEND / "islands/report-grid").glob("*.ts")
      if not path.name.endswith((".test.ts", "-fixture.ts"))),
]


def vietnamese(text: str) -> bool:
    return any(
        unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", text)
    ) or "đ" in text.casefold()


def test_every_sentence_of_the_script_can_be_translated() -> None:
    said = {
        sentence
        for path in FILES
        for sentence in re.findall(
            r'"((?:[^"\\\n]|\\.)*)"',
            re.sub(r"//.*|/\*.*?\*/", "", path.read_text("utf-8")))
        if vietnamese(sentence)
    }
    assert len(said) > 30
    assert said - set(SENTENCES) == set()


def test_a_vietnamese_page_carries_no_table_of_words() -> None:
    with override("vi"):
        assert island_words() == {}
    with override("en"):
        assert set(island_words()) == set(SENTENCES)

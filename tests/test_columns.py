"""Which field each column of a table shows, by its header, and which tables look like a log."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.columns import folded, likeness, map_headings
from confluence_changelog.fields import pieces
from confluence_changelog.words import WORDS

BOTH = "{subject}{body}"
LOGS = [
    ("Date | Who | What | Why", ("date", "author", "subject", "body")),
    ("Version | Date | Comment", ("version", "date", BOTH)),
    ("Version | Date | Author | Changes", ("version", "date", "author", BOTH)),
    ("Nr. | Datum | Autor | Änderung", ("number", "date", "author", BOTH)),
    ("Datum | Bearbeiter | Beschreibung | Grund", ("date", "author", "subject", "body")),
    ("Geändert am | Geändert von | Betreff | Begründung", ("date", "author", "subject", "body")),
    ("Date | Auteur | Objet | Motif", ("date", "author", "subject", "body")),
    ("Modifié le | Modifié par | Description", ("date", "author", BOTH)),
    ("Fecha | Autor | Descripción | Motivo", ("date", "author", "subject", "body")),
    ("Fecha | Modificado por | Cambios | Versión", ("date", "author", BOTH, "version")),
    ("Data | Responsável | Descrição | Justificativa", ("date", "author", "subject", "body")),
    ("Data | Autor | Alterações", ("date", "author", BOTH)),
    ("Дата | Автор | Описание изменений", ("date", "author", BOTH)),
    ("Когда | Кто | Что | Почему | Задача", ("date", "author", "subject", "body", "ticket")),
    ("日期 | 修改人 | 变更内容 | 变更原因", ("date", "author", "subject", "body")),
    ("版本号 | 修改日期 | 作者 | 描述", ("version", "date", "author", BOTH)),
    ("序號 | 變更日期 | 變更人 | 變更內容", ("number", "date", "author", BOTH)),
    ("更新日 | 担当者 | 変更内容 | 理由", ("date", "author", "subject", "body")),
    ("番号 | 日付 | 変更者 | 概要 | 備考", ("number", "date", "author", "subject", "body")),
    ("날짜 | 작성자 | 변경 내용 | 사유", ("date", "author", "subject", "body")),
    ("번호 | 변경일자 | 담당자 | 제목", ("number", "date", "author", "subject")),
    ("Data | Autore | Modifica", ("date", "author", BOTH)),
    (
        "Deployed on | By | Ticket | Description | Reason | Approved by | Rollback",
        (
            *("date", "author", "ticket", "subject", "body"),
            *("trailer:Approved-by", "trailer:Rollback"),
        ),
    ),
    ("COMMIT ID | when? | Author(s) | Summary: | Files", "commit date author subject files"),
    ("Date (UTC) | Changed by / Reviewer | What", ("date", "author", "subject")),
    ("Date of change | Change made by | Description of the change", ("date", "author", BOTH)),
    (
        "Date Applied | Applied By | Server(s) | Patch / Change | CR Number",
        "date author - both ticket",
    ),
    ("Rev. | Revision Date | Revised By | Summary of revisions", "version date author both"),
    ("Timestamp (UTC) | Operator | Action taken | Justification", "date author subject body"),
    ("Date | Time | Requested by | By | Action | Comments", "date time requester author - both"),
    ("Date | Engineer | Action", "date author both"),
    ("Datum | Uhrzeit | Wer | Was wurde gemacht?", "date time author subject"),
    ("Lfd. Nr. | Datum | Durchgeführt von | Beschreibung der Änderung", "number date author both"),
    ("Umgesetzt am | Mitarbeiter | Maßnahme | Grund der Änderung", "date author subject body"),
    ("Date d'application | Intervenant | Nature des modifications", "date author both"),
    ("Le | Par | Description de l\u2019intervention | Motif", "date author subject body"),
    ("Fecha de actualización | Realizado por | Actividad | Observaciones", "date author both -"),
    ("Versión | Fecha | Autor | Descripción de los cambios", "version date author both"),
    ("Data da mudança | Descrição da mudança | Chamado", "date both ticket"),
    ("Data | Quem | O que foi feito | Por quê?", "date author subject body"),
    ("Data | Redatto da | Descrizione delle modifiche", "date author both"),
    (
        "№ п/п | Дата изменения | Исполнитель | Описание работ | Основание",
        "number date author subject body",
    ),
    ("Дата и время | Кто вносил | Что сделано | Зачем", "date author subject body"),
    ("修订日期 | 修订人 | 修订说明 | 审核", "date author both reviewer"),
    ("上线时间 | 操作人员 | 上线内容 | 备注", "date author both -"),
    ("異動日期 | 異動人員 | 異動內容 | 異動原因", "date author subject body"),
    ("版数 | 改版日 | 改版者 | 改版内容", "version date author both"),
    ("作業日時 | 作業者 | 作業内容 | 作業理由", "date author subject body"),
    ("버전 | 변경 일자 | 변경 내역 | 작업자", "version date both author"),
    ("日期 | 时间 | 执行人 | 申请人 | 操作 | 原因", "date time author requester subject body"),
    ("时间 | 人员 | 事件", "date author both"),
    ("Fecha | Hora | Usuario | Acción | Motivo", "date time author subject body"),
    ("Когда | Что делали | Кто делал", "date subject author"),
    ("Date | Added | Changed | Removed | By", "date - - - author"),
    ("Deploy date | Who did it | What we changed | Why we changed it", "date author subject body"),
    ("Commit | Author | Message", "commit author both"),
    ("Stand vom | Mitarbeiter*in | Durchgeführte Arbeiten", "date author both"),
]
SHORT = {
    "both": BOTH,
    "time": "date:%H:%M",
    "requester": "trailer:Requested-by",
    "reviewer": "trailer:Reviewed-by",
    "-": None,
}


@pytest.mark.parametrize(("headers", "expected"), LOGS, ids=[headers for headers, _ in LOGS])
def test_headers_of_logs_say_what_they_show(headers: str, expected: tuple[str, ...] | str) -> None:
    texts = headers.split(" | ")
    if isinstance(expected, str):
        fields: tuple[str | None, ...] = tuple(SHORT.get(each, each) for each in expected.split())
    else:
        fields = expected
    assert map_headings(texts) == fields
    assert likeness(texts)
    assert likeness([unicodedata.normalize("NFD", text.upper()) for text in texts])


@pytest.mark.parametrize(
    "headers",
    [
        *(
            "Server | Owner",
            "Question | Answer | Date Answered",
            "Version | Date",
            "Who | What | Why",
        ),
        *("Data | Description", "Day | Notes", "Name | Status", "Task | Owner | Due date", ""),
        *("Date | Amount", "Component | Version", "Command | Description"),
        *("Event | Date | Location", "Time | Who | Topic", "Date | Action"),
        *("File | Hash | Notes", "Commit | Author"),
    ],
)
def test_other_tables_do_not_look_like_a_log(headers: str) -> None:
    assert likeness(headers.split(" | ")) == 0


def test_the_default_columns_alone_look_most_like_a_log() -> None:
    assert likeness(["date", "WHO", "What:", "Why?"]) == 2
    assert likeness(["Date", "Who", "What", "Why", "Ticket"]) == 1


def test_a_field_has_one_column_and_a_date_any_number() -> None:
    assert map_headings(
        ["Author", "Date", "Changed by", "Updated", "Status", "Comment", "Notes"]
    ) == (*("author", "date", None, "date", None, BOTH, None),)


def test_every_word_leads_to_its_field() -> None:
    """No word is in two lists, so that none depends on their order; a few are meant to be."""
    owners: dict[str, set[str]] = {}
    for field, words in WORDS.items():
        for word in words.split("|"):
            owners.setdefault(folded(word), set()).add(field)
    assert {word for word, fields in owners.items() if len(fields) > 1} == set()
    assert "" not in owners
    for field in WORDS:
        assert field == "text" or pieces(field)


@given(st.lists(st.text()))
def test_any_headers_are_mapped(headers: list[str]) -> None:
    fields = map_headings(headers)
    assert len(fields) == len(headers)
    assert all(pieces(field) for field in fields if field)
    assert likeness(headers) in (0, 1, 2)

"""Header phrases of change logs, such as "Date of change", "Fecha del cambio", "修订说明". Data.

Teams put such headers together from few words, so the words are listed here and not the headers.
Whole words and what they mean are in `words`; they come before a phrase that reads the same.
"""

import re
from collections.abc import Iterator
from itertools import product

from confluence_changelog.parts import PARTS

PHRASES: dict[str, str] = {
    "date": """
        stand vom | in kraft seit | gültig ab | seit | data da última {alteração}
        | дата и время {изменения} | {变更}的日期 | on date | date and time of {the}{noun}
        | {noun} date | {noun} date time | {noun} time | {noun} timestamp | date of {the}{noun}
        | date time of {the}{noun} | time of {the}{noun} | date {when} | {when} on | {when} at
        | {when} date | date {noun} | effective date | effective from | when {when} | utc time
        | local time | {geändert} am | datum {der} {änderung} | {änderung}sdatum
        | zeitpunkt {der} {änderung} | datum zeit | zeitstempel | date {du}{modification}
        | {modifié} le | date heure | le | horodatage | fecha {del} {cambio} | {modificado} el
        | fecha hora | data {da} {alteração} | {alterado} em | data hora
        | data {della}{modifica} | {modificato} il | data ora | дата {изменения}
        | время {изменения} | дата время | {变更}{日期} | 发布{日期} | 發布{日期} | 修正{日期}
        | {変更}{日} | 作業時間 | {변경}{일자}
    """,
    "time": """
        time | time of day | uhrzeit | zeit | heure | hora | ora | время | 時刻 | 시각 | 时刻
        | time utc | heure locale | horário
    """,
    "moment": "时间 | 時間 | 시간",
    "author": """
        who {done} | who {done} it | who did | name of person | name of the person
        | person responsible | responsible person | person in charge | changed by name | persona
        | persona responsable | mitarbeiter in | mitarbeitende | verantwortliche person
        | кто делал | кто проводил | кто менял | 人员 | 人員 | 姓名 | 氏名 | 执行人 | 執行人
        | 执行者 | 实施人 | 處理人 | 处理人 | 填写人 | 記録者 | 対応した人 | 배포한 사람
        | {done} by | {noun} by | {noun} {done} by | {noun} author | {noun} owner
        | {noun} implementer | author of {the}{noun} | who {when} | who did it
        | who made {the}{noun} | operator | technician | admin | administrator | sysadmin
        | author name | engineer name | name of author | name of engineer | team member
        | whodunnit | deployer | maintainer | release manager | {geändert} von
        | {geändert} durch | autor {der} {änderung} | bearbeiter in | verfasser in
        | ersteller in | mitarbeiter | mitarbeiterin | techniker | zuständig | zuständiger
        | durchführender | ausführender | kürzel | wer hat geändert | {modifié} par
        | auteur {du}{modification} | intervenant | intervenants | utilisateur | opérateur
        | technicien | administrateur | acteur | ingénieur | qui a modifié | {modificado} por
        | autor {del} {cambio} | responsable {del} {cambio} | técnico | usuario | operador
        | ingeniero | administrador | encargado | ejecutor | {alterado} por
        | autor {da} {alteração} | responsável pela {alteração} | responsável {da} {alteração}
        | analista | usuário | engenheiro | executor | {modificato} da
        | autore {della}{modifica} | responsabile | operatore | tecnico | автор {изменения}
        | кто {изменил} | {изменил} | сотрудник | инженер | администратор | разработчик
        | ответственное лицо | фио | исполнитель работ | {变更}{人} | {发布}{人} | 经办人
        | 經辦人 | 工程师 | 运维人员 | 操作员 | {変更}{者} | 記載者 | 作成担当者 | エンジニア
        | {변경}{자} | 작업자 | 운영자
    """,
    "subject": """
        what we {when} | what has been {when} | was geändert wurde | ce qui a été {modifié}
        | что делали | что сделали | что выполнено | ce qui a été fait | que se hizo
        | o que fizemos | what was done | what was {done} | what has changed
        | what has been done | what happened | what did we do | what we did | was wurde gemacht
        | was wurde getan | was ist passiert | was hat sich geändert | was wurde {geändert}
        | qu est ce qui a changé | ce qui a changé | qué cambió | qué se hizo | qué se cambió
        | o que foi feito | o que mudou | o que foi {alterado} | cosa è cambiato
        | cosa è stato fatto | что сделано | что изменилось | что было сделано | что изменили
        | 变更标题 | 变更主题 | 変更件名 | 작업명 | 변경 제목
    """,
    "body": """
        {变更}的{原因} | why we {when} it | why was it changed | why was this {when}
        | why it was {when} | why the change | {noun} reason | reason for {the}{noun}
        | reason of {the}{noun} | reasons for {the}{noun} | {noun} justification
        | justification for {the}{noun} | purpose of {the}{noun} | business justification
        | business reason | why {done} | why was it {done} | cause of {the}{noun}
        | motivation for {the}{noun} | grund {der} {änderung} | begründung {der} {änderung}
        | anlass {der} {änderung} | zweck {der} {änderung} | {änderung}sgrund | weshalb
        | erläuterung | erläuterungen | warum {geändert} | motif {du}{modification}
        | raison {du}{modification} | cause {du}{modification}
        | justification {du}{modification} | motifs | raisons | motivo {del} {cambio}
        | razón {del} {cambio} | justificación {del} {cambio} | causa {del} {cambio} | motivos
        | motivo {da} {alteração} | razão {da} {alteração} | justificativa {da} {alteração}
        | motivação | por quê | porquê | motivazione | motivo {della}{modifica} | ragione
        | причина {изменения} | основание | основание для {изменения} | обоснование {изменения}
        | цель | цель {изменения} | причины | {变更}{原因} | 事由 | 緣由 | {変更}{変更理由}
        | {변경}{사유}
    """,
    "text": """
        description of what was {when} | description of what {when} | modification apportée
        | modification effectuée | changement effectué | changements effectués
        | changements apportés | tarea realizada | tareas realizadas | actividad realizada
        | trabajos realizados | trabalho realizado | trabalhos realizados | tarefa realizada
        | atividade realizada | {变更}的{内容} | 工作内容 | 工作内容记录 | 工作记录 | 具体内容
        | 变更点 | 変更箇所と内容 | 변경점 | 변경 포인트 | 수정사항 | geänderte inhalte
        | was und warum | qué y por qué | action taken | actions taken | activity | activities
        | work done | work performed | task performed | tasks performed | maßnahme | maßnahmen
        | tätigkeit | tätigkeiten | intervention | interventions | travaux | actividad
        | actividades | trabajo realizado | acción realizada | atividade | atividades
        | serviço realizado | ação realizada | attività | intervento | работы | 事项 | 作業
        | 対応 | 作業項目 | 작업 | 조치 | 조치 내용 | 조치사항 | {noun} description
        | description of {the}{noun} | {noun} details | details of {the}{noun} | {noun} summary
        | summary of {the}{noun} | {noun} notes | {noun} comments | {noun} comment | {noun} log
        | {noun} {done} | nature of {the}{noun} | {noun} content | {noun} information
        | content of {the}{noun} | list of {noun} | description of work | work description
        | revisions | amendments | modifications | entries | beschreibung {der} {änderungen}
        | beschreibung {der} {änderung} | {änderung}sbeschreibung | inhalt {der} {änderungen}
        | art {der} {änderungen} | durchgeführte {änderungen} | vorgenommene {änderungen}
        | umgesetzte {änderungen} | details {der} {änderungen}
        | kurzbeschreibung {der} {änderung} | notiz | notizen | anpassung | anpassungen
        | description {du}{modification} | détail {du}{modification}
        | détails {du}{modification} | nature {du}{modification} | objet {du}{modification}
        | contenu {du}{modification} | modifications apportées | modifications effectuées
        | travaux effectués | note | évolution | évolutions | descripción {del} {cambio}
        | detalle {del} {cambio} | detalles {del} {cambio} | resumen {del} {cambio}
        | cambios realizados | modificaciones realizadas | cambio realizado
        | descrição {da} {alteração} | detalhes {da} {alteração} | resumo {da} {alteração}
        | alterações realizadas | alterações efetuadas | mudanças realizadas | notas de versão
        | descrizione {della}{modifica} | dettagli {della}{modifica} | описание {изменения}
        | содержание {изменения} | суть {изменения} | перечень {изменения} | детали {изменения}
        | список изменений | внесенные изменения | внесённые изменения | выполненные работы
        | правки | {变更}{内容} | 发布{内容} | 發布{内容} | 修正{内容} | {変更}{変更内容}
        | {변경}{변경내용} | 메모
    """,
    "act": """
        action | actions | work | event | events | stuff | aktion | aktionen | ereignis
        | arbeiten | opération | opérations | événement | acción | acciones | evento | eventos
        | ação | ações | azione | действие | действия | событие | операция | операции | 操作
        | 事件
    """,
    "ticket": """
        ticket nr | ticketnr | jira nr | change nr | change nummer | rfc nr | rfc number
        | cr number | cr no | cr id | cr nr | issue id | issue no | issue number | jira issues
        | jira link | jira no | jira number | incident number | change request number
        | change request id | change request no | ticket link | ticket reference | ticket ref
        | ticket s | auftragsnummer | vorgangsnummer | n° de ticket | n° ticket
        | numéro de ticket | nº de ticket | número de ticket | nº ticket | nº chamado
        | nº do chamado | id do chamado | número do chamado | номер заявки | № заявки
        | номер тикета | № задачи | тикеты | задачи | 工单号 | 工單號 | 工单编号 | 变更单号
        | 變更單號 | 需求编号 | チケット番号 | 課題no | 티켓 번호 | 이슈번호
    """,
    "version": """
        rel | rel no | doc version | document version | dokumentversion | version du document
        | versión del documento | versão do documento | версия документа | версия по | 文件版本
        | 文書版数 | 문서 버전 | 版数 | 版番号 | 修订版本 | 文档版本 | ver no | rev no
        | revision no | revision number | release version | version nr | versionsnummer
        | n° de version | nº de versión | número de versión | número da versão | номер версии
    """,
    "trailer:Requested-by": """
        requester | requestor | requested by | angefordert von | antragsteller | auftraggeber
        | demandeur | demandé par | solicitante | solicitado por | richiedente | заказчик
        | 申请人 | 申請人 | 提出人 | 依頼者 | 申請者 | 依頼元 | 요청자
    """,
    "trailer:Reviewed-by": """
        checked by | checker | verified by | kontrolliert von | vérificateur | verificado por
        | 检查人 | 审核 | 審核 | 复核人 | 確認者 | レビュー者 | 확인자 | vérifié par
    """,
    "trailer:Approved-by": """
        approver s | approvers | freigeber | genehmigt durch | freigegeben durch | approbateur
        | aprobador | aprovador | утверждено | кто согласовал | 审批 | 批准 | 审批者 | 决裁者
        | 承認 | 승인 여부
    """,
}
"""Field to phrases; ``{noun}`` stands for each of the `PARTS` of that name. ``act`` is what a column shows
that says what was done, unless another column does: under "Action" a firewall's log may have "permit".
``time`` is the time of day beside a date, and ``moment`` is that or the date itself.
"""

_PART = re.compile(r"\{([^{}]+)\}")
_LINE_END = re.compile(r"\n\s*")


def phrases(field: str) -> Iterator[str]:
    """Yield the header texts that mean a field, some of them more than once."""
    for phrase in PHRASES[field].split("|"):
        pieces = _PART.split(phrase.strip())
        choices = [_parts(piece) if at % 2 else [piece] for at, piece in enumerate(pieces)]
        yield from map("".join, product(*choices))


def _parts(name: str) -> list[str]:
    """Return the parts of a name; blanks at their ends separate them from their neighbours."""
    return _LINE_END.sub("", PARTS[name]).split("|")

"""Header phrases of change logs, such as "Date of change", "Fecha del cambio", "修订说明". Data.

Teams put such headers together from few words, so the words are listed here and not the headers.
Whole words and what they mean are in `words`; they come before a phrase that reads the same.
"""

import re
from collections.abc import Iterator
from itertools import product

PARTS: dict[str, str] = {
    "noun": """
        change|changes|modification|modifications|revision|revisions|update|updates|release
        |deployment|rollout|implementation|amendment|amendments|edit|edits|maintenance|action
        |activity|work|installation|patch|patches|configuration change|config change
    """,
    "done": """
        changed|modified|revised|updated|released|deployed|rolled out|published|implemented|amended
        |edited|applied|created|made|performed|executed|completed|entered|logged|recorded|installed
        |carried out|introduced|handled|actioned|authored|drafted|documented
    """,
    "when": """
        changed|modified|revised|updated|released|deployed|rolled out|published|implemented|amended
        |edited|applied|performed|executed|carried out|installed|introduced
    """,
    "the": " |the |this |a ",
    "änderung": """
        änderung|anpassung|aktualisierung|umsetzung|veröffentlichung|durchführung|bearbeitung
        |umstellung|konfigurationsänderung|installation|wartung|einspielung|ausführung|einführung
    """,
    "änderungen": "änderung|änderungen|anpassung|anpassungen|arbeiten|maßnahme|maßnahmen|revision",
    "geändert": """
        geändert|angepasst|aktualisiert|bearbeitet|umgesetzt|durchgeführt|eingespielt|veröffentlicht
        |ausgeführt|erledigt|erfasst|eingetragen|installiert|vorgenommen|ausgerollt|verantwortet
    """,
    "der": "der|für die|für|zur",
    "modification": """
        modification|modifications|changement|changements|intervention|interventions|mise à jour
        |mise en production|mise en service|révision|révisions|évolution|évolutions|déploiement
        |opération|application|livraison|action|actions|correction|corrections
    """,
    "modifié": """
        modifié|modifiée|changé|changée|mis à jour|mise à jour|réalisé|réalisée|effectué|effectuée
        |déployé|déployée|appliqué|appliquée|rédigé|publié|livré|fait|faite|exécuté|exécutée|saisi
    """,
    "du": "de |du |d |de la |de l |des |de les ",
    "cambio": """
        cambio|cambios|modificación|modificaciones|actualización|actualizaciones|implementación
        |implantación|despliegue|revisión|intervención|ejecución|mantenimiento|liberación
    """,
    "modificado": """
        modificado|cambiado|actualizado|realizado|implementado|desplegado|ejecutado|editado|hecho
        |publicado|elaborado|aplicado|efectuado|registrado
    """,
    "del": "de|del|de la|de el|de los|de las",
    "alteração": """
        alteração|alterações|mudança|mudanças|modificação|modificações|atualização|atualizações
        |implantação|implementação|revisão|intervenção|execução|liberação|correção
    """,
    "alterado": """
        alterado|modificado|atualizado|realizado|feito|implantado|implementado|executado|editado
        |publicado|elaborado|aplicado|efetuado|registrado
    """,
    "da": "de|da|das|do|dos",
    "modifica": "modifica|modifiche|variazione|variazioni|aggiornamento|intervento|rilascio|revisione",
    "modificato": "modificato|redatto|aggiornato|eseguito|effettuato|rilasciato|fatto|realizzato",
    "della": " |della |delle |del |dell |di ",
    "изменения": """
        изменения|изменений|обновления|обновлений|внесения|внесения изменений|выполнения|релиза
        |публикации|установки|правки|правок|доработки|доработок|работ|модификации|корректировки
        |внедрения|выпуска|ревизии
    """,
    "изменил": "изменил|внес|внёс|вносил|сделал|выполнил|обновил|внес изменения|внёс изменения",
    "变更": """
        变更|修改|更新|修订|操作|上线|实施|调整|维护|部署|升级|改动|执行|配置变更|變更|修訂|異動|上線|實施|調整
        |維護|升級|改動|執行
    """,
    "发布": "发布|發布|编写|修正|提交|申请",
    "日期": "日期|时间|時間|日",
    "人": "人|者|人员|人員|负责人|負責人",
    "内容": "内容|內容|说明|說明|描述|详情|詳情|事项|事項|明细|明細|记录|記錄|摘要|简述|點|点",
    "原因": "原因|理由|目的|背景|依据|依據|缘由|緣由",
    "変更": """
        変更|更新|修正|改訂|改版|対応|作業|実施|反映|適用|改定|リリース|設定変更|追加|編集|メンテナンス
    """,
    "日": "日|日付|日時|年月日",
    "者": "者|担当者|担当|者名",
    "変更内容": "内容|点|概要|詳細|事項|履歴|項目|の内容|の概要",
    "変更理由": "理由|目的|背景|の理由|の目的|経緯",
    "변경": "변경|수정|개정|작업|배포|업데이트|갱신|적용|반영|설정 변경|릴리스",
    "일자": "일|일자|일시|날짜|시간| 일| 일자| 일시| 날짜| 시간",
    "자": "자|담당자|한 사람| 담당자| 자",
    "변경내용": "내용|사항|내역|이력|설명|개요| 내용| 사항| 내역| 이력| 설명| 개요",
    "사유": "사유|이유|목적|배경|근거| 사유| 이유| 목적| 배경| 근거",
}

PHRASES: dict[str, str] = {
    "date": """
        {noun} date | {noun} date time | {noun} time | {noun} timestamp | date of {the}{noun}
        | date time of {the}{noun} | time of {the}{noun} | date {when} | {when} on | {when} at
        | {when} date | date {noun} | effective date | effective from | when {when}
        | utc time | local time | {geändert} am | datum {der} {änderung} | {änderung}sdatum
        | zeitpunkt {der} {änderung} | datum zeit | zeitstempel
        | date {du}{modification} | {modifié} le | date heure | le | horodatage
        | fecha {del} {cambio} | {modificado} el | fecha hora | data {da} {alteração}
        | {alterado} em | data hora | data {della}{modifica} | {modificato} il | data ora
        | дата {изменения} | время {изменения} | дата и время {изменения} | дата время
        | {变更}{日期} | 发布{日期} | 發布{日期} | 修正{日期} | {変更}{日} | 作業時間
        | {변경}{일자}
    """,
    "time": """
        time | time of day | uhrzeit | zeit | heure | hora | ora | время | 时间 | 時間 | 時刻 | 시간 | 시각
        | 时刻
    """,
    "author": """
        {done} by | {noun} by | {noun} {done} by | {noun} author | {noun} owner | {noun} implementer
        | author of {the}{noun} | who {when} | who did it | who made {the}{noun} | operator
        | technician | admin | administrator | sysadmin | author name | engineer name
        | name of author | name of engineer | team member | whodunnit | deployer | maintainer
        | release manager | {geändert} von | {geändert} durch | autor {der} {änderung}
        | bearbeiter in | verfasser in | ersteller in | mitarbeiter | mitarbeiterin | techniker
        | zuständig | zuständiger | durchführender | ausführender | kürzel | wer hat geändert
        | {modifié} par | auteur {du}{modification} | intervenant | intervenants | utilisateur
        | opérateur | technicien | administrateur | acteur | ingénieur | qui a modifié
        | {modificado} por | autor {del} {cambio} | responsable {del} {cambio} | técnico | usuario
        | operador | ingeniero | administrador | encargado | ejecutor | {alterado} por
        | autor {da} {alteração} | responsável pela {alteração} | responsável {da} {alteração}
        | analista | usuário | engenheiro | executor | {modificato} da | autore {della}{modifica}
        | responsabile | operatore | tecnico | автор {изменения} | кто {изменил} | {изменил}
        | сотрудник | инженер | администратор | разработчик | ответственное лицо | фио
        | исполнитель работ | {变更}{人} | {发布}{人} | 经办人 | 經辦人 | 工程师 | 运维人员
        | 操作员 | {変更}{者} | 記載者 | 作成担当者 | エンジニア | {변경}{자} | 작업자 | 운영자
    """,
    "subject": """
        what was done | what was {done} | what has changed | what has been done | what happened
        | what did we do | what we did | was wurde gemacht | was wurde getan | was ist passiert
        | was hat sich geändert | was wurde {geändert} | qu est ce qui a changé | ce qui a changé
        | qué cambió | qué se hizo | qué se cambió | o que foi feito | o que mudou
        | o que foi {alterado} | cosa è cambiato | cosa è stato fatto | что сделано
        | что изменилось | что было сделано | что изменили | 变更标题 | 变更主题 | 変更件名
        | 작업명 | 변경 제목
    """,
    "body": """
        {noun} reason | reason for {the}{noun} | reason of {the}{noun} | reasons for {the}{noun}
        | {noun} justification | justification for {the}{noun} | purpose of {the}{noun}
        | business justification | business reason | why {done} | why was it {done}
        | cause of {the}{noun} | motivation for {the}{noun} | grund {der} {änderung}
        | begründung {der} {änderung} | anlass {der} {änderung} | zweck {der} {änderung}
        | {änderung}sgrund | weshalb | erläuterung | erläuterungen | warum {geändert}
        | motif {du}{modification} | raison {du}{modification} | cause {du}{modification}
        | justification {du}{modification} | motifs | raisons | motivo {del} {cambio}
        | razón {del} {cambio} | justificación {del} {cambio} | causa {del} {cambio} | motivos
        | motivo {da} {alteração} | razão {da} {alteração} | justificativa {da} {alteração}
        | motivação | por quê | porquê | motivazione | motivo {della}{modifica} | ragione
        | причина {изменения} | основание | основание для {изменения} | обоснование {изменения}
        | цель | цель {изменения} | причины | {变更}{原因} | 事由 | 緣由 | {変更}{変更理由}
        | {변경}{사유}
    """,
    "text": """
        action taken | actions taken | activity | activities | work done | work performed
        | task performed | tasks performed | maßnahme | maßnahmen | tätigkeit | tätigkeiten
        | intervention | interventions | travaux | actividad | actividades | trabajo realizado
        | acción realizada | atividade | atividades | serviço realizado | ação realizada | attività
        | intervento | работы | 事项 | 作業 | 対応 | 作業項目 | 작업 | 조치 | 조치 내용 | 조치사항
        | {noun} description | description of {the}{noun} | {noun} details | details of {the}{noun}
        | {noun} summary | summary of {the}{noun} | {noun} notes | {noun} comments | {noun} comment
        | {noun} log | {noun} {done} | nature of {the}{noun} | {noun} content | {noun} information
        | content of {the}{noun} | list of {noun} | description of work | work description
        | revisions | amendments | modifications | entries | beschreibung {der} {änderungen}
        | beschreibung {der} {änderung} | {änderung}sbeschreibung | inhalt {der} {änderungen}
        | art {der} {änderungen} | durchgeführte {änderungen} | vorgenommene {änderungen}
        | umgesetzte {änderungen} | details {der} {änderungen} | kurzbeschreibung {der} {änderung}
        | notiz | notizen | anpassung | anpassungen | description {du}{modification}
        | détail {du}{modification} | détails {du}{modification} | nature {du}{modification}
        | objet {du}{modification} | contenu {du}{modification} | modifications apportées
        | modifications effectuées | travaux effectués | note | évolution | évolutions
        | descripción {del} {cambio} | detalle {del} {cambio} | detalles {del} {cambio}
        | resumen {del} {cambio} | cambios realizados | modificaciones realizadas
        | cambio realizado | descrição {da} {alteração} | detalhes {da} {alteração}
        | resumo {da} {alteração} | alterações realizadas | alterações efetuadas
        | mudanças realizadas | notas de versão | descrizione {della}{modifica}
        | dettagli {della}{modifica} | note | описание {изменения} | содержание {изменения}
        | суть {изменения} | перечень {изменения} | детали {изменения} | список изменений
        | внесенные изменения | внесённые изменения | выполненные работы | правки | {变更}{内容}
        | 发布{内容} | 發布{内容} | 修正{内容} | {変更}{変更内容} | {변경}{변경내용} | 메모
    """,
    "act": """
        action | actions | work | event | events | stuff | aktion | aktionen | ereignis | arbeiten
        | opération | opérations | événement | acción | acciones | evento | eventos | ação | ações
        | azione | действие | действия | событие | операция | операции | 操作 | 事件
    """,
    "ticket": """
        ticket nr | ticketnr | jira nr | change nr | change nummer | rfc nr | rfc number | cr number
        | cr no | cr id | cr nr | issue id | issue no | issue number | jira issues | jira link
        | jira no | jira number | incident number | change request number | change request id
        | change request no | ticket link | ticket reference | ticket ref | ticket s
        | auftragsnummer | vorgangsnummer | n° de ticket | n° ticket | numéro de ticket
        | nº de ticket | número de ticket | nº ticket | nº chamado | nº do chamado | id do chamado
        | número do chamado | номер заявки | № заявки | номер тикета | № задачи | тикеты | задачи
        | 工单号 | 工單號 | 工单编号 | 变更单号 | 變更單號 | 需求编号 | チケット番号 | 課題no
        | 티켓 번호 | 이슈번호
    """,
    "version": """
        版数 | 版番号 | 修订版本 | 文档版本 | ver no | rev no | revision no | revision number
        | release version | version nr | versionsnummer | n° de version | nº de versión
        | número de versión | número da versão | номер версии
    """,
    "trailer:Requested-by": """
        requester | requestor | requested by | angefordert von | antragsteller | auftraggeber
        | demandeur | demandé par | solicitante | solicitado por | richiedente | заказчик | 申请人
        | 申請人 | 提出人 | 依頼者 | 申請者 | 依頼元 | 요청자
    """,
    "trailer:Reviewed-by": "审核 | 審核 | 复核人 | 確認者 | レビュー者 | 확인자 | vérifié par",
    "trailer:Approved-by": """
        approver s | approvers | freigeber | genehmigt durch | freigegeben durch | approbateur
        | aprobador | aprovador | утверждено | кто согласовал | 审批 | 批准 | 审批者 | 决裁者
        | 承認 | 승인 여부
    """,
}
"""Field to phrases; ``{noun}`` stands for each of the `PARTS` of that name. ``act`` is what a column shows
that says what was done, unless another column does: under "Action" a firewall's log may have "permit".
``time`` is the time of day beside a date.
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

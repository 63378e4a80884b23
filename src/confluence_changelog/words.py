"""Header words of change logs, by field, as teams write them in ten languages. Data only.

English, German, French, Spanish, Portuguese, Italian, Russian, Chinese (simplified and traditional),
Japanese and Korean. Words are compared in lower case, without punctuation; see `columns.folded`.
"""

WORDS: dict[str, str] = {
    "date": """
        date | when | day | on | timestamp | date time | date and time | change date
        | date of change | changed on | changed | modified | modified on | last modified
        | modification date | updated | updated on | last updated | date modified | date changed
        | release date | released | released on | deployed | deployed on | deployment date
        | rollout date | published | datum | wann | zeitpunkt | änderungsdatum | geändert am
        | datum der änderung | stand | datum uhrzeit | datum und uhrzeit | freigabedatum | quand
        | jour | date de modification | date de changement | date du changement | modifié le
        | date et heure | date de mise à jour | mis à jour le | date de publication | fecha
        | cuándo | cuando | día | fecha de cambio | fecha del cambio | fecha de modificación
        | modificado el | fecha y hora | actualizado | data | quando | dia | data da alteração
        | data de alteração | data da mudança | data e hora | data da modificação | atualizado em
        | alterado em | data modifica | data della modifica | дата | когда | день | дата изменения
        | дата и время | изменено | обновлено | дата релиза | 日期 | 变更日期
        | 變更日期 | 修改日期 | 更新日期 | 变更时间 | 修改时间 | 更新时间 | 修订日期 | 修訂日期
        | 发布日期 | 發布日期 | 何时 | 日付 | 日時 | 変更日 | 更新日 | 修正日 | 改訂日 | 変更日時
        | 更新日時 | 実施日 | いつ | 年月日 | 날짜 | 일자 | 일시 | 변경일 | 변경일자 | 변경일시
        | 수정일 | 수정일자 | 언제 | 작성일 | 개정일자
    """,
    "author": """
        author | authors | who | by | changed by | change by | change author | modified by
        | updated by | edited by | made by | done by | last modified by | editor | person
        | engineer | developer | implementer | implemented by | contributor | contributors
        | responsible | user | written by | prepared by | performed by | deployed by | modifier
        | wer | autor | autorin | autor in | geändert von | bearbeiter | bearbeiterin
        | bearbeitet von | durch | von | verfasser | verantwortlich | verantwortlicher | ersteller
        | erstellt von | qui | auteur | auteurs | par | modifié par | rédacteur | responsable
        | réalisé par | quién | quien | autores | por | cambiado por | modificado por
        | editado por | realizado por | quem | autora | alterado por | responsável | feito por
        | autore | chi | modificato da | кто | автор | авторы | изменил | кем | кем изменено
        | ответственный | исполнитель | 作者 | 修改人 | 变更人 | 變更人 | 更新人 | 修订人 | 修訂人
        | 编写人 | 责任人 | 負責人 | 负责人 | 谁 | 修改者 | 操作人 | 提交人 | 編輯者 | 担当
        | 担当者 | 変更者 | 更新者 | 作成者 | 修正者 | 改訂者 | 実施者 | 誰 | 記入者 | 작성자
        | 변경자 | 수정자 | 담당자 | 담당 | 저자 | 누가 | 개정자
    """,
    "committer": """
        committer | committed by | merged by | übernommen von | validé par | коммитер | 提交者
        | コミッター | 커미터
    """,
    "co-authors": """
        co authors | co author | coauthors | with | mitautoren | coauteurs | соавторы | 合作者
    """,
    "subject": """
        what | subject | title | summary | headline | what changed | what was changed
        | short description | was | betreff | titel | kurzbeschreibung | zusammenfassung
        | was wurde geändert | quoi | objet | titre | résumé | qué | que | asunto | título
        | resumen | o quê | o que | assunto | resumo | oggetto | titolo | cosa | что | тема
        | заголовок | кратко | что изменено | 标题 | 標題 | 主题 | 主題 | 摘要 | 概要 | 什么
        | 何を | 件名 | タイトル | 제목 | 요약 | 무엇을 | 무엇
    """,
    "body": """
        why | reason | reasons | rationale | justification | motivation | cause | background
        | purpose | reason for change | reason of change | explanation | warum | grund
        | begründung | anlass | ursache | hintergrund | änderungsgrund | zweck | wieso | pourquoi
        | raison | motif | motivo | cause du changement | justificatif | por qué | por que
        | porqué | porque | razón | justificación | justificativa | razão | perché | почему
        | причина | обоснование | зачем | причина изменения | 原因 | 变更原因 | 變更原因
        | 修改原因 | 理由 | 为什么 | 為什麼 | 目的 | 背景 | なぜ | 変更理由 | 修正理由 | 更新理由
        | 이유 | 사유 | 변경 사유 | 변경사유 | 변경 이유 | 왜 | 목적
    """,
    "text": """
        description | descriptions | change | changes | change description | description of change
        | description of changes | changes made | details | detail | comment | comments | note
        | notes | release notes | remark | remarks | modification | modifications | message
        | commit message | update | updates | content | history | entry | changelog | change log
        | change summary | summary of changes | revision description | what and why | beschreibung
        | änderung | änderungen | art der änderung | kommentar | bemerkung | bemerkungen
        | anmerkung | anmerkungen | inhalt | hinweis | details der änderung
        | änderungsbeschreibung | description du changement | changement | changements
        | commentaire | commentaires | remarque | remarques | détails | nature de la modification
        | contenu | description des modifications | descripción | cambio | cambios | comentario
        | comentarios | detalle | detalles | modificación | modificaciones | observaciones | notas
        | descripción del cambio | descrição | alteração | alterações | mudança | mudanças
        | comentário | comentários | observação | observações | detalhes | modificação
        | descrizione | modifica | modifiche | commento | nota | описание | изменение | изменения
        | комментарий | комментарии | примечание | примечания | описание изменений
        | описание изменения | содержание | суть изменений | 描述 | 说明 | 說明 | 内容 | 內容
        | 变更内容 | 變更內容 | 修改内容 | 修改內容 | 更新内容 | 更新內容 | 变更说明 | 變更說明
        | 修改说明 | 更新说明 | 变更描述 | 修订内容 | 修訂內容 | 修订说明 | 备注 | 備註 | 变更
        | 変更内容 | 変更点 | 修正内容 | 改訂内容 | 説明 | 備考 | 変更 | コメント | 詳細 | 설명
        | 내용 | 변경 내용 | 변경내용 | 변경 사항 | 변경사항 | 수정 내용 | 수정내용 | 비고
        | 개정내용 | 상세
    """,
    "ticket": """
        ticket | tickets | issue | issues | jira | jira issue | jira ticket | jira id | jira key
        | ticket id | ticket number | ticket no | issue key | cr | rfc | change request
        | change ticket | bug | task | story | work item | reference | ref | incident | chg
        | vorgang | aufgabe | anfrage | referenz | ticketnummer | référence | demande | tâche
        | tarea | incidencia | referencia | tarefa | chamado | referência | riferimento | тикет
        | задача | заявка | номер задачи | ссылка на задачу | 工单 | 工單 | 单号 | 任务 | 需求
        | 需求号 | チケット | 課題 | 課題番号 | 티켓 | 이슈 | 이슈 번호
    """,
    "commit": """
        commit | commit id | commit hash | commit link | commits | git commit | revision id | hash
        | sha | sha1 | changeset | git | коммит | 提交 | 提交号 | 提交记录 | コミット | 커밋
    """,
    "branch": """
        branch | git branch | zweig | branche | rama | ramo | ветка | 分支 | ブランチ | 브랜치
    """,
    "repository": """
        repository | repo | git repository | git repo | depot | dépôt | repositorio | repositório
        | репозиторий | 仓库 | 代码库 | 倉庫 | リポジトリ | 저장소
    """,
    "files": """
        files | file | path | paths | changed files | files changed | affected files
        | modified files | file name | datei | dateien | geänderte dateien | pfad | fichier
        | fichiers | fichiers modifiés | archivo | archivos | fichero | ficheros | arquivo
        | arquivos | caminho | файл | файлы | изменённые файлы | 文件 | 檔案 | 修改文件 | 变更文件
        | ファイル | 対象ファイル | 파일 | 변경 파일
    """,
    "diffstat": "diffstat | diff | size of change | lines changed",
    "number": """
        # | no | nr | number | id no | serial | serial no | s no | sl no | entry no | lfd nr | lfd
        | laufende nummer | nummer | numéro | n° | nº | número | núm | num | п п | № | номер
        | № п п | 序号 | 序號 | 编号 | 編號 | 番号 | no. | 項番 | 번호 | 순번 | 연번
    """,
    "version": """
        version | versions | ver | release | tag | version no | version number | software version
        | revision | rev | versión | versão | versione | версия | релиз | 版本 | 版本号 | 版本號
        | 版 | バージョン | バージョン番号 | 버전 | fassung
    """,
    "trailer:Reviewed-by": """
        reviewer | reviewers | reviewed by | review | geprüft von | prüfer | relu par | relecteur
        | revisado por | revisor | проверил | рецензент | 评审人 | 审核人 | 審核人 | レビュー担当
        | レビュアー | 검토자
    """,
    "trailer:Approved-by": """
        approver | approved by | approved | approval | freigegeben von | freigabe | genehmigt von
        | approuvé par | aprobado por | aprovado por | approvato da | утвердил | согласовано
        | 批准人 | 审批人 | 承認者 | 承認 | 승인자 | 승인
    """,
    "trailer:Tested-by": """
        tester | tested by | getestet von | testé par | probado por | testado por | 测试人
    """,
    "trailer:Risk": """
        risk | risiko | risque | riesgo | risco | rischio | риск | 风险 | リスク | 위험
    """,
    "trailer:Impact": """
        impact | auswirkung | auswirkungen | impacto | impatto | влияние | 影响 | 影響 | 영향
    """,
    "trailer:Rollback": """
        rollback | rollback plan | backout | rückfallplan | откат | 回滚 | ロールバック
    """,
}
"""Field to the words of its headers. ``text`` is what and why in one column."""

"""What header phrases are put together from: words that mean the same there. Data only."""

PARTS: dict[str, str] = {
    "noun": """
        change|changes|modification|modifications|revision|revisions|update|updates|release
        |deployment|rollout|implementation|amendment|amendments|edit|edits|maintenance|action
        |activity|work|installation|patch|patches|configuration change|config change|deploy|merge|rev
        |go live|publication
    """,
    "done": """
        changed|modified|revised|updated|released|deployed|rolled out|published|implemented|amended
        |edited|applied|created|made|performed|executed|completed|entered|logged|recorded|installed
        |carried out|introduced|handled|actioned|authored|drafted|documented|merged|approved|added
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
        publicação|alteração|alterações|mudança|mudanças|modificação|modificações|atualização|atualizações
        |implantação|implementação|revisão|intervenção|execução|liberação|correção|publicação
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
    "发布": "发布|發布|编写|修正|提交",
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
"""Name to words; blanks at their ends, in Korean and in French, separate them from their neighbours."""

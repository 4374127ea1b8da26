"""Words that every procedure may use without declaring them: roles, conclusions, actions."""

from __future__ import annotations

from bole.engine.text import Text

# The roles of the house first, then the offices whose holders act or sign in most documents.
ROLES: dict[str, Text] = {
    "section_officer": Text("干部科经办人", "section officer"),
    "department_head": Text("组织部门负责人", "department head"),
    "inspector": Text("考察组成员", "inspector"),
    "committee_member": Text("党委（党组）成员", "committee member"),
    "unit_liaison": Text("单位联络员", "unit liaison officer"),
    "discipline_liaison": Text("纪检监察联络员", "discipline liaison"),
    "cadre": Text("干部本人", "the cadre"),
    "auditor": Text("审计员", "auditor"),
    "committee_secretary": Text("党委（党组）书记", "committee secretary"),
    "discipline_secretary": Text("纪委书记（纪检组长）", "discipline secretary"),
    "chair": Text("主持人", "chair of the meeting"),
    "recorder": Text("记录人", "recorder"),
    "reviewer": Text("复核人", "reviewer"),
    "counter": Text("计票人", "counter"),
    "scrutineer": Text("监票人", "scrutineer"),
    "voter": Text("参加投票人员", "voter"),
    "unit_head": Text("单位主要负责人", "head of the unit"),
    "unit_committee": Text("单位党委（党组）", "committee of the unit"),
    "dossier_keeper": Text("档案管理人员", "dossier keeper"),
    "dossier_auditor": Text("档案审核人员", "dossier auditor"),
    "inspection_leader": Text("考察组组长", "leader of the inspection group"),
    "supervision_section": Text("干部监督科", "cadre supervision section"),
    "establishment_office": Text("机构编制部门", "establishment office"),
    "superior_department": Text("上级组织（人事）部门", "organisation department above"),
    "recommender": Text("推荐人", "recommender"),
}

GROUPS: dict[str, Text] = {
    "candidates": Text("考察对象", "inspection candidates"),
    "proposed": Text("动议人选", "persons proposed at the motion"),
    "nominees": Text("拟任人选", "persons proposed for appointment"),
    "appointed": Text("任职人员", "persons appointed"),
    "inspection_group": Text("考察组", "inspection group"),
    "inspected_by": Text("考察人员", "inspectors"),
}

# Bodies that packs ask for an opinion; a pack may add its own.
BODIES: dict[str, Text] = {
    "discipline": Text("纪检监察机关", "discipline organ"),
    "petition": Text("信访部门", "petition office"),
    "police": Text("公安机关", "police"),
    "court": Text("法院", "court"),
    "procuratorate": Text("检察院", "procuratorate"),
    "audit": Text("审计机关", "audit office"),
    "superior": Text("上级党组织（部门）", "the superior body"),
    "co_manager": Text("协管方", "co-managing body"),
    "united_front": Text("统战部门", "united front department"),
    "establishment_office": Text("机构编制部门", "establishment office"),
    "organisation_department": Text("组织部门", "organisation department"),
    "department": Text("主管部门", "competent department"),
    "own_unit": Text("所在单位党组织", "committee of the person's unit"),
}

CHECKS: dict[str, Text] = {
    "dossier": Text("干部档案审核", "dossier audit"),
    "personal_matters": Text("个人有关事项报告查核", "check of the personal-matters report"),
    "discipline_opinion": Text("听取纪检监察机关意见", "opinion of the discipline organ"),
    "complaints": Text("具体线索信访举报查核", "check of concrete complaints"),
    "avoidance": Text("任职回避审核", "avoidance check"),
    "eligibility": Text("任职资格审核", "eligibility check"),
}

CONCLUSIONS: dict[str, Text] = {
    "clear": Text("无影响", "clear"),
    "clear_with_note": Text("有情况但不影响", "clear, with a note"),
    "doubt": Text("存疑", "in doubt"),
    "adverse": Text("查实影响使用", "confirmed, stands against use"),
    "not_obtained": Text("未取得", "not obtained"),
    "not_applicable": Text("不适用", "not applicable"),
}

# Through whom of the house the offices of ROLES act in the program, where a pack says nothing
# else (`roles: {…: {same_as: …}}`). The first eight of ROLES are accounts and act as themselves;
# an office that is named neither here nor there acts on paper, and the section records it.
HOUSE = tuple(ROLES)[:8]
SAME_AS: dict[str, tuple[str, ...]] = {
    "committee_secretary": ("committee_member",),
    "chair": ("committee_member",),
    "discipline_secretary": ("discipline_liaison",),
    "inspection_leader": ("inspector",),
    "unit_head": ("unit_liaison",),
    "unit_committee": ("unit_liaison", "discipline_liaison"),
    "counter": ("section_officer", "inspector"),
    "scrutineer": ("section_officer", "inspector"),
    "recorder": ("section_officer",),
    "reviewer": ("section_officer", "department_head"),
    "dossier_keeper": ("section_officer",),
    "dossier_auditor": ("section_officer",),
    "supervision_section": ("section_officer",),
}

# What a person does to clear a reason. The selection app gives each its button.
ACTIONS: dict[str, Text] = {
    "finish_step": Text("办结该步骤", "finish that step"),
    "file_paper": Text("提交材料", "file the paper"),
    "sign_paper": Text("签字", "sign the paper"),
    "do_task": Text("完成任务", "do the task"),
    "write_record": Text("填写纪实", "write the record"),
    "review_record": Text("审核纪实", "review the record"),
    "run_rules": Text("进行资格审查", "run the eligibility check"),
    "resolve_rule": Text("更换人选或书面说明理由", "change the person or write the reason"),
    "supply_fact": Text("补充所缺信息", "supply the missing fact"),
    "check_headcount": Text("核对职数", "check the headcount"),
    "change_plan": Text("调整方案", "change the plan"),
    "choose_persons": Text("确定人选", "choose the persons"),
    "enter_results": Text("录入结果", "enter the results"),
    "reconcile_results": Text("核对两次录入", "reconcile the two entries"),
    "hold_vote": Text("组织表决", "hold the vote"),
    "reconsider": Text("复议或撤下人选", "reconsider, or take the person off"),
    "ask_body": Text("发函征求意见", "ask the body"),
    "record_answer": Text("登记回复", "record the answer"),
    "conclude_check": Text("作出审核结论", "conclude the check"),
    "state_fact": Text("填写事项情况", "state the fact of the case"),
    "set_parameter": Text("填写办法未定的数值", "set the value that the scheme leaves open"),
    "wait": Text("等待期满", "wait until the day"),
    "open_matter": Text("办理事项", "see to the matter"),
    "resolve_hold": Text("办结该情况", "close the matter that holds the case"),
    "renew": Text("重新办理", "do it again"),
    "report_change": Text("报批变更", "have the change approved"),
    "write_reason": Text("书面说明理由", "write the reason"),
    "resume_case": Text("恢复办理", "resume the case"),
}

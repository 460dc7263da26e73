"""Schemes inside the bounds of the format, as anybody might write them."""

from typing import Any

from hypothesis import strategies as st

PARTY = ["branch", "general_branch", "sub_committee", "committee", "office", "leading_group"]
DECIDERS = ["branch", "general_branch", "committee", "office", "superior"]
OUTCOMES = ["pass", "rectify", "adjust", "revoke", "rotate_out"]
UNITS = ["branch", "office", "section", "project_team", "village"]


def toml(value: Any) -> str:
    """A value as TOML writes it in line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def table(header: str, **keys: Any) -> str:
    lines = [f"{key} = {toml(value)}" for key, value in keys.items() if value not in (None, [], {})]
    return "\n".join([header, *lines])


@st.composite
def middle_steps(draw, *, holder: str) -> list[dict[str, Any]]:
    """What may stand between the paper and its naming."""
    kinds = ["deliberate", "survey", "notice", "endorse", "assess", *(["consent"] if holder != "org" else [])]
    steps = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(kinds), max_size=4))):
        actor: Any = "holder" if kind == "consent" else draw(st.sampled_from(PARTY[:5]))
        steps.append(
            {"kind": kind, "label": f"第{number + 2}步", "actor": actor, "params": draw(params_of(kind, holder))}
        )
    return steps


@st.composite
def params_of(draw, kind: str, holder: str) -> dict[str, Any]:
    """Parameters of one step; a silent scheme is as usual as a talkative one."""
    if kind == "deliberate":
        forum = draw(st.sampled_from(["informal", "members_meeting", "branch_committee", "cadres"]))
        return {"forum": forum, "uses_annual_appraisal": draw(st.booleans())}
    if kind == "survey":
        subjects = [["post"]] if holder == "org" else [["post"], ["post", "members"], ["members"]]
        return {
            "subjects": draw(st.sampled_from(subjects)),
            "electorate": draw(st.sampled_from([["members"], ["masses"], ["members", "service_users"]])),
            "threshold": draw(st.integers(1, 100)),
            "min_turnout_percent": draw(st.integers(0, 100)),
            "min_valid": draw(st.integers(0, 5)),
        }
    if kind == "notice":
        day_kind = draw(st.sampled_from(["working", "calendar"]))
        return {
            "days": draw(st.integers(1, 15)),
            "day_kind": day_kind,
            "object": draw(st.sampled_from(["posts", "plan"])),
        }
    if kind == "assess":
        return {"method": draw(st.lists(st.sampled_from(["inspection", "report", "hearing"]), min_size=1, unique=True))}
    return {}


@st.composite
def schemes(draw) -> str:
    """The text of a scheme."""
    owner = draw(st.sampled_from(["committee", "working_committee", "general_branch"]))
    parts = [table("[scheme]", code="made", title="生成的方案", honour="示范岗", owner_kinds=[owner])]
    for number in range(draw(st.integers(1, 2))):
        holder = draw(st.sampled_from(["person", "team", "zone", "org"]))
        least = draw(st.integers(1, 4)) if holder == "team" else None
        units = ["branch"] if holder == "org" else draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))
        fields = {"code": f"kind{number}", "label": f"第{number + 1}类岗位", "holder": holder, "stages": f"way{number}"}
        parts.append(table("[[kinds]]", **fields, min_party=least, allowed_units=units))
        steps = [{"kind": "nominate", "label": "申报", "actor": "branch"}]
        steps += draw(middle_steps(holder=holder))
        if draw(st.booleans()):
            steps.append({"kind": "decide", "label": "列为创建", "actor": "committee", "params": {"effect": "admit"}})
            steps.append(
                {"kind": "plaque", "label": "挂创建牌", "actor": "office", "params": {"plaque_kind": "creating"}}
            )
        steps.append({"kind": "decide", "label": "命名", "actor": draw(st.sampled_from(DECIDERS))})
        if holder != "zone":
            steps.append({"kind": "plaque", "label": "授牌", "actor": "office"})
        parts += [table(f"[[pipelines.way{number}]]", **step) for step in steps]
    parts += draw(afterwards())
    return "\n\n".join(parts) + "\n"


@st.composite
def voices(draw) -> dict:
    """Who is heard in a review, with a survey or without."""
    asked = draw(st.lists(st.sampled_from(["self", "peer", "leader", "organisation"]), max_size=4, unique=True))
    held = draw(st.booleans())
    fields = {"survey": held, "assessments": asked}
    if held and draw(st.booleans()):
        fields |= {
            "satisfaction": draw(st.sampled_from(["main", "important"])),
            "threshold": draw(st.integers(50, 100)),
        }
    return fields


@st.composite
def afterwards(draw) -> list[str]:
    """Reviews, consequences, veto grounds, a quota, rotating plaques."""
    parts = []
    for number in range(draw(st.integers(0, 2))):
        cadence = draw(st.sampled_from(["monthly", "quarterly", "semester", "annual", "none"]))
        outcomes = draw(st.lists(st.sampled_from(OUTCOMES[1:]), max_size=2, unique=True))
        fields = {"code": f"review{number}", "label": f"考核{number}", "cadence": cadence, **draw(voices())}
        parts.append(
            table("[[reviews]]", **fields, reviewer=draw(st.sampled_from(PARTY[:4])), outcomes=["pass", *outcomes])
        )
    parts += [table("[[veto]]", code=f"ground{i}", text=f"情形{i}") for i in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        scope = draw(st.sampled_from(["campaign", "branch"]))
        parts.append(table("[[quotas]]", code="places", scope=scope, percent=draw(st.integers(5, 100))))
    if draw(st.booleans()):
        parts.append(
            table("[rotation]", enabled=True, interval_months=draw(st.integers(2, 12)), re_election=draw(st.booleans()))
        )
    return parts

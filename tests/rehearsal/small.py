"""A small scheme to be changed by tests."""

SCHEME = """
[scheme]
code = "small"
title = "小方案"
honour = "党员示范岗"

[[kinds]]
code = "person"
label = "个人示范岗"
holder = "person"
stages = "usual"

[[pipelines.usual]]
kind = "nominate"
label = "支部推荐"
actor = "branch"

[[pipelines.usual]]
kind = "endorse"
label = "党委审核"
actor = "committee"

[[pipelines.usual]]
kind = "decide"
label = "党委命名"
actor = "committee"

[[pipelines.usual]]
kind = "plaque"
label = "授牌"
actor = "office"

[[reviews]]
code = "monthly"
label = "月度考核"
cadence = "monthly"
reviewer = "branch"

[[veto]]
code = "accident"
text = "发生重大责任事故"
"""

SURVEY = """
[[pipelines.usual]]
kind = "survey"
label = "测评"
actor = "branch"
params = { threshold = 80, %s }

[[pipelines.usual]]
kind = "decide"
"""


def with_survey(params: str) -> str:
    """The small scheme with a survey before its decision."""
    return SCHEME.replace('\n[[pipelines.usual]]\nkind = "decide"\n', SURVEY % params)

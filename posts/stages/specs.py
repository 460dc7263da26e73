"""Lends the register of stage kinds to the scheme format, which cannot import it."""

from campaigns.domain.stage_specs import StageSpec, declare_source
from posts.stages.base import StageKind, each_kind


def specs() -> dict[str, StageSpec]:
    """Every registered kind as the scheme format wants to see it."""
    return {code: _spec(kind) for code, kind in each_kind().items()}


def _spec(kind: type[StageKind]) -> StageSpec:
    main = kind.actions.get(kind.main_action)
    return StageSpec(
        code=kind.code,
        label=kind.label,
        icon=kind.icon,
        allowed_actors=tuple(kind.allowed_actors),
        permission=main.permission if main else None,
        param_names=tuple(kind.Params.base_fields),
        clean_params=kind.clean_params,
        explain=kind.explain,
        people_needed=kind.people_needed,
        params_form=kind.Params,
    )


declare_source(specs)

"""What a review rule of a campaign says about who is heard and how it adds up, with the defaults of the format."""

from dataclasses import dataclass, field
from typing import Any

from assessments.models import Grade, ReviewOutcome, Voice
from campaigns.domain.rules import fail_effects
from campaigns.models import ReviewRule

#: With fewer fellow members each would know what the other said.
LEAST_PEERS = 3
GRADE_POINTS = {
    Grade.EXCELLENT.value: 100,
    Grade.QUALIFIED.value: 80,
    Grade.BASICALLY_QUALIFIED.value: 60,
    Grade.UNQUALIFIED.value: 0,
}
#: From the mildest outcome to the gravest.
GRAVITY = (
    ReviewOutcome.PASS.value,
    ReviewOutcome.RECTIFY.value,
    ReviewOutcome.ADJUST.value,
    ReviewOutcome.ROTATE_OUT.value,
    ReviewOutcome.REVOKE.value,
)
MAIN, IMPORTANT, ITEM = "main", "important", "item"


@dataclass(frozen=True)
class VoiceRules:
    """Typed access to ``ReviewRule.params``; what a rule leaves out is as the format says."""

    voices: tuple[str, ...]
    names: dict[str, str]
    aspects: tuple[str, ...]
    weights: dict[str, int]
    least: dict[str, int]
    grades: dict[str, int]
    marks: dict[str, int]
    satisfaction: str
    threshold: int | None
    electorate: tuple[str, ...]
    rubric: str
    aggregate: str
    voice_days: int
    plaque_photo: bool
    outcomes: tuple[str, ...] = field(default=())

    def name(self, voice: str) -> str:
        """What the scheme calls a voice."""
        return self.names.get(voice) or str(Voice(voice).label)


def voice_rules(rule: ReviewRule) -> VoiceRules:
    """The rules of a review, read once."""
    params: dict[str, Any] = rule.params
    weights = params.get("weights") or {}
    asked = set(params.get("assessments") or ())
    asked |= {Voice.MASS.value} if params.get("survey") else set()
    asked |= {Voice.ORGANISATION.value} if params.get("rubric") else set()
    least = dict.fromkeys(Voice.values, 1) | {Voice.PEER.value: LEAST_PEERS} | (params.get("min_voices") or {})
    least[Voice.PEER.value] = max(LEAST_PEERS, least[Voice.PEER.value])
    return VoiceRules(
        voices=tuple(voice for voice in Voice.values if voice in asked),
        names=params.get("names") or {},
        aspects=tuple(params.get("aspects") or ()),
        # PostgreSQL keeps the keys of a JSON object in an order of its own.
        weights={voice: weights[voice] for voice in Voice.values if voice in weights},
        least=least,
        grades=GRADE_POINTS | (params.get("grades") or {}),
        marks=params.get("marks") or {},
        satisfaction=params.get("satisfaction") or "none",
        threshold=params.get("threshold"),
        electorate=tuple(params.get("electorate") or ("masses", "service_users")),
        rubric=params.get("rubric") or "",
        aggregate=params.get("aggregate") or "mean",
        voice_days=params.get("voice_days") or max(1, int(params.get("due_days") or 10) // 2),
        plaque_photo=bool(params.get("plaque_photo")),
        outcomes=tuple(allowed_outcomes(rule)),
    )


def allowed_outcomes(rule: ReviewRule) -> list[str]:
    """The outcomes the scheme allows: the rule's own list, else pass and the campaign's effects of failing."""
    named = rule.params.get("outcomes") or [ReviewOutcome.PASS, *fail_effects(rule.campaign)]
    return [outcome for outcome in GRAVITY if outcome in named]

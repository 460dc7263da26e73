"""The rules of a campaign as a scheme again, to explain them in words."""

from dataclasses import replace

from campaigns.domain.schemes import examine_scheme
from campaigns.models import Campaign
from campaigns.schemes.kinds import QuotaRule
from campaigns.schemes.model import Scheme


def scheme_of(campaign: Campaign) -> Scheme | None:
    """The scheme that the campaign was copied from, with its own quota figures; None when there is no file."""
    scheme = examine_scheme(campaign.scheme_text).scheme if campaign.scheme_text else None
    if scheme is None:
        return None
    figures = {quota.code: quota.params for quota in campaign.quotas.all()}
    return replace(scheme, quotas=tuple(_with_figures(quota, figures.get(quota.code, {})) for quota in scheme.quotas))


def _with_figures(quota: QuotaRule, params: dict) -> QuotaRule:
    return replace(quota, **{name: params[name] for name in ("min", "max", "percent") if name in params})

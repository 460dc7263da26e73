from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self):
        from assessments.domain import review_clock  # noqa: F401, PLC0415  declares its handlers of the clock

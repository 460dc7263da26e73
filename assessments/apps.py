from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self):
        from assessments.stages import survey  # noqa: F401, PLC0415  fills the register once the models are loaded

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Every field of every form comes out of one template."""

    field_template_name = "forms/field.html"

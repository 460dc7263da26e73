from django import forms


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; a list, empty without any."""

    widget = ManyFiles

    def __init__(self, *args, accept="", **kwargs):
        super().__init__(*args, **kwargs)
        if accept:
            self.widget.attrs["accept"] = accept

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]

from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "posts"

    def ready(self):
        from posts import checks  # noqa: F401, PLC0415  system checks register themselves

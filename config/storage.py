from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Every page names the same few files: their addresses are looked up in the manifest once per process."""

    @lru_cache(maxsize=500)  # noqa: B019  there is one storage, and it lives as long as the process
    def url(self, name, force=False):
        return super().url(name, force)

from django.urls import path

from benchmarks.bare_site.views import vote

urlpatterns = [path("vote/<int:pk>/", vote, name="vote")]

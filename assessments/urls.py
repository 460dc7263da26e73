from django.urls import path

from assessments.views import ballots, incidents, public_reports, rectifications, reviews, surveys

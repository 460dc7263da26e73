import uuid

from django.conf import settings
from django.db import models


class Survey(models.Model):
    title = models.CharField(max_length=120)

    def __str__(self):
        return self.title


class Right(models.Model):
    survey = models.ForeignKey(Survey, models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    voted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "user"], name="right_once")]

    def __str__(self):
        return str(self.pk)


class Ballot(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE)
    box = models.BinaryField()

    def __str__(self):
        return str(self.id)

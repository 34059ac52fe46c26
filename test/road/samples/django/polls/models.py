from django.db import models


class Vote(models.Model):
    at = models.DateTimeField(auto_now_add=True)

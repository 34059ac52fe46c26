from django.db import connection
from django.shortcuts import render

from polls.models import Vote


def index(request):
    Vote.objects.create()
    return render(request, "polls/index.html", {"votes": Vote.objects.count(), "engine": connection.vendor})

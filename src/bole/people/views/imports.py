from django.http import Http404


def import_list(request, pk=0, file=0, item=0):
    raise Http404


def new(request, pk=0, file=0, item=0):
    raise Http404


def detail(request, pk=0, file=0, item=0):
    raise Http404


def step(request, pk=0, file=0, item=0):
    raise Http404


def columns(request, pk=0, file=0, item=0):
    raise Http404


def item(request, pk=0, file=0, item=0):
    raise Http404


def problems(request, pk=0, file=0, item=0):
    raise Http404


def write(request, pk=0, file=0, item=0):
    raise Http404


def discard(request, pk=0, file=0, item=0):
    raise Http404


def undo(request, pk=0, file=0, item=0):
    raise Http404

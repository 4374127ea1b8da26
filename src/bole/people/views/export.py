from django.http import Http404


def export(request):
    raise Http404

"""Names of checks and bodies in templates."""

from django import template

from bole.vetting import codes
from bole.vetting.queries import say

register = template.Library()


@register.filter
def check_name(code: str) -> str:
    """What a check is called."""
    return say(codes.check_name(code))


@register.filter
def body_name(code: str) -> str:
    """What a body is called."""
    return say(codes.body_name(code))

"""Template tags of the components; loaded in every template."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language

from bole.engine.text import Text

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> str:
    """An icon of the sprite, hidden from screen readers: the words beside it speak."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        extra,
        static("vendor/tabler-icons-3.51.0/sprite.svg"),
        name,
    )


@register.filter
def say(value: object) -> str:
    """A `Text` (or its dict) of the engine in the page's language."""
    language = get_language() or "zh"
    if isinstance(value, Text):
        return value.say(language)
    if isinstance(value, dict) and "zh" in value:
        return value["en"] if language.startswith("en") else value["zh"]
    if hasattr(value, "say"):
        return value.say(language)
    return str(value)


@register.filter
def get(mapping: dict, key: object) -> object:
    """`mapping[key]` in a template, empty when it is not there."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag(takes_context=True)
def query(context, **changes: object) -> str:
    """The page's own query string with some keys changed (None removes one)."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@register.inclusion_tag("web/field.html")
def field(bound, **options):
    """One form field with label, help and errors in Tabler's classes."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    css = {"checkbox": "form-check-input", "radio": "form-check-input", "file": "form-control"}
    if widget.__class__.__name__.startswith("Select"):
        style = "form-select"
    else:
        style = css.get(kind, "form-control")
    if bound.errors:
        style += " is-invalid"
    choices = widget.__class__.__name__ in {"RadioSelect", "CheckboxSelectMultiple"}
    attrs = {} if choices else {"class": style}
    if bound.errors:
        attrs["aria-describedby"] = f"{bound.auto_id}-error"
    return {"bound": bound, "control": bound.as_widget(attrs=attrs), "kind": kind, **options}


@register.filter
def index(items: list, place: int) -> object:
    """`items[place]` in a template."""
    return items[place] if place < len(items) else ""

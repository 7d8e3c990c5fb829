"""News on a plain page, `/simplu/noutati`: what was told to the account, and how it wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.forms.message_forms import OwnSettingsForm
from api.http import page_frame
from api.http.endpoint import as_endpoint
from api.message_choices import rhythm_choices
from core.errors import BadValueError
from core.i18n import _
from referrals.delivery import news_list, own_settings

if TYPE_CHECKING:
    from api.http.request_view import RequestView

ADDRESS = "/simplu/noutati"
_BAD = 400
_LANGUAGES = (("ro", "Română"), ("en", "English"))


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route(ADDRESS, as_endpoint(show), methods=["GET"]),
        Route(ADDRESS, as_endpoint(step), methods=["POST"]),
    ]


def show(view: RequestView, *, alert: str = "", status: int = 200) -> Response:
    """List the news, newest first; looking marks nothing as read."""
    lines = news_list.list_news(view.directory, actor=view.actor)
    text = view.request.query_params.get("facut", "")
    return page_frame.page(
        view,
        "news.html",
        status=status,
        alert=alert,
        done={"citit": _("Noutățile sunt marcate ca citite."), "setari": _("Am notat cum primiți noutățile.")}.get(
            text, ""
        ),
        lines=lines,
        is_new=any(line.is_new for line in lines),
        last=max((line.message_id for line in lines), default=0),
        own=own_settings.read_own_settings(view.directory, actor=view.actor),
        rhythms=rhythm_choices(),
        languages=_LANGUAGES,
        hours=[(str(hour), f"{hour}:00") for hour in range(24)],
    )


def step(view: RequestView) -> Response:
    """Mark the news as read, or save how they come."""
    if view.fields.text("pas", 10) == "citit":
        last = view.fields.text("ultima", 18)
        news_list.mark_read(view.directory.ledger, actor=view.actor, until=int(last) if last.isdigit() else 0)
        return RedirectResponse(f"{ADDRESS}?facut=citit", 303)
    form = OwnSettingsForm.parse(view.fields)
    try:
        own_settings.save_own_settings(
            view.directory,
            actor=view.actor,
            email=form.address.email,
            phone=form.address.phone,
            rhythm=form.choice.rhythm,
            language=form.choice.language,
            quiet=form.quiet,
        )
    except BadValueError as error:
        return show(view, alert=str(error), status=_BAD)
    return RedirectResponse(f"{ADDRESS}?facut=setari", 303)

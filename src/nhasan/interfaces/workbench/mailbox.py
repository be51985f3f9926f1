"""Letters on a page: one's own, and for an administrator those that did not arrive."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import MAIL
from nhasan.interfaces.http import Request
from nhasan.organisations import operations, queries

PAGE = 50


@require_GET
def mailbox(request: Request) -> HttpResponse:
    """List the letters, those that did not arrive first."""
    page = Paginator(queries.letters(request.actor), PAGE).get_page(request.GET.get("trang"))
    return render(request, "workbench/mailbox.html", {
        "page": page, "leaves": bool(settings.MAIL_HOST),
        "lines": [(letter, _(MAIL.states[letter.state])) for letter in page.object_list],
        "lost": queries.undelivered(request.actor),
        "others": request.actor.can(Permission.ADMINISTER),
    })


@require_GET
def letter(request: Request, pk: int) -> HttpResponse:
    """Show one letter as it was written, and what became of it."""
    found = queries.letters(request.actor).one(pk=pk)
    return render(request, "workbench/letter.html", {
        "letter": found, "state": _(MAIL.states[found.state]),
        "leaves": bool(settings.MAIL_HOST),
        "may_send": MAIL.allows(found.state, "try_again") and (
            queries.undelivered(request.actor).filter(pk=pk).exists()),
    })


@require_POST
def send_again(request: Request, pk: int) -> HttpResponse:
    """Send a letter that did not arrive once more."""
    operations.try_letter_again(actor=request.actor, letter=pk, at=request.at)
    messages.success(request, _("Thư sẽ được gửi lại trong ít phút, vào giờ hành chính."))
    return HttpResponseRedirect(reverse("workbench:letter", args=[pk]))


urlpatterns = [
    path("viec/thu/", mailbox, name="mailbox"),
    path("viec/thu/<int:pk>/", letter, name="letter"),
    path("viec/thu/<int:pk>/gui-lai/", send_again, name="letter_again"),
]

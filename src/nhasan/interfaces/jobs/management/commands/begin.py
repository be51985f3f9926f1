"""Begin a house: what the product ships, and the first administrator."""

from __future__ import annotations

import getpass
import logging
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from nhasan.domain.problems import Problem
from nhasan.interfaces.http import local_day, moment, said
from nhasan.interfaces.jobs.loading.forms import load_dataflows, load_forms
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.reference import (
    load_code_lists,
    load_criteria,
    load_indicator_sets,
    load_map,
    load_organisations,
)
from nhasan.interfaces.jobs.loading.regime import load_calendar, load_obligations
from nhasan.interfaces.jobs.loading.territory import load_classes
from nhasan.organisations.operations import open_account_with_role
from nhasan.organisations.queries import actor_named


class Command(BaseCommand):
    """`begin`: code lists, the map, indicator sets, units, forms, and who administers."""

    help = "Load what the product ships, without the demonstration, and open the first account."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say who the first administrator is."""
        parser.add_argument("username", help="name to sign in with")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--unit", default="bo-dttg", help="code of the unit (bo-dttg)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then open the account; what is there already is left as it is."""
        at = moment()
        logging.getLogger("nhasan").setLevel(logging.INFO)
        load = Load(settings.DATA, at, local_day(at), self.tell)
        load_organisations(load, settings.FOCAL_DEPARTMENT)
        self.open(load, options["username"], options["name"], options["unit"])
        load_calendar(load)
        load_code_lists(load)
        load_criteria(load)
        load_map(load)
        load_classes(load)
        load_indicator_sets(load)
        load_forms(load)
        load_dataflows(load)
        load_obligations(load, in_force=False)

    def open(self, load: Load, username: str, name: str, unit: str) -> None:
        """Open the account of the first administrator, unless it is there already."""
        if actor_named(username, load.today):
            load.tell(_("Tài khoản “{username}” đã có.").format(username=username))
            return
        try:
            open_account_with_role(
                actor=load.actor, username=username, name=name, unit=unit,
                password=self.password(), role="administrator",
                valid_from=load.today, at=load.at,
            )
        except Problem as problem:
            raise CommandError(said(problem)) from problem
        load.tell(_("Đã mở tài khoản “{username}”. Lần đăng nhập đầu sẽ phải đổi mật khẩu.")
                  .format(username=username))

    def password(self) -> str:
        """Ask for the first password twice, or read it from a pipe; it is never an argument."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        first = getpass.getpass(_("Mật khẩu (ít nhất 12 ký tự): "))
        if first != getpass.getpass(_("Nhập lại mật khẩu: ")):
            raise CommandError(_("Hai lần nhập không giống nhau."))
        return first

    def tell(self, words: str) -> None:
        """Print one line at once, so that progress is seen as it happens."""
        self.stdout.write(words)
        self.stdout.flush()

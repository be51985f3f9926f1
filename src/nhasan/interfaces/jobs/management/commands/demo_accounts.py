"""Print the accounts of the demonstration, with what each can do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nhasan.interfaces.http import local_day, moment
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.people import PASSWORD, accounts


class Command(BaseCommand):
    """`demo_accounts`: who a visitor can sign in as."""

    help = "Print the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line an account."""
        at = moment()
        load = Load(settings.DATA, at, local_day(at), self.stdout.write)
        every = accounts(load)
        self.stdout.write(f"Tài khoản thử (mật khẩu chung: {PASSWORD})")
        for found in every:
            if found.shown:
                self.stdout.write(f"  {found.username:<14} {found.can}")
        others = [found.username for found in every if not found.shown]
        if others:
            self.stdout.write(
                f"Còn {len(others)} tài khoản nữa, tên như {others[0]}, chưa có mật khẩu: "
                "tinh-quan-tri hoặc bo-quan-tri đặt mật khẩu ở mục Người dùng thì dùng được."
            )

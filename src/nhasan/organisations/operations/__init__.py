"""Verbs of the ground floor: units, accounts, roles, the sealing of the audit trail."""

from nhasan.organisations.operations.accounts import (
    AccountExists,
    BeyondScope,
    activate_account,
    change_password,
    deactivate_account,
    note_sign_in,
    open_account,
    open_account_with_role,
    rename_account,
    reset_password,
    set_mail,
)
from nhasan.organisations.operations.calendar import (
    NewHoliday,
    decide_day,
    set_holiday,
    withdraw_day,
)
from nhasan.organisations.operations.mailing import (
    deliver_mail,
    try_letter_again,
    write_letters,
)
from nhasan.organisations.operations.moving import (
    NewAccount,
    hand_over_people,
    move_account,
    open_accounts,
    set_contact,
)
from nhasan.organisations.operations.notices import (
    notify,
    notify_house,
    notify_many,
    see_notices,
)
from nhasan.organisations.operations.roles import (
    RoleHeld,
    assign_role,
    end_role,
)
from nhasan.organisations.operations.trail import (
    free_lease,
    seal_audit,
    take_lease,
)
from nhasan.organisations.operations.units import (
    UnitExists,
    close_unit,
    open_unit,
)

__all__ = [
    "AccountExists",
    "BeyondScope",
    "NewAccount",
    "NewHoliday",
    "RoleHeld",
    "UnitExists",
    "activate_account",
    "assign_role",
    "change_password",
    "close_unit",
    "deactivate_account",
    "decide_day",
    "deliver_mail",
    "end_role",
    "free_lease",
    "hand_over_people",
    "move_account",
    "note_sign_in",
    "notify",
    "notify_house",
    "notify_many",
    "open_account",
    "open_account_with_role",
    "open_accounts",
    "open_unit",
    "rename_account",
    "reset_password",
    "seal_audit",
    "see_notices",
    "set_contact",
    "set_holiday",
    "set_mail",
    "take_lease",
    "try_letter_again",
    "withdraw_day",
    "write_letters",
]

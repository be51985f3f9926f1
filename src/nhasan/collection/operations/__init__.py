"""Verbs of collection: publish a form, open a round, enter, submit, review."""

from nhasan.collection.operations.across import save_across
from nhasan.collection.operations.ad_hoc import ask_ad_hoc
from nhasan.collection.operations.bundles import receive_bundle
from nhasan.collection.operations.carrying import NothingBefore, carry_over
from nhasan.collection.operations.delivering import (
    AnotherPerson,
    Arrival,
    Delivered,
    deliver,
)
from nhasan.collection.operations.entry import (
    Change,
    Outcome,
    explain,
    save_cells,
    save_open_rows,
    undo_revision,
)
from nhasan.collection.operations.extensions import (
    ask_extension,
    decide_extension,
    give_again,
    grant_exception,
    move_due,
    take_back,
    withdraw_extension,
)
from nhasan.collection.operations.mapping import bring_own_workbook, take_own_workbook
from nhasan.collection.operations.measuring import measure, measure_rounds
from nhasan.collection.operations.notes import Evidence, keep_note
from nhasan.collection.operations.obligations import (
    Terms,
    draft_obligation,
    edit_obligation,
    put_obligation_in_force,
    record_event,
    retire_obligation,
)
from nhasan.collection.operations.openings import open_due_rounds
from nhasan.collection.operations.papers import attach_signed, compare_paper, declare_level
from nhasan.collection.operations.publishing import draft_form, publish_form
from nhasan.collection.operations.reminding import remind, remind_now
from nhasan.collection.operations.reviewing import (
    approve,
    approve_many,
    ask_correction,
    reopen,
    send_back,
)
from nhasan.collection.operations.rounds import (
    ask,
    assign,
    close_due_rounds,
    close_round,
    open_round,
    open_round_again,
)
from nhasan.collection.operations.sending import NotReady, submit, withdraw
from nhasan.collection.operations.succession import hand_over
from nhasan.collection.operations.workbooks import receive_workbook

__all__ = [
    "AnotherPerson",
    "Arrival",
    "Change",
    "Delivered",
    "Evidence",
    "NotReady",
    "NothingBefore",
    "Outcome",
    "Terms",
    "approve",
    "approve_many",
    "ask",
    "ask_ad_hoc",
    "ask_correction",
    "ask_extension",
    "assign",
    "attach_signed",
    "bring_own_workbook",
    "carry_over",
    "close_due_rounds",
    "close_round",
    "compare_paper",
    "decide_extension",
    "declare_level",
    "deliver",
    "draft_form",
    "draft_obligation",
    "edit_obligation",
    "explain",
    "give_again",
    "grant_exception",
    "hand_over",
    "keep_note",
    "measure",
    "measure_rounds",
    "move_due",
    "open_due_rounds",
    "open_round",
    "open_round_again",
    "publish_form",
    "put_obligation_in_force",
    "receive_bundle",
    "receive_workbook",
    "record_event",
    "remind",
    "remind_now",
    "reopen",
    "retire_obligation",
    "save_across",
    "save_cells",
    "save_open_rows",
    "send_back",
    "submit",
    "take_back",
    "take_own_workbook",
    "undo_revision",
    "withdraw",
    "withdraw_extension",
]

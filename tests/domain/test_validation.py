"""A finding is stored and sent as plain words."""

import json

from nhasan.domain.validation import Finding, Severity


def test_a_finding_is_plain_json() -> None:
    finding = Finding("total", Severity.ERROR, "Tổng phải là 12.", "ho/tong/so", "Tổng số, Số hộ")
    assert json.loads(json.dumps(finding.as_json())) == {
        "code": "total", "severity": "error", "message": "Tổng phải là 12.",
        "cell": "ho/tong/so", "where": "Tổng số, Số hộ",
    }


def test_a_finding_of_the_whole_form_names_no_cell() -> None:
    assert Finding("blank", Severity.NOTE, "Còn ô trống.").as_json()["cell"] == ""


def test_findings_that_say_the_same_are_the_same() -> None:
    one, other = (Finding("a", Severity.WARNING, "b", "c/d/e") for _ in range(2))
    assert one == other
    assert len({one, other}) == 1

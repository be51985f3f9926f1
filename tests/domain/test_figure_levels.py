"""How final a figure is."""

from nhasan.domain.figure_levels import ESTIMATE, FIGURE_LEVELS, OFFICIAL, PROVISIONAL


def test_levels_are_named_in_the_order_in_which_figures_become_firm() -> None:
    assert list(FIGURE_LEVELS) == [ESTIMATE, PROVISIONAL, OFFICIAL]
    assert list(FIGURE_LEVELS.values()) == ["số ước tính", "số sơ bộ", "số chính thức"]

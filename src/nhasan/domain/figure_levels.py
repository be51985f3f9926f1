"""How final a figure is: ước tính, sơ bộ, chính thức (Luật Thống kê 89/2015/QH13, Điều 48)."""

from __future__ import annotations

from nhasan.domain.problems import phrase

ESTIMATE, PROVISIONAL, OFFICIAL = "estimate", "provisional", "official"
FIGURE_LEVELS = {
    ESTIMATE: phrase("số ước tính"), PROVISIONAL: phrase("số sơ bộ"),
    OFFICIAL: phrase("số chính thức"),
}
"""Levels in the order in which figures become firm, with their words."""

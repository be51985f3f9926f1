import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.storage.store import ContentMissing, Store


@given(st.binary(max_size=3000))
def test_what_is_put_is_opened_again(tmp_path_factory, content):
    store = Store(tmp_path_factory.getbasetemp() / "kept")
    digest = store.put(content)
    with store.open(digest) as stream:
        assert stream.read() == content
    assert store.holds(digest)
    assert store.intact(digest)


def test_a_stream_gives_the_digest_of_its_bytes(tmp_path):
    store = Store(tmp_path)
    content = os.urandom(3_000_000)
    assert store.put(io.BytesIO(content)) == store.put(content)
    assert store.path(store.put(content)).read_bytes() == content


def test_content_put_twice_is_kept_once_and_not_touched(tmp_path):
    store = Store(tmp_path)
    path = store.path(store.put(b"xin chao"))
    before = path.stat()
    store.put(b"xin chao")
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


def test_kept_files_are_read_only(tmp_path):
    store = Store(tmp_path)
    assert not store.path(store.put(b"a")).stat().st_mode & 0o222


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 63, "A" * 64, "0" * 64])
def test_an_unknown_or_strange_digest_is_not_found(tmp_path, digest):
    store = Store(tmp_path)
    store.put(b"a")
    assert not store.holds(digest)
    with pytest.raises(ContentMissing):
        store.path(digest)
    with pytest.raises(ContentMissing):
        store.open(digest)


class _Broken(io.RawIOBase):
    def __init__(self):
        self.calls = 0

    def read(self, size=-1):
        self.calls += 1
        if self.calls > 1:
            raise OSError("the connection broke")
        return b"half"


def test_a_broken_upload_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="broke"):
        Store(tmp_path).put(_Broken())
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_noticed(tmp_path):
    store = Store(tmp_path)
    digest = store.put(b"right")
    path = store.path(digest)
    path.chmod(0o640)
    path.write_bytes(b"wrong")
    assert not store.intact(digest)


def test_many_writers_of_the_same_content_agree(tmp_path):
    store = Store(tmp_path)
    content = os.urandom(200_000)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(store.put(content))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8
    assert store.intact(found[0])

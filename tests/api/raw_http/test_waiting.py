"""Replies that wait: made on another thread, or sent in pieces with pauses between them.

The echo server's /late, /trickle and /never (tests/unit/http/echo_later.c) do as writes, exports
and event streams do. /waiting tells how many contexts were not closed, and how many closed twice.
"""

import contextlib
import signal
import socket
import struct
import threading
import time

import pytest

from test_raw_http import drain, get, only, parse, processor_seconds, serve
from waiting import until


@pytest.fixture(scope="module")
def server():
    with serve(workers=2, request=1, later=2) as running:
        yield running


def contexts(server, expected):
    """Waits until so many are open; none was ever closed twice."""
    def are_open():
        count, twice = map(int, server.get("/waiting").body.split())
        assert twice == 0
        return count == expected

    until(are_open)


def begin(server, path, method=b"GET", body=b""):
    client = server.connect()
    client.sendall(b"%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                   % (method, path, len(body), body) if body else
                   b"%s %s HTTP/1.1\r\nHost: x\r\n\r\n" % (method, path))
    return client


@pytest.mark.parallel
def test_a_reply_made_elsewhere(server):
    start = time.monotonic()
    reply = server.get("/late?ms=300")
    assert (reply.status, reply.body) == (200, b"/late after 300 ms\n")
    assert 0.3 <= time.monotonic() - start  # at most what `later` says, or it would be 503
    contexts(server, 0)


@pytest.mark.parallel
def test_waking_is_quicker_than_the_tick(server):
    lasted = []
    with server.connect() as client:
        for _ in range(20):
            start = time.monotonic()
            client.sendall(get(b"/late?ms=1"))
            assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
            lasted.append(time.monotonic() - start)
    assert sorted(lasted)[10] < 0.05, "each waited for a tick of 100 ms"


def test_a_reply_may_fail_later(server):
    reply = server.get("/late?ms=50&fail")
    assert reply.status == 409 and b"it went wrong later" in reply.body
    contexts(server, 0)


def test_the_body_is_kept_meanwhile_and_the_connection_goes_on(server):
    with begin(server, b"/late?ms=100", b"POST", b"x" * 5000) as client:
        client.sendall(get(b"/echo"))
        client.shutdown(socket.SHUT_WR)
        late, echo = parse(drain(client))
    assert late.body == b"/late after 100 ms\n" and echo.status == 200


def test_a_reply_that_does_not_come_is_503(server):
    start = time.monotonic()
    reply = server.get("/never?late")
    assert reply.status == 503 and reply.fields["retry-after"] == ["1"]
    assert 2 <= time.monotonic() - start < 10
    contexts(server, 0)


@pytest.mark.parametrize("query", ["", "&blind"])
def test_a_stream_with_pauses_outlives_the_deadline_of_slow_readers(server, query):
    start = time.monotonic()
    reply = server.get(f"/trickle?ms=50&count=30{query}")
    assert reply.body == b"".join(b"%d\n" % (i + 1) for i in range(30))
    assert time.monotonic() - start >= 1.5, "longer than `request`"
    contexts(server, 0)


def test_what_there_is_is_sent_before_the_next_pause(server):
    start, received = time.monotonic(), b""
    with begin(server, b"/trickle?ms=800&count=2") as client:
        def comes(text):
            nonlocal received
            while text not in received:
                received += client.recv(65536)
            return time.monotonic()

        head, first, second = comes(b"\r\n\r\n"), comes(b"\n1\n"), comes(b"\n2\n")
        assert first - head > 0.1, "the header section waits for the first line"
        assert second - first > 0.1, "the first line waits for the second"
        assert first - start >= 0.8 and second - start >= 1.6
    contexts(server, 0)


def test_stream_with_pauses_for_http_1_0(server):
    reply = only(server.talk(get(b"/trickle?ms=50&count=3", version=b"HTTP/1.0")))
    assert reply.body == b"1\n2\n3\n"


@pytest.mark.parametrize("path", [b"/never", b"/never?late"])
@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_goes_away_is_noticed(path, reset):
    # One who waits for a reply may just have ended his sending side, so he is given his time.
    given = 2 if path.endswith(b"late") and not reset else 40
    with serve(request=1, later=given) as server:
        with begin(server, path) as client:
            contexts(server, 1)
            if reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        contexts(server, 0)


def test_who_only_ends_his_sending_side_gets_his_reply(server):
    with begin(server, b"/late?ms=400") as client:
        client.shutdown(socket.SHUT_WR)
        assert only(drain(client)).body == b"/late after 400 ms\n"


def test_sleeping_costs_nothing_and_blocks_nobody():
    with serve(workers=1, later=30) as server, contextlib.ExitStack() as stack:
        for path in [b"/never", b"/never?late"] * 250:
            stack.enter_context(begin(server, path))
        contexts(server, 500)
        assert server.metric("http_replies_waiting") == 500
        before = processor_seconds(server.process)
        time.sleep(1)
        assert processor_seconds(server.process) - before < 0.4
        start = time.monotonic()
        for _ in range(50):
            assert server.get("/echo").status == 200
        assert time.monotonic() - start < 10
        stack.close()
        contexts(server, 250)  # the streams'; the others may still be waiting for their reply


@pytest.mark.parametrize("path", [b"/trickle?ms=100&count=10", b"/late?ms=1000"])
def test_drain_lets_it_end(path):
    with serve(drain=20) as server, begin(server, path) as client:
        contexts(server, 1)
        stop = threading.Thread(target=server.stop)
        stop.start()
        reply = only(drain(client))
        stop.join()
        assert reply.status == 200 and reply.body in (b"".join(b"%d\n" % (i + 1) for i in range(10)),
                                                      b"/late after 1000 ms\n")
        assert server.ended == "drained"


@pytest.mark.parallel
def test_stop_breaks_off_what_would_never_end():
    with serve(drain=0, workers=2) as server, contextlib.ExitStack() as stack:
        streams = [stack.enter_context(begin(server, b"/never")) for _ in range(20)]
        laters = [stack.enter_context(begin(server, b"/never?late")) for _ in range(20)]
        busy = [stack.enter_context(begin(server, b"/trickle?ms=1&count=100000")) for _ in range(20)]
        contexts(server, 60)
        server.process.send_signal(signal.SIGTERM)
        assert server.wait() == "cut off"
        for client in streams + busy:
            assert not drain(client).endswith(b"0\r\n\r\n"), "looks whole"
        assert all(drain(client) == b"" for client in laters)

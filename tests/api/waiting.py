"""What a test waits for, in place of a time that a busy machine may need longer for.

    until(lambda: server.metric("http_connections") == 1)
    client.sendall(b"GET / HTTP/1.1\\r\\n")
    taken(client)           the server has accepted the connection and read this
    answering(client)       the first bytes of the answer are here

Standard library only.
"""

import pathlib
import select
import time

PATIENCE = 30  # seconds: much longer than anything that will come takes


def until(condition, seconds=PATIENCE):
    """What the condition returns, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)
    return found


def taken(client):
    """Until the other end of this IPv4 connection belongs to a program and has nothing unread, or is
    closed: see proc_net_tcp.txt of Linux. What still waits to be accepted has no inode."""
    here, there = (f":{address[1]:04X}" for address in (client.getsockname(), client.getpeername()))

    def has_read():
        for line in pathlib.Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
            _, local, remote, state, queues, _, _, _, _, inode, *_ = line.split()
            if local.endswith(there) and remote.endswith(here):
                return state not in ("01", "03") or (inode != "0" and queues.endswith(":00000000"))
        return True

    until(has_read)


def answering(client):
    assert select.select([client], [], [], PATIENCE)[0], "no answer began"

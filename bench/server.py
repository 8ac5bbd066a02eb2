"""A server under test: started on a free loopback port, pinned, measured, and ended whatever happens."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import time

import machine

RUNNING = []  # so that stop_all finds them


def free_port():
    """Below those that the system gives to clients, who else might come before the server."""
    for port in random.sample(range(20000, 32000), 1000):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


class Server:
    """`command(port)` is the argument list. `core` pins it to one processor; None leaves it all."""

    def __init__(self, name, command, path="/", core=None, environment=None, seconds=60):
        self.name, self.port = name, free_port()
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        # The kernel ends it should we be killed; what it started ends with its session otherwise.
        self.command = ["setpriv", "--pdeathsig", "KILL", *pinned, *map(str, command(self.port))]
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            self.command, env={**os.environ, **(environment or {})}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        RUNNING.append(self)
        self.started = self.await_answer(path, seconds)

    def await_answer(self, path, seconds):
        """Milliseconds from exec to the first 200 of `path`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                status, _ = self.get(path)
            except (OSError, http.client.HTTPException):
                time.sleep(0.0003)
                continue
            if status == 200:
                return 1000 * (time.perf_counter() - self.began)
            time.sleep(0.01)
        self.stop()
        raise RuntimeError(f"{self.name} did not answer {path} with 200 within {seconds} s")

    def get(self, path, fields=()):
        """(status, body), by a connection of its own; `fields` are pairs."""
        return next(self.get_all([path], fields))

    def get_all(self, paths, fields=()):
        """(status, body) of each, one after the other, by one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            for path in paths:
                connection.request("GET", path, headers=dict(fields))
                reply = connection.getresponse()
                yield reply.status, reply.read()
        finally:
            connection.close()

    def head(self, path):
        """The fields of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("HEAD", path)
            return connection.getresponse().headers
        finally:
            connection.close()

    def cpu_seconds(self):
        return machine.cpu_seconds(self.process.pid)

    def megabytes(self):
        return machine.anonymous_megabytes(self.process.pid)

    def stop(self):
        if self in RUNNING:
            RUNNING.remove(self)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in machine.session(self.process.pid):
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                continue
            if not machine.session(self.process.pid):
                return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def stop_all():
    for each in list(RUNNING):
        each.stop()

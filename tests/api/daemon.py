"""A real bilaterald for tests: started on a free port, asked over HTTP, stopped with care.

    daemon = Daemon(folder, "--no-seeds")
    answer = daemon.get("/v1/meetings?limit=2")
    assert answer.status == 200 and len(answer.json["data"]) == 2
    daemon.stop()

Standard library only.
"""

import http.client
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEEDS = ROOT / "seeds" / "viet-nam-guangxi"

START_SECONDS = 60  # seeds are read before the address is printed
STOP_SECONDS = 40
ANSWER_SECONDS = 100

SANITIZER = re.compile(r"ERROR: \w*Sanitizer|WARNING: ThreadSanitizer|LeakSanitizer|runtime error:")


def program():
    """The daemon under test: $BILATERAL_DAEMON, else the debug build."""
    path = pathlib.Path(os.environ.get("BILATERAL_DAEMON") or ROOT / "build/debug/src/bilaterald")
    assert path.exists(), f"{path} does not exist; build it first (script/test does)"
    return path


def environment(**changes):
    """Ours without what would configure the daemon behind a test's back."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("BILATERAL_") and name != "PORT"}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "Asia/Ho_Chi_Minh", **changes}


def run(*arguments, seconds=60, stdin=None, **changes):
    """A verb that ends by itself: `run("check", folder)`; a subprocess.CompletedProcess, as text."""
    done = subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True,
                          input=stdin, timeout=seconds, env=environment(**changes))
    assert not SANITIZER.search(done.stderr), done.stderr
    return done


class Answer:
    """One HTTP answer, read to its end."""

    def __init__(self, response, method, path):
        self.status = response.status
        self.headers = response.headers  # names in any case; get_all() for repeated ones
        self.body = response.read()
        self.asked = f"{method} {path}"

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise AssertionError(f"{self.asked}: {self.status}, not JSON ({error}): "
                                 f"{self.body[:500]!r}") from None

    def __repr__(self):  # what pytest shows when an assertion fails
        return f"<{self.asked}: {self.status} {self.body[:1000]!r}>"


class Daemon:
    """A running `bilaterald serve`. `options` follow the defaults, so they win."""

    def __init__(self, folder, *options, seeds=SEEDS, store=None, **changes):
        self.folder = pathlib.Path(folder)
        self.store = pathlib.Path(store or self.folder / "record.sqlite3")
        self.log_path = self.folder / "bilaterald.log"
        self.stopped = None
        command = [program(), "serve", "--listen", "127.0.0.1:0", "--store", self.store]
        for one in [seeds] if isinstance(seeds, (str, os.PathLike)) else seeds or []:
            command += ["--seeds", one]
        if not seeds:
            command += ["--no-seeds"]
        if kept := os.environ.get("BILATERAL_TEST_CACHE_BYTES"):  # suites run with other caches, too
            command += ["--cache-bytes", kept]
        self.command = [str(part) for part in [*command, *options]]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=log,
                                            env=environment(**changes))
        self.url = self._wait_until_ready()
        self.host, port = re.fullmatch(r"http://(.+):(\d+)(?:/.*)?", self.url).groups()
        self.port = int(port)

    def _wait_until_ready(self):
        """Its address, which it prints on standard output as soon as it answers."""
        printed, deadline = b"", time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                piece = os.read(self.process.stdout.fileno(), 4096)
                printed += piece
                if found := re.search(rb"http://\S+(?=\s)", printed):
                    return found[0].decode()
                if not piece:
                    break
        self.process.kill()
        status = self.process.wait()
        self.stopped = status
        raise AssertionError(f"printed no address in {START_SECONDS} s at most (status {status}, "
                             f"printed {printed!r})\n{' '.join(self.command)}\n{self.log}")

    @property
    def log(self):
        """What it wrote on standard error."""
        return self.log_path.read_text("utf-8", "replace")

    @property
    def events(self):
        """The lines of the log as objects; one that is still being written is not there yet."""
        whole = self.log.rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def connect(self):
        """A connection for several requests in turn (http.client.HTTPConnection)."""
        return http.client.HTTPConnection(self.host, self.port, timeout=ANSWER_SECONDS)

    def request(self, method, path, body=None, headers=None, json_body=None):
        """One request on a connection of its own. `json_body` is sent as application/json."""
        headers = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = self.connect()
        try:
            connection.request(method, path, body=body, headers=headers)
            return Answer(connection.getresponse(), method, path)
        except (OSError, http.client.HTTPException) as error:
            state = self.process.poll()
            raise AssertionError(f"{method} {path}: {error!r}; the daemon "
                                 + ("still runs" if state is None else f"ended with {state}")
                                 + f"\n{self.log[-4000:]}") from None
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def token(self, scope="write", name="test"):
        """A fresh token of this store, made on the command line as users do."""
        done = run("token", "create", "--store", self.store, "--name", name, "--scope", scope)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def check(self):
        """It lives, and no sanitizer has complained."""
        assert self.process.poll() is None, f"ended with {self.process.returncode}\n{self.log[-4000:]}"
        assert not SANITIZER.search(self.log), self.log

    def stop(self, signal_number=signal.SIGTERM, status=0):
        """Ask it to end; it must do so in time, with that status, and without a leak."""
        if self.stopped is None:
            if self.process.poll() is None:
                self.process.send_signal(signal_number)
            try:
                self.stopped = self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.stopped = self.process.wait()
                raise AssertionError(f"did not end within {STOP_SECONDS} s of "
                                     f"{signal.Signals(signal_number).name}\n{self.log[-4000:]}") from None
            finally:
                self.process.stdout.close()
            assert not SANITIZER.search(self.log), self.log
        assert self.stopped == status, f"ended with {self.stopped}, not {status}\n{self.log[-4000:]}"

    def kill(self):
        """End it at once, as a power cut would; nothing is expected of it."""
        if self.stopped is None:
            self.process.kill()
            self.stopped = self.process.wait()
            self.process.stdout.close()

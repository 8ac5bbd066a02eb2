"""The program as its caller sees it: verbs, options, environment, exit codes, what it leaves alone."""

import contextlib
import hashlib
import http.client
import json
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request

import pytest

import daemon
import seedset
from waiting import taken

OPTIONS = ["--listen", "--store", "--seeds", "--no-seeds", "--base-path", "--admin-listen", "--cors-origin", "--workers",
           "--log-format", "--help", "--version"]
VERBS = ["serve", "check", "migrate", "get", "probe", "manual", "completions"]


@pytest.fixture
def seeds(tmp_path):
    return seedset.write(tmp_path / "seeds", seedset.good())


@contextlib.contextmanager
def serving(*arguments, folder, **changes):
    """The program started with exactly these arguments; the address that it prints."""
    process = subprocess.Popen([daemon.program(), *map(str, arguments)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, text=True,
                               env=daemon.environment(**{name: str(value) for name, value in changes.items()}))
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        out, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    assert out == "" and not daemon.SANITIZER.search(log), log


def ask(url, path):
    host, rest = url.removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", ("/" + rest).rstrip("/") + path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body)


@contextlib.contextmanager
def held_port():
    """One that nobody else is given meanwhile; a program that may reuse it can listen there."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", 0))
        yield one.getsockname()[1]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---- usage

WRONG = [
    (["--lisen", "127.0.0.1:0"], "--listen"), (["--stroe", "x"], "--store"), (["--seed", "x"], "--seeds"),
    (["--no-seed"], "--no-seeds"), (["--basepath", "/x"], "--base-path"), (["--help-me"], "--help"),
    (["--cors-orgin", "*"], "--cors-origin"), (["--worker", "2"], "--workers"), (["--versoin"], "--version"),
    (["--log-formt=text"], "--log-format"), (["serve", "--xyzzyxyzzy"], "--xyzzyxyzzy"),
    (["--workers", "0"], "--workers"), (["--workers", "65"], "--workers"), (["--workers", "two"], "--workers"),
    (["--workers", "-1"], "--workers"), (["--workers", " 2"], "--workers"), (["--workers", ""], "--workers"),
    (["--connections", "99999999999999999999"], "--connections"),
    (["--log-format", "xml"], "--log-format"), (["--no-seeds=perhaps"], "--no-seeds"),
    (["--base-path", "x"], "--base-path"), (["--base-path", "/x/"], "--base-path"),
    (["--base-path", "/a?b"], "--base-path"), (["--base-path", "/a b"], "--base-path"),
    (["--listen", "nonsense"], "--listen"), (["--listen", "127.0.0.1:99999"], "--listen"), (["--listen", "127.0.0.1:"], "--listen"),
    (["--listen", "8080"], "--listen"), (["--admin-listen", "127.0.0.1:80x"], "--admin-listen"),
    (["--listen"], "--listen"), (["--store"], "--store"), (["serve", "--seeds"], "--seeds"),
    (["serv"], "serv"), (["chekc", "x"], "chekc"), (["xyzzyxyzzy"], "--help"), (["-x"], "-x"),
    (["serve", "operand"], "operand"), (["check"], "DIR"), (["get"], "/v1/"), (["probe", "x"], "x"),
]


@pytest.mark.parametrize("arguments, named", WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_wrong_usage(tmp_path, arguments, named):
    done = daemon.run(*arguments, seconds=10)
    assert done.returncode == 2, done
    assert done.stdout == "" and done.stderr.count("\n") == 1
    assert named in done.stderr.replace(" ".join(arguments), "", named not in arguments), done.stderr


@pytest.mark.parametrize("name, value", [
    ("BILATERAL_WORKERS", "many"), ("BILATERAL_LOG_FORMAT", "xml"), ("BILATERAL_NO_SEEDS", "perhaps"),
    ("BILATERAL_BASE_PATH", "x/"), ("PORT", "65536"), ("PORT", "http")])
def test_wrong_environment(name, value):
    done = daemon.run(**{name: value}, seconds=10)
    assert done.returncode == 2, done
    assert name in done.stderr or name == "BILATERAL_BASE_PATH"


def test_help_names_every_verb_option_and_variable():
    done = daemon.run("--help")
    assert done.returncode == 0 and done.stderr == ""
    for name in OPTIONS:
        assert re.search(rf"{name}\b", done.stdout), name
        variable = "BILATERAL_" + name[2:].replace("-", "_").upper()
        assert name in {"--help", "--version"} or variable in done.stdout, variable
    for name in VERBS:
        assert re.search(rf"^  {name}\b", done.stdout, re.MULTILINE), name
    assert "PORT" in done.stdout
    assert all(re.search(rf"\b{code}\b", done.stdout.splitlines()[-1]) for code in range(5))
    assert daemon.run("check", "--help").returncode == 0


def test_version():
    done = daemon.run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"bilaterald \d+\.\d+\.\d+\n", done.stdout)


# ---- options, environment, files

def test_environment_says_what_flags_say(tmp_path, seeds):
    more = {"dataset.json": seedset.dataset(id="more"), "topics.json": [{"id": "ducks", "name": "Ducks"}]}
    both = f"{seeds}:{seedset.write(tmp_path / 'more', more)}"
    with serving(folder=tmp_path, BILATERAL_LISTEN="127.0.0.1:0", BILATERAL_STORE="named.store",
                 BILATERAL_SEEDS=both, BILATERAL_BASE_PATH="/record") as url:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/record/", url)
        status, answer = ask(url, "/v1/topics")
        assert status == 200 and answer["count"]["value"] == 3
        assert answer["links"]["self"] == "/record/v1/topics"
    assert (tmp_path / "named.store").exists()


def test_a_flag_wins_over_the_environment(tmp_path, seeds):
    with serving("--listen", "127.0.0.1:0", "--store", "flag.store", "--seeds", seeds, "--base-path", "",
                 folder=tmp_path, BILATERAL_LISTEN="127.0.0.1:1", BILATERAL_STORE="environment.store",
                 BILATERAL_SEEDS="no-such-folder", BILATERAL_BASE_PATH="/x", PORT=1) as url:
        assert ask(url, "/v1/topics")[1]["count"]["value"] == 2
    assert (tmp_path / "flag.store").exists() and not (tmp_path / "environment.store").exists()


def test_after_an_end_the_file_is_the_whole_store(tmp_path):
    """Also where nothing was lacking at the start, and an errand wrote, which had its own handle."""
    record = tmp_path / "topics.ndjson"
    for name in ("First", "Second"):
        one = daemon.Daemon(tmp_path, seeds=None)
        token = one.token(name=name)
        record.write_text(json.dumps({"type": "topic", "id": name.lower(), "name": name}) + "\n")
        assert one.request("POST", "/v1/import", body=record.read_bytes(), headers={
            "Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}).status == 200
        one.stop()
        assert [path.name for path in tmp_path.glob("record.sqlite3*")] == ["record.sqlite3"]
    with contextlib.closing(sqlite3.connect(one.store)) as store:
        assert store.execute("SELECT name FROM topic ORDER BY name").fetchall() == [("First",), ("Second",)]


def test_no_seeds_by_environment(tmp_path):
    with serving("--listen=127.0.0.1:0", folder=tmp_path, BILATERAL_NO_SEEDS="true") as url:
        assert ask(url, "/v1/topics")[1]["count"]["value"] == 0


def test_port_of_the_environment(tmp_path):
    with held_port() as port:
        with serving("serve", "--no-seeds", folder=tmp_path, PORT=port) as url:
            assert url == f"http://127.0.0.1:{port}/"
        with serving("serve", "--no-seeds", folder=tmp_path, PORT=port, BILATERAL_LISTEN="localhost:1") as url:
            assert url.endswith(f":{port}/")
        with serving("--no-seeds", "--listen", "127.0.0.1:0", folder=tmp_path, PORT=port) as url:
            assert not url.endswith(f":{port}/")


def test_a_port_in_use_is_a_failure(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = "127.0.0.1:%d" % other.getsockname()[1]
        done = daemon.run("--no-seeds", "--listen", address, "--store", tmp_path / "store", seconds=10)
    assert done.returncode == 1 and done.stdout == ""
    assert address in done.stderr or "in use" in done.stderr


def test_two_daemons_do_not_share_a_port(start, tmp_path):
    one = start(seeds=None)
    done = daemon.run("--no-seeds", "--listen", f"127.0.0.1:{one.port}", "--store", tmp_path / "other", seconds=10)
    assert done.returncode == 1 and done.stdout == ""


def test_logs_are_json_or_text(start):
    def lines(*options):
        one = start(*options, seeds=None)
        one.get("/health")
        one.stop()
        return one.log.splitlines()
    assert all({"time", "level", "event"} <= json.loads(line).keys() for line in lines())
    assert not any(line.startswith("{") for line in lines("--log-format=text"))
    assert not any("/health" in line for line in lines("--no-access-log"))


def store_of(tmp_path, seeds):
    daemon.Daemon(tmp_path, seeds=seeds, store=tmp_path / "store").stop()
    return tmp_path / "store"


def foreign(path, *, application=0, version=0, script="CREATE TABLE cat (name TEXT); INSERT INTO cat VALUES ('Tom');"):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(f"PRAGMA application_id = {application}; PRAGMA user_version = {version}; {script}")
    return path


@pytest.mark.parametrize("kind", ["text", "other-database", "other-application", "other-version", "half-a-store"])
@pytest.mark.parametrize("verb", ["serve", "migrate"])
def test_a_file_that_is_no_store_is_refused_and_untouched(tmp_path, seeds, kind, verb):
    path = tmp_path / "file"
    if kind == "text":
        path.write_text("Not a database, but a letter of some length. " * 50)
    elif kind == "other-database":
        foreign(path)
    elif kind == "other-application":
        foreign(path, application=0x0f055112)
    elif kind == "other-version":
        foreign(path, version=1, script="")
    else:
        path.write_bytes(store_of(tmp_path, seeds).read_bytes()[:5000])
    before = digest(path)
    extra = ["--listen", "127.0.0.1:0", "--no-seeds"] if verb == "serve" else []
    done = daemon.run(verb, *extra, "--store", path, seconds=10)
    assert done.returncode == 3, done
    assert done.stderr.count("\n") == 1 and json.loads(done.stderr)["level"] == "error"
    assert digest(path) == before
    assert sorted(each.name for each in tmp_path.glob("file*")) == ["file"]


def test_a_newer_store_is_refused_and_untouched(tmp_path, seeds):
    path = store_of(tmp_path, seeds)
    with contextlib.closing(sqlite3.connect(path)) as database:
        newer = database.execute("PRAGMA user_version").fetchone()[0] + 1
        database.execute(f"PRAGMA user_version = {newer}")
    before = digest(path)
    done = daemon.run("serve", "--listen", "127.0.0.1:0", "--seeds", seeds, "--store", path, seconds=10)
    assert done.returncode == 3 and str(newer) in done.stderr and "newer" in done.stderr
    assert digest(path) == before


@pytest.mark.parametrize("path", ["no-such-folder/store", ".", "file/store"])
def test_a_store_that_cannot_be_opened(tmp_path, seeds, path):
    (tmp_path / "file").write_text("x")
    done = daemon.run("serve", "--listen", "127.0.0.1:0", "--seeds", seeds, "--store", tmp_path / path, seconds=10)
    assert done.returncode == 3 and done.stdout == "" and "store" in done.stderr
    assert not (tmp_path / "no-such-folder").exists()


def test_migrate_makes_a_store_and_says_its_version(tmp_path):
    for _ in range(2):
        done = daemon.run("migrate", "--store", tmp_path / "store")
        assert done.returncode == 0 and re.search(r"version \d+$", done.stdout.strip())
    with contextlib.closing(sqlite3.connect(tmp_path / "store")) as database:
        assert database.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"bltr", "big"),)


def test_many_may_make_the_same_store(tmp_path):
    for number in range(20):
        command = [daemon.program(), "migrate", "--store", tmp_path / f"store-{number}"]
        several = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                    env=daemon.environment()) for _ in range(6)]
        for one in several:
            out, log = one.communicate(timeout=30)
            assert one.returncode == 0 or (one.returncode == 3 and "busy" in log), log
        assert daemon.run(*command[1:]).returncode == 0


# ---- what it tells of itself

def words_of_help():
    """Flags and variables with their dashes, and verbs, as --help has them at the start of a line."""
    text = daemon.run("--help").stdout
    return re.findall(r"^  (--[a-z-]+|[A-Z_]+|[a-z]+)\b", text, re.MULTILINE)


def test_the_man_page_tells_of_every_verb_and_option():
    page = daemon.run("manual")
    assert page.returncode == 0 and page.stdout.startswith(".TH BILATERALD 1 ")
    for word in words_of_help():
        assert "\\fB" + word.replace("-", "\\-") + "\\fR" in page.stdout, word
    for line in page.stdout.splitlines():
        assert not line.startswith("'") and re.match(r"\.(TH|SH|TP|br)\b|[^.]", line), line
        assert re.fullmatch(r"(\\[-e&]|\\f[BIR]|[^\\])*", line), line


@pytest.mark.parametrize("line, expected", [
    ("bilaterald ser", ["serve"]), ("bilaterald pro", ["probe"]), ("bilaterald --lo", ["--log-format"]),
    ("bilaterald --log-format ", ["json", "text"]), ("bilaterald --log-format t", ["text"]),
    ("bilaterald serve --no-s", ["--no-seeds"]), ("bilaterald --store x", [])])
def test_bash_completes(line, expected):
    script = daemon.run("completions", "bash").stdout
    words = line.split(" ")
    asked = "COMP_WORDS=(%s) COMP_CWORD=%d; _bilaterald; printf '%%s\\n' \"${COMPREPLY[@]}\"" % (
        " ".join(f"'{word}'" for word in words), len(words) - 1)
    done = subprocess.run(["bash", "-euc", script + asked], capture_output=True, text=True, timeout=10)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == expected


def test_completions_of_other_shells():
    zsh = daemon.run("completions", "zsh").stdout
    assert zsh.startswith("#compdef bilaterald\n")
    assert all(f'"{word}[' in zsh or f'"*{word}[' in zsh for word in words_of_help() if word.startswith("--"))
    assert daemon.run("completions", "tcsh").returncode == 2
    assert daemon.run("completions").returncode == 2


# ---- an address for those who watch

def admin_of(one):
    return next(line["message"] for line in one.events if line["event"] == "admin_listening")


def test_metrics_apart(start):
    one = start("--admin-listen", "127.0.0.1:0", "--base-path", "/x", seeds=None)
    admin = admin_of(one)
    for path in "health", "ready", "metrics":
        with urllib.request.urlopen(admin + path, timeout=10) as answer:
            assert answer.status == 200, path
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(admin + "v1/meetings", timeout=10)
    assert refused.value.code == 404
    assert one.get("/x/metrics").status == 404 and one.get("/x/health").status == 200
    one.get("/x/v1/meetings")
    with urllib.request.urlopen(admin + "metrics", timeout=10) as answer:
        text = answer.read().decode()
    assert "bilateral_records" in text and re.search(r'^\w+requests_total\{.*"GET".*\} [1-9]', text, re.MULTILINE), text


def test_an_admin_address_that_is_taken(start, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = daemon.run("serve", "--listen", "127.0.0.1:0", "--no-seeds", "--store", tmp_path / "store",
                          "--admin-listen", "127.0.0.1:%d" % other.getsockname()[1])
    assert done.returncode == 1 and done.stdout == "" and "listen" in done.stderr


# ---- probe, get, signals

def test_probe(start, tmp_path):
    one = start("--base-path", "/x", seeds=None)
    address = f"127.0.0.1:{one.port}"
    assert daemon.run("probe", "--listen", address, "--base-path", "/x").returncode == 0
    assert daemon.run("probe", "--base-path=/x", PORT=str(one.port)).returncode == 0
    assert daemon.run("probe", BILATERAL_LISTEN=f"0.0.0.0:{one.port}", BILATERAL_BASE_PATH="/x").returncode == 0
    assert daemon.run("probe", "--listen", address).returncode == 1
    assert daemon.run("probe", "--listen", address, "--base-path", "/" + "x" * 3000).returncode == 1
    one.stop()
    done = daemon.run("probe", "--listen", address, "--base-path", "/x", seconds=10)
    assert done.returncode == 1 and done.stdout + done.stderr


def test_probe_does_not_wait_for_ever():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        assert daemon.run("probe", "--listen", "127.0.0.1:%d" % silent.getsockname()[1]).returncode == 1
        assert time.monotonic() - began < 10


def test_get_answers_as_the_socket_does(start, seeds, tmp_path):
    one = start(seeds=seeds, store=tmp_path / "store")
    for path in "/v1/topics?sort=-name&limit=1", "/v1/topics/trade", "/v1/posts/chancellor/holders?at=2025-01-09", "/health":
        done = daemon.run("get", "--store", one.store, path)
        assert (done.returncode, done.stderr) == (0, "") and done.stdout.encode() == one.get(path).body, path


@pytest.mark.parametrize("path, status", [
    ("/v1/topics/trad", 404), ("/v1/topic", 404), ("/v1/topics?nmae=x", 400), ("/v1/topics?limit=0", 400),
    ("/%zz", 400), ("v1/topics", 400), ("", 400), ("/v1/topics.csv7", 406)])
def test_get_fails_with_a_problem(seeds, tmp_path, path, status):
    done = daemon.run("get", "--store", store_of(tmp_path, seeds), path)
    assert done.returncode == 1 and done.stdout == ""
    assert json.loads(done.stderr)["status"] == status


def test_get_makes_no_store(tmp_path):
    done = daemon.run("get", "--store", tmp_path / "store", "/v1/topics")
    assert done.returncode == 1 and not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_kept_connection_does_not_hold_up_the_end(start, number):
    one = start(seeds=None)
    connection = one.connect()
    connection.request("GET", "/health")
    connection.getresponse().read()
    began = time.monotonic()
    one.stop(number)
    assert time.monotonic() - began < 5
    assert [event["event"] for event in one.events][-1] == "stopped"
    connection.close()


def test_a_second_sigint_ends_at_once(start):
    one = start(seeds=None)
    with socket.create_connection((one.host, one.port)) as half:
        half.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        taken(half)
        began = time.monotonic()
        one.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGINT)
        one.stopped = one.process.wait(20)
        assert time.monotonic() - began < 8  # it would wait ten seconds for the rest of the request
        one.process.stdout.close()


def test_sighup_comes_too_late_for_the_end(start, seeds):
    one = start(seeds=seeds)
    with socket.create_connection((one.host, one.port)) as half:
        half.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        taken(half)
        for number in signal.SIGTERM, signal.SIGHUP:
            one.process.send_signal(number)
            time.sleep(0.3)
        half.sendall(b"\r\n")
        assert half.recv(100).startswith(b"HTTP/1.1 200")
    one.process.wait(20)
    one.stop()


def test_a_storm_of_sighup_does_not_keep_it_from_ending(start, seeds):
    one = start(seeds=seeds)
    began, asked = time.monotonic(), False
    while one.process.poll() is None and time.monotonic() < began + 40:
        one.process.send_signal(signal.SIGHUP)
        if not asked and time.monotonic() > began + 0.5:
            one.process.send_signal(signal.SIGTERM)
            asked = True
    assert asked and time.monotonic() - began < 39
    one.stop()


def test_sighup_while_it_starts_is_kept_for_later(tmp_path, seeds):
    process = subprocess.Popen([daemon.program(), "serve", "--listen", "127.0.0.1:0", "--seeds", seeds,
                                "--store", tmp_path / "other"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=daemon.environment())
    while not (tmp_path / "other").exists():
        time.sleep(0.001)
    process.send_signal(signal.SIGHUP)
    assert process.stdout.readline().startswith("http://"), process.stderr.read()
    process.terminate()
    assert process.wait(20) == 0
    process.communicate()


def test_what_was_asked_before_the_end_is_answered(start, seeds):
    """Requests under way at SIGTERM, each on its own connection, are all answered or never taken."""
    one = start(seeds=seeds)
    sockets = [socket.create_connection((one.host, one.port)) for _ in range(20)]
    for each in sockets:
        each.sendall(b"GET /v1/topics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for each in sockets:
        taken(each)
    one.process.send_signal(signal.SIGTERM)
    for each in sockets:
        each.settimeout(10)
        whole = b"".join(iter(lambda: each.recv(65536), b""))
        assert whole.startswith(b"HTTP/1.1 200") and whole.endswith(b"}\n"), whole[:200]
        each.close()
    assert one.process.wait(20) == 0
    one.stop()

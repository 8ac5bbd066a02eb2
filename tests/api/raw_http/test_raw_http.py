"""What src/http makes of requests that no well-behaved client sends, byte by byte.

Talks to the small echo server (tests/unit/http/echo_server.c) over raw sockets: no HTTP library
would send these. BILATERAL_ECHO names the program; without it, the one beside the daemon under test.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import resource
import select
import signal
import socket
import subprocess
import time

import pytest

from waiting import answering, taken, until

PATIENCE = 20  # seconds until a test gives up on the server


def program():
    if "BILATERAL_ECHO" in os.environ:
        return os.environ["BILATERAL_ECHO"]
    daemon = pathlib.Path(os.environ.get("BILATERAL_DAEMON", "build/debug/src/bilaterald"))
    return str(daemon.parent.parent / "tests" / "unit" / "http" / "echo_server")


class Server:
    def __init__(self, process, address):
        self.process = process
        self.address = address
        self.ended = None  # what it printed when it ended

    def connect(self, receive_buffer=None):
        client = socket.socket()
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(PATIENCE)
        client.connect(self.address)
        return client

    def talk(self, data):
        """Send, then read until the server closes."""
        with self.connect() as client:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.sendall(data)
            return drain(client)

    def get(self, path, *fields):
        lines = [f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *fields]
        return only(self.talk(("\r\n".join(lines) + "\r\n\r\n").encode()))

    def metric(self, line):
        text = self.get("/metrics").body.decode()
        return float(re.search(f"^{re.escape(line)} (.+)$", text, re.MULTILINE)[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        output, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, errors
        assert "Sanitizer" not in errors and "runtime error" not in errors, errors
        self.ended = output.strip()
        return self.ended


@contextlib.contextmanager
def serve(*, descriptors=None, **options):
    def limit():
        if descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    if not pathlib.Path(program()).exists():
        pytest.skip(f"{program()} was not built (BILATERAL_ECHO)")
    process = subprocess.Popen(
        [program(), *(f"{name}={value}" for name, value in options.items())],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit)
    host, port = process.stdout.readline().strip().rsplit(":", 1)
    server = Server(process, (host, int(port)))
    try:
        yield server
        if server.ended is None:
            server.stop()
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def server():
    with serve(header=1, request=2, idle=1, body_limit=1000) as running:
        yield running


def drain(client):
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            received += piece
    return received


def receive(client):
    """The next reply, to the end of its body: on a connection that is kept, nothing else tells the end."""
    data, missing = b"", True
    while missing:
        piece = client.recv(65536)
        assert piece, data
        data += piece
        head, end, body = data.partition(b"\r\n\r\n")
        missing = not end or len(body) < int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
    return only(data)


Reply = collections.namedtuple("Reply", "status fields body")


def parse(data, methods=()):
    """The replies in a stream of bytes. `methods`: of the requests, where one is HEAD."""
    replies = []
    while data:
        head, separator, data = data.partition(b"\r\n\r\n")
        assert separator, f"no end of the header section in {head[:200]}"
        lines = head.decode("latin-1").split("\r\n")
        match = re.fullmatch(r"HTTP/1\.1 (\d{3}) .+", lines[0])
        assert match, f"not a status line: {lines[0]!r}"
        fields = collections.defaultdict(list)
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            fields[name.lower()].append(value)
        status = int(match[1])
        assert len(fields["date"]) == (status >= 200), fields
        body = b""
        method = methods[len(replies)] if len(replies) < len(methods) else "GET"
        if status >= 200 and status not in (204, 304) and method != "HEAD":
            if fields["transfer-encoding"] == ["chunked"]:
                body, data = dechunk(data)
            elif fields["content-length"]:
                size = int(fields["content-length"][0])
                assert len(data) >= size, "the body is cut off"
                body, data = data[:size], data[size:]
            else:
                body, data = data, b""
        replies.append(Reply(status, fields, body))
    return replies


def dechunk(data):
    body = b""
    while True:
        line, separator, data = data.partition(b"\r\n")
        assert separator and re.fullmatch(rb"[0-9a-fA-F]+", line), f"not a chunk: {line!r}"
        size = int(line, 16)
        piece, end, data = data[:size], data[size:size + 2], data[size + 2:]
        assert len(piece) == size and end == b"\r\n", "the chunk is cut off"
        if not size:
            return body, data
        body += piece


def only(data):
    replies = parse(data)
    assert len(replies) == 1, replies
    return replies[0]


# --- the table -----------------------------------------------------------------------------------
#
# Each request is followed, in the same write, by a sentinel. `statuses` are those of the replies
# before the sentinel's; the sentinel is answered exactly once if the request was taken, and never
# if it was refused, because nobody can tell any more where it begins. What a proxy might have seen
# as the body asks for /items/smuggled, which nobody may ever be served.

SENTINEL = b"GET /items/sentinel HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SMUGGLED = b"GET /items/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
HIDDEN = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)


def get(target=b"/echo", *fields, version=b"HTTP/1.1", host=b"Host: x\r\n"):
    return b"GET " + target + b" " + version + b"\r\n" + host + b"".join(fields) + b"\r\n"


def post(*fields, body=b"", version=b"HTTP/1.1"):
    return b"POST /echo " + version + b"\r\nHost: x\r\n" + b"".join(fields) + b"\r\n" + body


LENGTH = b"Content-Length: %d\r\n" % len(SMUGGLED)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
PROBLEM = "application/problem+json"

TAKEN = {
    "plain": (get(), [200]),
    "an empty line first": (b"\r\n" + get(), [200]),
    "absolute form": (get(b"http://x/echo"), [200]),
    "absolute form without a path": (get(b"http://x?a=b"), [200]),
    "absolute form of another host": (get(b"http://other:81/echo"), [200]),
    "every kind of escape": (get(b"/items/%E2%82%AC%20%21?a=%41+b%2F%3D"), [200]),
    "raw UTF-8": (get("/items/Sơn?q=Bùi".encode()), [200]),
    "a parameter without a value": (get(b"/echo?q"), [200]),
    "empty parameters": (get(b"/echo?&&a=1&"), [200]),
    "200 parameters": (get(b"/echo?" + b"&".join([b"a=b"] * 200)), [200]),
    "target of 8192 bytes": (get(b"/echo?q=" + b"a" * (8192 - 8)), [200]),
    "a method nobody knows": (b"BREW /echo HTTP/1.1\r\nHost: x\r\n\r\n", [405]),
    "a method in small letters": (b"get /echo HTTP/1.1\r\nHost: x\r\n\r\n", [405]),
    "TRACE": (b"TRACE /echo HTTP/1.1\r\nHost: x\r\n\r\n", [405]),
    "CONNECT": (b"CONNECT /echo HTTP/1.1\r\nHost: x\r\n\r\n", [405]),
    "a method the address does not take": (b"POST /page HTTP/1.1\r\nHost: x\r\n\r\n", [405]),
    "OPTIONS": (b"OPTIONS /page HTTP/1.1\r\nHost: x\r\n\r\n", [204]),
    "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", [204]),
    "unknown address": (get(b"/nowhere"), [404]),
    "dot segments": (get(b"/items/../page"), [404]),
    "two slashes": (get(b"//page"), [404]),
    "trailing slash": (get(b"/page/?a=b"), [308]),
    "304": (get(b"/page", b"If-None-Match: \"page\"\r\n"), [304]),
    "304 of a list": (get(b"/page", b"If-None-Match: \"a,b\", W/\"page\"\r\n"), [304]),
    "304 of a star": (get(b"/page", b"If-None-Match: *\r\n"), [304]),
    "304 by date": (get(b"/page", b"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), [304]),
    "no 304: another tag": (get(b"/page", b"If-None-Match: \"other\"\r\n"), [200]),
    "no 304: the tag outranks the date": (get(
        b"/page", b"If-None-Match: \"other\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
        [200]),
    "no 304: an older date": (get(
        b"/page", b"If-Modified-Since: Sat, 05 Nov 1994 08:49:37 GMT\r\n"), [200]),
    "no 304: not a date": (get(b"/page", b"If-Modified-Since: yesterday\r\n"), [200]),
    "POST without a body": (post(), [200]),
    "Content-Length: 0": (post(b"Content-Length: 0\r\n"), [200]),
    "Content-Length on GET, but 0": (get(b"/echo", b"Content-Length: 0\r\n"), [200]),
    "Content-Length": (post(LENGTH, body=SMUGGLED), [200]),
    "Content-Length with zeros": (post(b"Content-Length: 0000%d\r\n" % len(SMUGGLED), body=SMUGGLED),
                                  [200]),
    "chunked": (post(CHUNKED, body=HIDDEN), [200]),
    "chunked in capitals": (post(b"Transfer-Encoding: CHUNKED\r\n", body=HIDDEN), [200]),
    "chunked in many pieces": (post(CHUNKED, body=b"1\r\na\r\n" * 200 + b"0\r\n\r\n"), [200]),
    "chunked with an extension": (post(CHUNKED, body=b"5;a=b\r\nhello\r\n0\r\n\r\n"), [200]),
    "chunked with a trailer": (post(CHUNKED, body=b"0\r\nAuthorization: Bearer x\r\n\r\n"), [200]),
    "body of the limit": (post(b"Content-Length: 1000\r\n", body=b"x" * 1000), [200]),
    "Expect": (post(b"Expect: 100-continue\r\n", LENGTH, body=SMUGGLED), [100, 200]),
    "bytes above 127 in a value": (get(b"/echo", b"X-Name: S\xc6\xa1n \xff\r\n"), [200]),
    "spaces around a value": (get(b"/echo", b"X-A:  \t b \t \r\n"), [200]),
    "a tab in a value": (get(b"/echo", b"X-A: a\tb\r\n"), [200]),
    "an empty value": (get(b"/echo", b"X-A:\r\n"), [200]),
    "60 fields": (get(b"/echo", b"X-A: b\r\n" * 60), [200]),
    "a handler's problem": (get(b"/fail"), [422]),
    "HTTP/1.0 kept alive": (get(version=b"HTTP/1.0", host=b"Connection: Keep-Alive\r\n"), [200]),
    "stream": (get(b"/stream?count=1000"), [200]),
}

REFUSED = {
    "CL twice, equal": (post(LENGTH, LENGTH, body=SMUGGLED), 400),
    "CL twice, other": (post(b"Content-Length: 0\r\n", LENGTH, body=SMUGGLED), 400),
    "CL 2^64-1": (post(b"Content-Length: 18446744073709551615\r\n"), 413),
    "CL over the limit": (post(b"Content-Length: 1001\r\n", body=b"x" * 1001), 413),
    "chunked over the limit": (post(CHUNKED, body=b"7d0\r\n%s\r\n0\r\n\r\n" % (b"x" * 2000)), 413),
    "Expect with too much": (post(b"Expect: 100-continue\r\n", b"Content-Length: 5000\r\n"), 413),
    "CL and TE": (post(LENGTH, CHUNKED, body=HIDDEN), 400),
    "TE and CL": (post(CHUNKED, b"Content-Length: 4\r\n", body=HIDDEN), 400),
    "TE twice": (post(CHUNKED, CHUNKED, body=HIDDEN), 400),
    "TE identity": (post(b"Transfer-Encoding: identity\r\n", body=SMUGGLED), 400),
    "TE gzip, chunked": (post(b"Transfer-Encoding: gzip, chunked\r\n", body=HIDDEN), 400),
    "TE chunked, identity": (post(b"Transfer-Encoding: chunked, identity\r\n", body=HIDDEN), 400),
    "TE xchunked": (post(b"Transfer-Encoding: xchunked\r\n", body=HIDDEN), 400),
    "TE in quotes": (post(b"Transfer-Encoding: \"chunked\"\r\n", body=HIDDEN), 400),
    "TE with a tab behind": (post(b"Transfer-Encoding: chunked\t\r\n", body=HIDDEN), 400),
    "TE with a space behind": (post(b"Transfer-Encoding: chunked \r\n", body=HIDDEN), 400),
    "TE with a vertical tab": (post(b"Transfer-Encoding: \x0bchunked\r\n", body=HIDDEN), 400),
    "TE empty": (post(b"Transfer-Encoding:\r\n", body=HIDDEN), 400),
    "TE on HTTP/1.0": (post(CHUNKED, body=HIDDEN, version=b"HTTP/1.0"), 400),
    "space before the colon of TE": (post(b"Transfer-Encoding : chunked\r\n", body=HIDDEN), 400),
    "space before the colon of CL": (post(b"Content-Length : %d\r\n" % len(SMUGGLED), body=SMUGGLED),
                                     400),
    "tab before the colon": (post(b"Content-Length\t: 5\r\n", body=b"hello"), 400),
    "NUL in TE": (post(b"Transfer-Encoding: chunked\0\r\n", body=HIDDEN), 400),
    "NUL behind CL": (post(b"Content-Length: 0\0%d\r\n" % len(SMUGGLED), body=SMUGGLED), 400),
    "NUL in a value": (get(b"/echo", b"X-A: a\0b\r\n"), 400),
    "NUL in the target": (get(b"/items/a\0b"), 400),
    "bare LF in the header section": (post(b"X-A: b\nContent-Length: 5\r\n", body=b"hello"), 400),
    "bare LF throughout": (b"GET /echo HTTP/1.1\nHost: x\n\n", 400),
    "bare LF at the end": (b"GET /echo HTTP/1.1\r\nHost: x\r\n\n", 400),
    "bare CR in a value": (get(b"/echo", b"X-A: a\rContent-Length: 5\r\n"), 400),
    "folded line": (get(b"/echo", b"X-A: a\r\n b\r\n"), 400),
    "folded TE": (post(b"Transfer-Encoding:\r\n chunked\r\n", body=HIDDEN), 400),
    "folded line first": (b"GET /echo HTTP/1.1\r\n Host: x\r\nHost: x\r\n\r\n", 400),
    "control character in a value": (get(b"/echo", b"X-A: a\x01b\r\n"), 400),
    "DEL in a value": (get(b"/echo", b"X-A: a\x7fb\r\n"), 400),
    "space in a name": (get(b"/echo", b"X A: b\r\n"), 400),
    "bracket in a name": (get(b"/echo", b"X(A): b\r\n"), 400),
    "byte above 127 in a name": (get(b"/echo", b"X\xe4: b\r\n"), 400),
    "empty name": (get(b"/echo", b": b\r\n"), 400),
    "two Hosts": (get(b"/echo", b"Host: y\r\n"), 400),
    "no Host": (get(host=b""), 400),
    "empty Host": (get(host=b"Host:\r\n"), 400),
    "Host with a path": (get(host=b"Host: x/y\r\n"), 400),
    "Host with a user": (get(host=b"Host: a@b\r\n"), 400),
    "Host with a comma": (get(host=b"Host: a, b\r\n"), 400),
    "two Hosts on HTTP/1.0": (get(b"/echo", b"Host: y\r\n", version=b"HTTP/1.0"), 400),
    "GET with a body": (get(b"/echo", LENGTH) + SMUGGLED, 400),
    "GET with chunks": (get(b"/echo", CHUNKED) + HIDDEN, 400),
    "HEAD with a body": (b"HEAD /echo HTTP/1.1\r\nHost: x\r\n" + LENGTH + b"\r\n" + SMUGGLED, 400),
    "Expect of something else": (post(b"Expect: miracles\r\n", LENGTH, body=SMUGGLED), 417),
    "Expect twice": (post(b"Expect: 100-continue\r\n" * 2, LENGTH, body=SMUGGLED), 417),
    "a coding of the body": (post(b"Content-Encoding: gzip\r\n", LENGTH, body=SMUGGLED), 415),
    "HTTP/1.2": (get(version=b"HTTP/1.2"), 400),
    "HTTP/1.9": (get(version=b"HTTP/1.9"), 400),
    "method that is no word": (b"GE(T /echo HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "two spaces behind the method": (b"GET  /echo HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "space in the target": (get(b"/items/a b"), 400),
    "two spaces before the version": (b"GET /echo  HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "control character in the target": (get(b"/items/a\x01"), 400),
    "fragment": (get(b"/echo#x"), 400),
    "quote in the target": (get(b"/items/\"a\""), 400),
    "target without a slash": (get(b"echo"), 400),
    "authority form": (get(b"x:80"), 400),
    "GET *": (get(b"*"), 400),
    "escape cut off": (get(b"/items/a%4"), 400),
    "escape cut off in the query": (get(b"/echo?a=%"), 400),
    "escape of no digits": (get(b"/echo?a=%zz"), 400),
    "%00 in the path": (get(b"/items/a%00b"), 400),
    "%00 in the query": (get(b"/echo?a=%00"), 400),
    "%2F in the path": (get(b"/items/a%2Fb"), 400),
    "%0A in the path": (get(b"/items/a%0Ab"), 400),
    "overlong UTF-8": (get(b"/items/%C0%AF"), 400),
    "half of a character": (get(b"/echo?a=%E2%82"), 400),
    "surrogate": (get(b"/echo?a=%ED%A0%80"), 400),
    "raw bytes that are not UTF-8": (get(b"/items/\xff"), 400),
    "parameter without a name": (get(b"/echo?=b"), 400),
    "201 parameters": (get(b"/echo?" + b"&".join([b"a=b"] * 201)), 400),
    "450 parameters": (get(b"/echo?" + b"a=b&" * 450), 400),
    "4000 parameters": (get(b"/echo?" + b"a&" * 4000), 400),
    "target of 8193 bytes": (get(b"/echo?q=" + b"a" * (8193 - 8)), 414),
    "target of 10000 bytes": (get(b"/echo?q=" + b"a" * 10000), 414),
    "field of 11 KB": (get(b"/echo", b"X-A: " + b"a" * 11000 + b"\r\n"), 431),
    "many cookies": (get(b"/echo", b"Cookie: " + b"a=b; " * 100 + b"\r\n" + b"X-A: " + b"a" * 3500 + b"\r\n"), 431),
    "65 fields": (get(b"/echo", b"X-A: b\r\n" * 64), 431),
}

# Here the library answers before the guard is asked: in HTML, and for a length it cannot read it
# sends the header section twice. Neither lets anything through.
LIBRARY = {
    "CL list": (post(b"Content-Length: 5, 5\r\n", body=b"hello"), 400),
    "CL with plus": (post(b"Content-Length: +5\r\n", body=b"hello"), 400),
    "CL negative": (post(b"Content-Length: -1\r\n"), 400),
    "CL hexadecimal": (post(b"Content-Length: 0x5\r\n", body=b"hello"), 400),
    "CL empty": (post(b"Content-Length:\r\n"), 400),
    "CL 2^64": (post(b"Content-Length: 18446744073709551616\r\n"), 413),
    "CL of 30 digits": (post(b"Content-Length: " + b"9" * 30 + b"\r\n"), 413),
    "tab behind the method": (b"GET\t/echo HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "field without a colon": (get(b"/echo", b"nonsense\r\n"), 400),
    "NUL in a name": (get(b"/echo", b"X\0A: b\r\n"), 400),
    "no version": (b"GET /echo\r\nHost: x\r\n\r\n", 400),
    "version in small letters": (get(version=b"http/1.1"), 400),
    "version with more behind": (get(version=b"HTTP/1.1 "), 400),
    "HTTP/2.0": (get(version=b"HTTP/2.0"), 505),
    "HTTP/0.9": (get(version=b"HTTP/0.9"), 505),
    "target of 30000 bytes": (get(b"/echo?q=" + b"a" * 30000), 414),
    "field of 30000 bytes": (get(b"/echo", b"X-A: " + b"a" * 30000 + b"\r\n"), 431),
    "a thousand fields": (get(b"/echo", b"A: b\r\n" * 1000), 431),
    "a thousand cookies": (get(b"/echo", b"Cookie: " + b"a;" * 1000 + b"\r\n"), 431),
    "chunk of no number": (post(CHUNKED, body=b"xyz\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk with a sign": (post(CHUNKED, body=b"+5\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk with 0x": (post(CHUNKED, body=b"0x5\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk too long": (post(CHUNKED, body=b"5\r\nhelloX\r\n0\r\n\r\n"), 400),
    "chunk of 2^64": (post(CHUNKED, body=b"10000000000000000\r\nhello"), 413),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", None),
    "a lone word": (b"GET\r\n\r\n", None),
}


def smuggled(data):
    return b'"path":"/items/smuggled"' in data


@pytest.mark.parametrize("name", TAKEN)
def test_taken(server, name):
    request, statuses = TAKEN[name]
    data = server.talk(request + SENTINEL)
    assert not smuggled(data)
    replies = parse(data)
    assert [reply.status for reply in replies] == statuses + [200]
    assert json.loads(replies[-1].body)["path"] == "/items/sentinel"


@pytest.mark.parametrize("name", REFUSED)
def test_refused(server, name):
    request, status = REFUSED[name]
    data = server.talk(request + SENTINEL)
    assert not smuggled(data)
    methods = ["HEAD"] if request.startswith(b"HEAD") else []
    replies = parse(data, methods)
    assert [reply.status for reply in replies] == [status], data[:400]
    reply = replies[0]
    assert reply.fields["content-type"] == [PROBLEM]
    assert "close" in reply.fields["connection"]
    assert b"sentinel" not in reply.body
    if not methods:
        problem = json.loads(reply.body)
        assert problem["status"] == status
        assert problem["instance"] == "urn:uuid:" + reply.fields["x-request-id"][0]
        assert problem["detail"] and problem["title"] and problem["type"].startswith("/docs/problems/")


@pytest.mark.parametrize("name", LIBRARY)
def test_refused_by_the_library(server, name):
    request, status = LIBRARY[name]
    data = server.talk(request + SENTINEL)
    assert not smuggled(data) and b"/items/sentinel" not in data
    if status is None:
        assert not data or data.startswith(b"HTTP/1.1 400 ")
    else:
        assert data.startswith(b"HTTP/1.1 %d " % status), data[:200]


def test_the_server_is_well_after_all_this(server):
    assert server.get("/page").status == 200
    refused = server.metric('http_refusals_total{rule="framing"}')
    assert refused >= 10


# --- replies -------------------------------------------------------------------------------------

def test_common_fields(server):
    for path in ("/page", "/nowhere", "/fail", "/stream"):
        fields = server.get(path).fields
        assert fields["x-content-type-options"] == ["nosniff"]
        assert fields["referrer-policy"] == ["no-referrer"]
        assert fields["cross-origin-resource-policy"] == ["cross-origin"]
        assert "default-src 'none'" in fields["content-security-policy"][0]
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", fields["date"][0])
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                            fields["x-request-id"][0])
        assert "server" not in fields and len(fields["date"]) == 1


def test_request_ids_differ(server):
    assert len({server.get("/page").fields["x-request-id"][0] for _ in range(40)}) == 40


def test_head(server):
    data = server.talk(b"HEAD /page HTTP/1.1\r\nHost: x\r\n\r\n" + SENTINEL)
    head, sentinel = parse(data, ["HEAD"])
    assert head.status == 200 and head.fields["content-length"] == ["2048"]
    assert head.fields["etag"] == ['"page"']
    assert json.loads(sentinel.body)["path"] == "/items/sentinel"


def test_head_of_a_stream_has_no_body_at_all(server):
    data = server.talk(b"HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n" + SENTINEL)
    [head] = parse(data, ["HEAD"])
    assert head.status == 200 and head.fields["connection"] == ["close"]
    assert not head.fields["content-length"] and not head.fields["transfer-encoding"]


def test_304_of_a_stream_has_no_body_at_all(server):
    data = server.talk(get(b"/stream", b'If-None-Match: "stream"\r\n') + SENTINEL)
    [reply] = parse(data)
    assert reply.status == 304 and reply.fields["etag"] == ['"stream"']
    assert not reply.fields["content-length"] and not reply.fields["transfer-encoding"]


def test_304_tells_the_length_of_the_200(server):
    reply = server.get("/page", 'If-None-Match: "page"')
    assert reply.status == 304 and reply.fields["content-length"] == ["2048"]
    assert not reply.fields["content-type"]


def test_stream(server):
    reply = server.get("/stream?count=5000")
    assert reply.body.split() == [b"%d" % n for n in range(5000, 0, -1)]


def test_stream_for_http_1_0_ends_with_the_connection(server):
    reply = only(server.talk(get(b"/stream?count=3", version=b"HTTP/1.0")))
    assert reply.body == b"3\n2\n1\n" and not reply.fields["transfer-encoding"]


def test_broken_stream_is_seen_to_be_broken(server):
    data = server.talk(get(b"/stream?count=2&break"))
    assert b"2\r\n1\n\r\n" in data and not data.endswith(b"0\r\n\r\n")


def test_options_and_allow(server):
    reply = only(server.talk(b"OPTIONS /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert reply.fields["allow"] == ["GET, HEAD, OPTIONS"] and not reply.fields["content-length"]
    reply = only(server.talk(b"PUT /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert reply.status == 405 and reply.fields["allow"] == ["GET, HEAD, OPTIONS"]


def test_redirect_keeps_the_query_as_sent(server):
    reply = server.get("/page/?a=%2F&b=+")
    assert reply.status == 308 and reply.fields["location"] == ["/page?a=%2F&b=+"]


def test_not_found_helps(server):
    assert "did you mean /stream?" in json.loads(server.get("/straem").body)["detail"]


def test_faults_are_listed(server):
    reply = server.get("/fail")
    assert reply.status == 422 and reply.fields["retry-after"] == ["7"]
    assert json.loads(reply.body)["errors"] == [
        {"detail": "empty; give a name", "pointer": "/name"},
        {"detail": "too large", "parameter": "limit"}]


def test_a_trailer_is_not_a_field(server):
    plain = only(server.talk(post(b"Connection: close\r\n", CHUNKED, body=b"0\r\n\r\n")))
    trailed = only(server.talk(post(b"Connection: close\r\n", CHUNKED, body=b"0\r\nX-A: b\r\n\r\n")))
    assert json.loads(trailed.body)["headers"] == json.loads(plain.body)["headers"]


def test_pipelined_requests_are_answered_in_order(server):
    data = server.talk(b"".join(get(b"/items/%d" % n) for n in range(200)) + SENTINEL)
    paths = [json.loads(reply.body)["path"] for reply in parse(data)]
    assert paths == [f"/items/{n}" for n in range(200)] + ["/items/sentinel"]


def test_a_refusal_reaches_a_client_that_is_still_sending(server):
    with server.connect() as client:
        client.sendall(post(b"Content-Length: 50000000\r\n"))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(50):
                client.sendall(b"x" * 100000)
        assert only(drain(client)).status == 413


# --- CORS ----------------------------------------------------------------------------------------

PREFLIGHT = (b"OPTIONS /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://a.example\r\n"
             b"Access-Control-Request-Method: PUT\r\n\r\n")


def test_cors_lets_any_page_read_and_none_write(server):
    reply = server.get("/page", "Origin: https://a.example")
    assert reply.fields["access-control-allow-origin"] == ["*"]
    assert "ETag" in reply.fields["access-control-expose-headers"][0]
    assert reply.fields["vary"] == ["Accept-Encoding"] and not reply.fields["access-control-allow-credentials"]
    preflight = only(server.talk(PREFLIGHT))
    assert preflight.fields["access-control-allow-methods"] == ["GET, HEAD, OPTIONS"]
    written = only(server.talk(post(b"Connection: close\r\nOrigin: https://a.example\r\n")))
    assert not written.fields["access-control-allow-origin"]


def test_cors_of_a_list():
    with serve(cors="https://a.example, https://b.example") as server:
        for origin, allowed in (("https://b.example", ["https://b.example"]), ("https://c.example", []),
                                ("https://b.exampl", []), ("null", [])):
            fields = server.get("/page", f"Origin: {origin}").fields
            assert fields["access-control-allow-origin"] == allowed
            assert fields["vary"] == ["Origin, Accept-Encoding"]
        assert server.get("/page").fields["vary"] == ["Origin, Accept-Encoding"]
        preflight = only(server.talk(PREFLIGHT))
        assert "PUT" in preflight.fields["access-control-allow-methods"][0]
        assert "If-Match" in preflight.fields["access-control-allow-headers"][0]


A, B = "https://a.example", "https://b.example"


@pytest.mark.parametrize("origins, reads, writes", [
    ("*", {A: "*", B: "*", None: "*", "*": "*", "null": "*"}, {A: None, B: None, None: None, "*": None}),
    (A, {A: A, B: None, None: None, "*": None, "null": None}, {A: A, B: None, None: None, "null": None}),
    (f"{A},{B}", {A: A, B: B, None: None, A + ".evil": None}, {A: A, B: B, "https://a.exampl": None}),
    (f"*, {A}", {A: A, B: "*", None: "*", "*": "*", "null": "*"}, {A: A, B: None, None: None, "*": None, "null": None}),
    ("", {A: None, None: None}, {A: None, None: None}),
])
def test_cors_matrix(origins, reads, writes):
    """Who may read and write: Fetch standard, 3.2; a write needs an origin that is listed by name."""
    with serve(cors=origins) as server:
        for origin, allowed in reads.items():
            field = [f"Origin: {origin}"] if origin else []
            for path, status in ("/page", 200), ("/nothing", 404), ("/fail", 422):
                fields = server.get(path, *field)
                assert fields.status == status
                assert fields.fields["access-control-allow-origin"] == ([allowed] if allowed else []), (origin, path)
                assert ("Origin" in ",".join(fields.fields["vary"])) == (origins not in ("*", ""))
                assert bool(fields.fields["access-control-expose-headers"]) == bool(allowed)
                assert not fields.fields["access-control-allow-credentials"]
        for origin, allowed in writes.items():
            field = f"Origin: {origin}\r\n" if origin else ""
            written = only(server.talk(post(b"Connection: close\r\n" + field.encode())))
            assert written.fields["access-control-allow-origin"] == ([allowed] if allowed else []), origin
            asked = PREFLIGHT.replace(b"Origin: https://a.example\r\n", field.encode())
            methods = ",".join(only(server.talk(asked)).fields["access-control-allow-methods"])
            assert ("PUT" in methods) == bool(allowed) and "TRACE" not in methods


def test_cors_of_nobody():
    with serve(cors="") as server:
        fields = server.get("/page", "Origin: https://a.example").fields
        assert not fields["access-control-allow-origin"] and fields["vary"] == ["Accept-Encoding"]


# --- the base path -------------------------------------------------------------------------------

def test_base_path():
    with serve(base_path="/x") as server:
        assert json.loads(server.get("/x/echo").body)["path"] == "/echo"
        assert json.loads(server.get("/x").body)["path"] == "/"
        assert server.get("/x/page/").fields["location"] == ["/x/page"]
        for outside in ("/page", "/xpage", "/"):
            reply = server.get(outside)
            assert reply.status == 404
            assert json.loads(reply.body)["type"] == "/x/docs/problems/not-found"


# --- time ----------------------------------------------------------------------------------------

def until_closed(client, pieces, pause=0.2):
    """Sends a piece now and then until the server closes: what came."""
    received = b""
    for piece in pieces:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(piece)
        if select.select([client], [], [], pause)[0]:
            with contextlib.suppress(ConnectionResetError):
                received += drain(client)
            break
    return received


@pytest.mark.parametrize("start, status", [
    (b"", None), (b"GET /ec", None), (b"GET /echo HTTP/1.1\r\nHost: x\r\nX-A: ", 408),
    (post(b"Content-Length: 900\r\n"), 408), (post(CHUNKED, body=b"fff\r\n"), 408)],
    ids=["silence", "request line", "header section", "body", "chunk"])
def test_one_byte_at_a_time_is_cut_off(start, status):
    """A second after it began; with a second from each byte on it would last until the last of them."""
    with serve(header=1, request=1, body_limit=1000) as server:
        began = time.monotonic()
        with server.connect() as client:
            pieces = [start] + [b"a" if start else b""] * 40
            received = until_closed(client, pieces)
        assert 0.8 < time.monotonic() - began < 6
        if status:
            reply = only(received)
            assert reply.status == status and reply.fields["content-type"] == [PROBLEM]
        else:
            assert not received


def test_idle_connection_is_closed():
    with serve(idle=1) as server, server.connect() as client:
        start = time.monotonic()
        client.sendall(get())
        assert receive(client).status == 200
        assert drain(client) == b""
        assert 0.8 < time.monotonic() - start < 10


def test_slow_reader_is_cut_off():
    with serve(request=1) as server, server.connect(receive_buffer=4096) as client:
        start = time.monotonic()
        client.sendall(get(b"/large?size=50000000"))
        taken(client)
        open_then = server.metric("http_connections")
        assert open_then == 2 or time.monotonic() - start > 0.8
        until(lambda: server.metric("http_connections") == 1)
        assert 0.8 < time.monotonic() - start < 10
        assert server.metric('http_deadlines_total{phase="reply"}') == 1


def test_long_stream_has_the_time_its_length_needs():
    with serve(request=1) as server, server.connect(receive_buffer=4096) as client:
        client.sendall(get(b"/stream?count=1000000"))
        start, received = time.monotonic(), 0
        while (elapsed := time.monotonic() - start) < 2.5:
            while received < 60000 * elapsed:  # catches up where it was late; 16 KB a second are enough
                piece = client.recv(4096)
                assert piece, (elapsed, received)
                received += len(piece)
            time.sleep(0.02)
        assert received > 100000


def test_good_clients_are_served_while_slow_ones_wait():
    with serve(header=PATIENCE, connections=100) as server, contextlib.ExitStack() as stack:
        for _ in range(80):
            client = stack.enter_context(server.connect())
            client.sendall(b"GET /echo HTTP/1.1\r\nX-A: ")
        taken(client)
        start = time.monotonic()
        for _ in range(20):
            assert server.get("/page").status == 200
        assert time.monotonic() - start < PATIENCE / 2


# --- how many ------------------------------------------------------------------------------------

def ask(client, path=b"/echo"):
    client.sendall(get(path))
    return receive(client).status


@pytest.mark.parametrize("options, words", [
    ({"connections": 4}, "too many connections are open"),
    ({"connections": 50, "per_address": 4}, "too many connections are open from this address")])
def test_connection_limits(options, words):
    with serve(workers=2, **options) as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(4)]
        assert [ask(client) for client in clients] == [200] * 4
        with server.connect() as one_too_many:
            reply = only(drain(one_too_many))
        assert reply.status == 503 and reply.fields["retry-after"]
        assert json.loads(reply.body)["detail"] == words
        assert ask(clients[0]) == 200
        clients[1].close()
        until(lambda: server.get("/page").status == 200)


def test_body_budget():
    with serve(body_limit=10000, body_budget=15000, request=5) as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(2)]
        clients[0].sendall(post(b"Content-Length: 10000\r\n", body=b"x" * 9000))
        taken(clients[0])
        clients[1].sendall(post(b"Content-Length: 9000\r\n", body=b"x" * 9000))
        reply = only(drain(clients[1]))
        assert reply.status == 503 and reply.fields["retry-after"] == ["1"]
        clients[0].sendall(b"x" * 1000)
        assert receive(clients[0]).status == 200
        # The bytes are given back when the reply has left, behind our back.
        until(lambda: only(server.talk(post(b"Connection: close\r\n", b"Content-Length: 9000\r\n",
                                            body=b"x" * 9000))).status == 200)


def test_reply_budget():
    with serve(reply_budget=15000000) as server, server.connect() as slow:
        slow.sendall(get(b"/large?size=10000000", b"Connection: close\r\n"))
        answering(slow)
        refused = server.get("/large?size=10000000")
        assert refused.status == 503 and refused.fields["retry-after"] == ["1"]
        assert server.get("/page").status == 200
        assert only(drain(slow)).status == 200
        until(lambda: server.get("/large?size=10000000").status == 200)


def processor_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def share_of_processor(process):
    """Of one processor, for a second; where that second is long, of all of it."""
    start, before = time.monotonic(), processor_seconds(process)
    time.sleep(1)
    return (processor_seconds(process) - before) / (time.monotonic() - start)


def test_out_of_descriptors_neither_spins_nor_ends():
    with serve(descriptors=24, connections=1000, workers=1) as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(40)]
        time.sleep(0.3)
        assert share_of_processor(server.process) < 0.3
        for client in clients:
            client.close()
        assert server.get("/page").status == 200


# --- the end -------------------------------------------------------------------------------------

def test_drain_lets_a_request_finish_and_closes_the_idle():
    with serve(workers=1, drain=20) as server, server.connect() as idle, server.connect() as busy:
        assert ask(idle) == 200
        busy.sendall(get(b"/pause?ms=800"))
        taken(busy)
        server.process.send_signal(signal.SIGTERM)
        reply = only(drain(busy))
        assert reply.status == 200 and reply.fields["connection"] == ["close"]
        assert drain(idle) == b""
        with pytest.raises(ConnectionRefusedError):
            server.connect()
        assert server.wait() == "drained"


def test_drain_takes_what_is_on_its_way():
    """A fifth of a second is left to send it; where it was sent too late, that is tried again."""
    for _ in range(20):
        with serve(workers=1, drain=20) as server, server.connect() as client:
            assert ask(client) == 200
            start = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.05)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.sendall(get())
            late, answer = time.monotonic() - start > 0.1, drain(client)
            assert server.wait() == "drained"
        if answer or not late:
            break
    reply = only(answer)
    assert reply.status == 200 and reply.fields["connection"] == ["close"]


def refuses(server):
    """Nobody listens any more: it drains."""
    with contextlib.suppress(ConnectionRefusedError):
        server.connect().close()
        return False
    return True


def test_drain_lets_a_reply_finish_that_promised_to_keep_alive():
    with serve(workers=1, drain=60, idle=60) as server, server.connect(receive_buffer=65536) as client:
        client.sendall(get(b"/large?size=8000000"))
        answering(client)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refuses(server))
        start = time.monotonic()
        reply = only(drain(client))
        assert len(reply.body) == 8000000 and not reply.fields["connection"]
        assert server.wait() == "drained"
        assert time.monotonic() - start < 30


def test_drain_has_a_hard_limit():
    with serve(drain=1, request=60) as server, server.connect(receive_buffer=4096) as client:
        client.sendall(get(b"/large?size=50000000"))
        answering(client)
        start = time.monotonic()
        assert server.stop() == "cut off"
        assert time.monotonic() - start < 30


def test_stop_with_requests_under_way_gives_everything_back():
    with serve(drain=0, workers=2) as server, contextlib.ExitStack() as stack:
        for data in (b"GET /ec", post(b"Content-Length: 900\r\n", body=b"x"), post(CHUNKED, body=b"5\r\nhe"),
                     get(b"/stream?count=100000000"), get(b"/large?size=50000000")):
            client = stack.enter_context(server.connect(receive_buffer=4096))
            client.sendall(data)
            taken(client)
        server.stop()


def test_address_in_use_is_said_in_words():
    with serve() as server:
        host, port = server.address
        second = subprocess.run([program(), f"listen={host}:{port}"], capture_output=True, text=True,
                                timeout=10)
        assert second.returncode == 1
        assert second.stderr == (f"cannot listen on {host}:{port}: another program does; stop it or "
                                 f"choose another port\n")


@pytest.mark.parametrize("listen, words", [
    ("8080", "write HOST:PORT"), ("::1:80", "write HOST:PORT"), ("localhost:http", "write HOST:PORT"),
    ("192.0.2.1:0", "this machine does not have that address")])
def test_bad_address_is_said_in_words(listen, words):
    done = subprocess.run([program(), f"listen={listen}"], capture_output=True, text=True, timeout=10)
    assert done.returncode == 1 and words in done.stderr


def test_log_line():
    with serve(log=1) as server:
        reply = server.get("/items/a%20b?q=%41", "Authorization: Bearer secret")
        server.process.send_signal(signal.SIGTERM)
        _, errors = server.process.communicate(timeout=10)
        server.ended = ""
    line = json.loads(errors.splitlines()[0])
    assert "secret" not in errors
    assert line.pop("time") and line.pop("us") > 0
    assert line == {"level": "info", "event": "request", "id": reply.fields["x-request-id"][0],
                    "method": "GET", "path": "/items/a%20b", "query": "q=%41", "status": 200,
                    "bytes": len(reply.body), "client": "127.0.0.1"}

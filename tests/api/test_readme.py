"""README.md does not lie: its examples are run against a real daemon. See examples.py."""

import os
import subprocess

import pytest

import daemon
import examples

README = daemon.ROOT / "README.md"
EXAMPLES = [example for example in examples.blocks(README.read_text("utf-8") if README.exists() else "")
            if examples.runnable(example)]
ADDRESS = "http://127.0.0.1:8080"


@pytest.mark.smoke
def test_the_readme_has_examples():
    assert EXAMPLES, "README.md has no ```console block with a curl command"


@pytest.mark.smoke
@pytest.mark.parametrize("example", EXAMPLES, ids=[f"line-{example.line}" for example in EXAMPLES])
def test_example(start, tmp_path, example):
    private = start()
    # One shell for the block, so that a variable set by one command is there for the next.
    script = ["set -u"]
    for number, (command, _) in enumerate(example.commands):
        command = command.replace(ADDRESS, private.url.rstrip("/"))
        script.append(f"{{ {command}\n}} >out.{number} 2>err.{number}; echo $? >status.{number}")
    path = f"{daemon.program().parent}:{os.environ['PATH']}"
    subprocess.run(["bash", "-c", "\n".join(script)], cwd=tmp_path, timeout=120, check=False,
                   env=daemon.environment(PATH=path, BILATERAL_STORE=str(private.store)))
    for number, (command, expected) in enumerate(example.commands):
        def result(kind, number=number):
            file = tmp_path / f"{kind}.{number}"
            return file.read_text("utf-8") if file.exists() else ""
        status, found = result("status").strip(), result("out")
        assert status == "0", f"$ {command}\nended with {status}\n{found}{result('err')}"
        if expected is not None:
            assert examples.same(expected, found), \
                f"README.md, block at line {example.line}\n$ {command}\n--- README\n{expected}--- printed\n{found}"


MARKDOWN = """# x
```sh
script/server
```
```sh
curl -s \\
  http://127.0.0.1:8080/
```
```console
$ ID=a
$ curl -s \\
> "http://127.0.0.1:8080/$ID"
{"a":
 1}
$ echo
```
```json
{}
```
"""


def test_blocks_are_read():
    found = list(examples.blocks(MARKDOWN))
    assert [examples.runnable(example) for example in found] == [False, True, True]
    assert found[1].commands == [("curl -s \\\n  http://127.0.0.1:8080/", None)]
    assert found[2].commands == [("ID=a", ""),
                                 ('curl -s \\\n"http://127.0.0.1:8080/$ID"', '{"a":\n 1}\n'),
                                 ("echo", "")]
    assert found[2].line == 9


@pytest.mark.parametrize("expected, found", [
    ('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}\n'), ('{"a": "…"}', '{"a": [1]}'),
    ('["a", "…"]', '["a", "b", "c"]'), ('["…"]', "[]"), ('{"a": 1, "…": "…"}', '{"a":1,"b":2}'),
    ("a … c\nd", "a b c  \r\nd\r\n"), ("", "\n"),
])
def test_same(expected, found):
    assert examples.same(expected, found)


@pytest.mark.parametrize("expected, found", [
    ('{"a": 1}', '{"a": 2}'), ('{"a": 1}', '{"a": true}'), ('{"a": 1}', '{"a":1,"b":2}'),
    ('{"a": 1, "…": "…"}', '{"b":2}'), ('["a", "…"]', '["b"]'), ('["a", "…"]', "[]"),
    ('{"a": 1}', "no"), ("a … c", "a b\nc"), ("a", "a b"), ("", "x"),
])
def test_not_the_same(expected, found):
    assert not examples.same(expected, found)

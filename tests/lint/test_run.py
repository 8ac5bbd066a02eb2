"""The adding up of tests/run.py: what it prints last is what continuous integration believes."""

import importlib.util
import threading

import pytest

import tree

SPEC = importlib.util.spec_from_file_location("run", tree.ROOT / "tests" / "run.py")
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)


def tally(passed=0, failed=0, skipped=0):
    made = run.Tally()
    made.passed, made.skipped = passed, skipped
    for number in range(failed):
        made.fail(f"test {number}", "why")
    return made


@pytest.mark.parametrize("suites, last, status", [
    ({"a": tally(passed=2), "b": tally(passed=3)}, "5 passed, 0 failed", 0),
    ({"a": tally(passed=2), "b": tally(passed=1, failed=2)}, "3 passed, 2 failed", 1),
    ({"a": tally(passed=2), "b": tally()}, "2 passed, 1 failed", 1),
    ({"a": tally(passed=2), "b": tally(skipped=4)}, "2 passed, 1 failed", 1),
])
def test_totals(monkeypatch, capsys, suites, last, status):
    monkeypatch.setattr(run, "suites", lambda: {name: ([], lambda made=made: made)
                                                for name, made in suites.items()})
    assert run.main([]) == status
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_what_an_older_build_does_is_not_run(monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(run, "suites", lambda: {
        "build-debug": ([], lambda: tally(failed=1)),
        "unit": (["debug"], lambda: ran.append(1) or tally(passed=9))})
    assert run.main(["unit"]) == 1 and not ran
    assert capsys.readouterr().out.endswith("\n0 passed, 2 failed\n")


def test_builds_come_first_and_two_suites_run_side_by_side(monkeypatch):
    both, ran = threading.Barrier(2, timeout=20), []

    def meet():
        both.wait()
        ran.append("suite")
        return tally(passed=1)

    monkeypatch.setattr(run, "suites", lambda: {
        "a": ([], meet), "b": ([], meet), "build-x": ([], lambda: ran.append("build") or tally(passed=1))})
    assert run.main([]) == 0 and ran == ["build", "suite", "suite"]


def test_a_misspelt_suite_is_a_usage_error(capsys):
    assert run.main(["no-such-suite"]) == 2
    assert "no-such-suite" in capsys.readouterr().err


def test_tap_is_counted():
    text = "1..3\nok 1 - a\nnot ok 2 - b\n# 1 != 2\nok 3 - c # SKIP\n1..2\nok 1 - d\n# ok - group\n"
    assert run.count_tap(text) == (2, ["not ok 2 - b"], 1, 5)


@pytest.mark.parametrize("status, output, passed, failed", [
    (0, "1..1\nok 1 - a\n", 1, 0),
    (1, "1..2\nok 1 - a\nnot ok 2 - b\n", 1, 1),
    (0, "1..2\nok 1 - a\n", 1, 1),  # ended before its plan
    (1, "1..1\nok 1 - a\n", 1, 1),  # a leak, found at the end
    (0, "hello\n", 0, 1),  # no test at all
])
def test_c_programs(monkeypatch, tmp_path, status, output, passed, failed):
    log = tmp_path / "build" / "debug" / "meson-logs" / "testlog.json"
    log.parent.mkdir(parents=True)

    def meson(*_, **__):
        log.write_text(run.json.dumps({"name": "x", "stdout": output, "returncode": status,
                                       "result": "?"}) + "\n")
        return status, ""

    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "run", meson)
    made = run.meson_suite("unit", "debug", [], tap=True)
    assert (made.passed, len(made.failures)) == (passed, failed)


@pytest.mark.parametrize("code, passed, failed", [
    ("def test_a(): pass\n", 1, 0),
    ("def test_a(): assert False\ndef test_b(): pass\n", 1, 1),
    ("import pytest\n@pytest.fixture\ndef f():\n    yield\n    assert False\ndef test_a(f): pass\n", 0, 1),
    ("import no_such_module\n", 0, 1),
    ("", 0, 0),  # which main() turns into a failure
])
def test_python_suites(monkeypatch, tmp_path, code, passed, failed):
    folder = tmp_path / "tests" / "x"
    folder.mkdir(parents=True)
    (folder / "test_x.py").write_text(code)
    (tmp_path / "tests" / "pytest.ini").write_text(tree.read("tests/pytest.ini"))
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "REPORTS", tmp_path / "reports")
    made = run.pytest_suite("x", "x", "debug")
    assert (made.passed, len(made.failures)) == (passed, failed)

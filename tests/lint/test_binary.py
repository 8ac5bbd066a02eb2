"""The release program is hardened. Reads the file itself, so it is about what is shipped."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

MEND = "see the hardening flags in meson.build"


def faults(program):
    """What the file lacks."""
    def readelf(*options):
        return subprocess.run(["readelf", "-W", *options, program], capture_output=True, text=True,
                              check=True).stdout

    header, segments, dynamic = readelf("-h"), readelf("-l"), readelf("-d")
    symbols = readelf("--dyn-syms")
    stack = re.search(r"GNU_STACK.*", segments)
    checks = {
        "position-independent (PIE)": re.search(r"Type:\s+DYN", header) and re.search(r"FLAGS_1.*PIE", dynamic),
        "read-only relocations (RELRO)": "GNU_RELRO" in segments,
        "bound at start (-z now)": re.search(r"FLAGS.*\bNOW\b", dynamic),
        "without an executable stack": stack and "RWE" not in stack[0],
        "with stack canaries": "__stack_chk_fail" in symbols,
        "with checked libc calls (FORTIFY)": re.search(r"__\w+_chk\b", symbols.replace("__stack_chk", "")),
        "without segments both writable and executable": not re.search(r"LOAD.*RWE", segments),
        "without a run path": not re.search(r"\((RPATH|RUNPATH)\)", dynamic),
    }
    if "X86-64" in header:
        # The mark in the ELF notes is lost to start files without it, so look for the instructions.
        landings = pathlib.Path(program).read_bytes().count(b"\xf3\x0f\x1e\xfa")
        checks["with control-flow protection (endbr64 where functions begin)"] = landings > 50
    return [f"the program is not {name}; {MEND}" for name, good in checks.items() if not good]


@pytest.fixture(autouse=True)
def tools():
    for tool in ("readelf", "gcc"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")


def test_the_release_program_is_hardened():
    program = os.environ.get("BILATERAL_RELEASE_DAEMON")
    if not program:
        pytest.skip("BILATERAL_RELEASE_DAEMON names no program")
    assert pathlib.Path(program).exists(), f"{program} was not built"
    found = faults(program)
    assert not found, "\n" + "\n".join(found)


def test_a_soft_program_is_noticed(tmp_path):
    source = tmp_path / "soft.c"
    source.write_text("int main(void) { return 0; }\n")
    program = tmp_path / "soft"
    subprocess.run(["gcc", "-no-pie", "-fcf-protection=none", "-z", "norelro", "-z", "execstack",
                    "-z", "lazy", "-fno-stack-protector", "-Wl,-rpath,/x", "-o", program, source],
                   check=True, capture_output=True)
    found = "\n".join(faults(str(program)))
    for word in ("PIE", "RELRO", "-z now", "executable stack", "canaries", "control-flow", "FORTIFY", "run path"):
        assert word in found

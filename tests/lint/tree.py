"""The project's own files, as the checks see them."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".git", "build", "__pycache__", ".pytest_cache", ".cache", "node_modules"}


def files(*patterns):
    """Files whose path from the root matches a pattern, sorted: those git would keep, or, where
    there is no git (an image's build stage), all but build folders and caches."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        paths = [pathlib.PurePath(name) for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    return [str(path) for path in sorted(set(paths))
            if (ROOT / path).is_file() and not NOT_OURS & set(path.parts)
            and (not patterns or any(matches(path, pattern) for pattern in patterns))]


def matches(path, pattern):
    """`src/**.c`: any depth below src; `script/*`: exactly one level."""
    folder, _, tail = pattern.partition("**")
    if "**" in pattern:
        return str(path).startswith(folder) and str(path).endswith(tail)
    return path.match(pattern) and len(path.parts) == len(pathlib.PurePath(pattern).parts)


def read(path):
    return (ROOT / path).read_text("utf-8")


def c_files():
    return files("src/**.c", "src/**.h", "include/**.h")


def complaints(rule, paths):
    """What `rule(path, text)` has to say about every file, as lines `path:line: message`."""
    return [f"{path}:{line}: {message}" for path in paths for line, message in rule(path, read(path))]


def none(found):
    """Fail with all complaints, each of which says how to mend it."""
    assert not found, "\n" + "\n".join(found)

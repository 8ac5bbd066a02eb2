"""What `check` and `serve` say about seeds that are not fit: both must say the same.

    refused(folder)  ->  [Fault(file="meetings.json", line=7, pointer="/0/place_id", detail="…")]
"""

import collections
import json
import re

import daemon

Fault = collections.namedtuple("Fault", "file line pointer detail")
LINE = re.compile(r"(?P<file>[^:]*):(?P<line>\d+): (?P<pointer>\(whole\)|/.*?): (?P<detail>.*)")


def printed(output):
    """The faults that `check` printed, and what else it printed."""
    faults, rest = [], []
    for line in output.splitlines():
        if match := LINE.fullmatch(line):
            pointer = match["pointer"].replace("(whole)", "")
            faults.append(Fault(match["file"], int(match["line"]), pointer, match["detail"]))
        else:
            rest.append(line)
    return faults, rest


def logged(log):
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [Fault(event["file"], event["line"], event["pointer"], event["detail"])
            for event in events if event["event"] == "seed_fault"]


def check(*paths):
    return daemon.run("check", *paths)


def serve(store, *folders):
    """For seeds that it must refuse: it ends by itself, and has listened nowhere."""
    options = [part for folder in folders for part in ("--seeds", folder)]
    done = daemon.run("serve", "--listen", "127.0.0.1:0", "--store", store, *options)
    assert "http://" not in done.stdout + done.stderr, "it serves seeds that are not fit"
    return done


def refused(*folders, store):
    """The faults, after exit status 4 of `check` and 3 of `serve`, which must agree."""
    checked = check(*folders)
    assert checked.returncode == 4, checked.stdout
    served = serve(store, *folders)
    assert served.returncode == 3, served.stderr
    faults, rest = printed(checked.stdout)
    assert logged(served.stderr) == faults
    assert [line for line in rest if re.search(rf"\b{len(faults)} fault", line)], checked.stdout
    return faults

"""The machine: what it is, what its processes used, and whether anybody else was using it."""

import os
import pathlib
import platform
import re
import subprocess

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()


def description(store, daemon):
    """Lines that a reader needs to judge absolute figures by."""
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    packages = "libmicrohttpd12 libsqlite3-0 nginx wrk nghttp2-client libulfius2.7 nodejs"
    versions = output(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages.split()])
    return [
        f"- Machine: {cpu[1] if cpu else platform.processor()}, {CORES} cores, "
        f"{int(memory[1]) / 2**20:.0f} GiB; {platform.system()} {platform.release().partition('-')[0]}",
        f"- Packages: {versions.strip(', ')}",
        f"- Daemon: {output([str(daemon), '--version']).strip()}; store of {os.path.getsize(store) / 2**20:.0f} MiB",
        f"- Load when it began: {os.getloadavg()[0]:.2f}",
    ]


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60)
    return done.stdout


def busy_seconds():
    """CPU time of everybody since the machine started."""
    fields = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:8])) / TICKS  # without idle and waiting for disks


def session(leader):
    """The processes of a session, which a server and its workers are."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = stat(entry.name)
            except OSError:
                continue  # it has ended
            if int(fields[3]) == leader:
                found.append(int(entry.name))
    return found


def stat(pid):
    """The fields of /proc/PID/stat behind the program's name."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def cpu_seconds(leader):
    """User and system time of a session, ended children included."""
    return sum(sum(int(field) for field in stat(pid)[11:15]) for pid in session(leader)) / TICKS


def anonymous_megabytes(leader):
    """Private memory: RssAnon, since a mapped store is counted once a handle in the rest."""
    total = 0
    for pid in session(leader):
        found = re.search(r"RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
        total += int(found[1]) if found else 0
    return total / 1024


def forget(path):
    """Drop a file from the page cache, so that the next reader is cold."""
    for name in (path, f"{path}-wal"):
        if os.path.exists(name):
            descriptor = os.open(name, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)

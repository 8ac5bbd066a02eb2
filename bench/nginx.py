"""nginx's configuration and the files that it serves."""

import os
import pwd

from data import PAGE
from tools import CONTENDERS

PIECE = 3000  # bytes of an answer in one word


def words(name, text):
    """The `map` blocks whose constants hold the text in pieces, and the word that joins them."""
    blocks, joined = [], ""
    for number, begin in enumerate(range(0, len(text), PIECE)):
        quoted = text[begin:begin + PIECE].replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
        blocks.append(f'    map "" ${name}{number} {{ default "{quoted}"; }}')
        joined += f"${{{name}{number}}}"
    return blocks, f'"{joined}"'


def configure(data, port, workers):
    """Write the configuration of one server; its path."""
    pieces = ['    geo $dollar { default "$"; }']
    filled = {"master": "on" if workers > 1 else "off", "workers": workers, "port": port, "folder": data.folder,
              "user": pwd.getpwuid(os.getuid()).pw_name}
    for name, answer in (("list", data.list_answer), ("detail", data.detail_answer)):
        blocks, filled[name] = words(name, answer.read_text())
        pieces += blocks
    text = (CONTENDERS / "nginx.conf").read_text()
    for name, value in {**filled, "pieces": "\n".join(pieces)}.items():
        text = text.replace(f"@{name}@", str(value))
    return data.save(f"nginx-{port}.conf", text.encode())


def write_files(data, server):
    """The daemon's own answers, one file each, so that random files have the same bytes too."""
    if not (data.folder / "files").exists():
        (data.folder / "files").mkdir()
        for kind, targets in (("list", [f"/v1/meetings?limit={PAGE}&cursor={cursor}" for cursor, *_ in data.pages]),
                              ("detail", [f"/v1/meetings/{meeting}" for meeting in data.ids])):
            for number, (_, body) in enumerate(server.get_all(targets)):
                data.save(f"files/{kind}-{number}.json", body)
        data.save("files/list.json", data.list_answer.read_bytes())

"""A real web server on this machine, for benchmarks that fetch."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIG = """
{user}
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    types {{ video/mp4 mp4; }}
    client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
    uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5;
    server {{
        listen 127.0.0.1:{port};
        root {home}/www;
    }}
}}
"""


@contextmanager
def nginx(home: Path, fill: Callable[[Path], None]) -> Iterator[str]:
    """A server of what ``fill`` puts into the folder it is given; yields its address."""
    need("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fill(home / "www")
    user = "user root;" if os.getuid() == 0 else ""
    (home / "nginx.conf").write_text(_CONFIG.format(user=user, home=home, port=port))
    server = [shutil.which("nginx", path=_path()) or "nginx", "-p", str(home), "-c", "nginx.conf"]
    subprocess.run(server, check=True)  # ends once it listens
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*server, "-s", "quit"], check=True)


def need(*programs: str) -> None:
    """End here if one of these programs is missing."""
    for program in programs:
        if shutil.which(program, path=_path()) is None:
            raise SystemExit(f"{program} is missing; `make setup` installs it")


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

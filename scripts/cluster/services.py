"""PostgreSQL, Redis and nginx as processes of ours, in a folder of ours, on free ports."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from bot.paths import ROOT
from bot.runtime.supervisor import Part, free_port

TEMPLATE = ROOT / "deploy" / "nginx" / "nginx.conf.template"
PASSWORD = "only-for-loopback-tests"  # noqa: S105 - made for a folder that is thrown away


class MissingService(RuntimeError):
    """B070: a program of the cluster is not installed; the message names the package."""


def program(name: str, package: str, *folders: Path) -> str:
    """The path of a program.

    Raises:
        MissingService: it is not there.
    """
    places = [*folders, Path("/usr/sbin"), Path("/usr/local/sbin")]
    found = shutil.which(name) or next((str(p / name) for p in places if (p / name).exists()), None)
    if found is None:
        raise MissingService(f"B070 {name} is not installed. Mend: apt-get install {package}")
    return found


def postgres_programs() -> Path:
    """The folder of the newest PostgreSQL's programs.

    Raises:
        MissingService: there is none.
    """
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not homes:
        raise MissingService("B070 postgres is not installed. Mend: apt-get install postgresql")
    return homes[-1]


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root.

    `runuser` would stay as its parent, and stop for ever where a test stops PostgreSQL.
    """
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]


def postgres(folder: Path) -> tuple[Part, str]:
    """A new database server, not yet started, and the address of its database."""
    programs = postgres_programs()
    data = folder / "postgres"
    data.mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
    password = data / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:
        os.chown(password, owner.pw_uid, owner.pw_gid)
    made = _as_postgres(
        [
            str(programs / "initdb"), "-D", str(data / "db"), "-U", "assistant",
            "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8",
        ]
    )  # fmt: skip
    subprocess.run(made, check=True, capture_output=True, cwd=data)
    port = free_port()
    command = [
        str(programs / "postgres"), "-D", str(data / "db"), "-p", str(port),
        "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}",
        "-c", "max_connections=200", "-c", "shared_buffers=64MB",
    ]  # fmt: skip
    url = f"postgresql://assistant:{PASSWORD}@127.0.0.1:{port}/postgres"
    return Part("postgres", _as_postgres(command), "", log_dir=folder / "logs"), url


def redis(folder: Path) -> tuple[Part, str]:
    """A new Redis, not yet started, and its address."""
    port = free_port()
    home = folder / "redis"
    home.mkdir()
    command = [
        program("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1",
        "--save", "", "--appendonly", "no", "--requirepass", PASSWORD, "--dir", str(home),
    ]  # fmt: skip
    part = Part("redis", command, "", log_dir=folder / "logs")
    return part, f"redis://:{PASSWORD}@127.0.0.1:{port}/0"


class Nginx:
    """The proxy: its configuration is the one of production with other places filled in."""

    def __init__(self, folder: Path, static: Path, turns_a_second: int = 200) -> None:
        self.port = free_port()
        self._home = folder / "nginx"
        self._home.mkdir()
        places = {
            "RUN_DIR": str(self._home),
            "CONF_DIR": str(self._home),
            "STATIC_DIR": str(static),
            "ACCESS_LOG": str(self._home / "access.log"),
            "TURNS_A_SECOND": str(turns_a_second),
        }
        text = TEMPLATE.read_text(encoding="utf-8")
        for name, value in places.items():
            text = text.replace("${" + name + "}", value)
        if os.geteuid() == 0:
            text = "user root;\n" + text  # the folder of a test belongs to root
        self._conf = self._home / "nginx.conf"
        self._conf.write_text(text, encoding="utf-8")
        (self._home / "listen.conf").write_text(f"listen 127.0.0.1:{self.port};\n")
        self._program = program("nginx", "nginx")
        command = [self._program, "-c", str(self._conf), "-p", str(self._home)]
        self.part = Part(
            "nginx", [*command, "-e", "stderr", "-g", "daemon off;"], "", log_dir=folder / "logs"
        )
        self._command = command

    def point_at(self, ports: list[int]) -> None:
        """Write which workers get the turns."""
        servers = "".join(f"    server 127.0.0.1:{p} max_fails=1 fail_timeout=2s;\n" for p in ports)
        (self._home / "upstream.conf").write_text(
            f"upstream rasa {{\n    least_conn;\n{servers}    keepalive 64;\n}}\n"
            "upstream talks {\n    hash $remote_addr$http_user_agent consistent;\n"
            f"{servers}}}\n",
            encoding="utf-8",
        )

    def reload(self) -> None:
        """Use what was written; turns in hand are finished by the old processes.

        Raises:
            CalledProcessError: the configuration is wrong.
        """
        subprocess.run(
            [*self._command, "-e", "stderr", "-s", "reload"], check=True, capture_output=True
        )


def wait_for_port(port: int, seconds: float) -> None:
    """Until somebody listens.

    Raises:
        TimeoutError: nobody does.
    """
    import socket

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as one:
            one.settimeout(0.5)
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"B071 nobody listens on {port}")

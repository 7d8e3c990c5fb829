"""What builds and joins the containers names what is there: files, settings, ports, commands, versions."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from cli import app
from tests.browser.serving import ROOT

FOLDER = ROOT / "deploy" / "container"
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
KNOWN = {
    "FROM", "LABEL", "RUN", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD", "WORKDIR",
}  # fmt: skip
_IMAGE = re.compile(r"(?P<name>[a-z0-9./-]+):(?P<version>\d+(\.\d+)*-[a-z]+(-[a-z]+)?)")


def instructions() -> list[tuple[str, str]]:
    """Take the Containerfile apart, as a builder does: an instruction and the rest of its lines."""
    lines = (FOLDER / "Containerfile").read_text(encoding="utf-8").splitlines()
    said = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    return [
        (word, " ".join(rest.split()))
        for word, _space, rest in (line.partition(" ") for line in said.splitlines() if line)
    ]


def of(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in of("ENV") for pair in line.split())


def test_every_instruction_is_one_and_every_image_has_a_version():
    assert {word for word, _rest in instructions()} <= KNOWN
    assert all(_IMAGE.fullmatch(image.split(" AS ")[0]) for image in of("FROM"))
    images = {name: service["image"] for name, service in SERVICES.items() if "build" not in service}
    assert images
    assert all(_IMAGE.fullmatch(image) for image in images.values()), images


def test_what_is_copied_from_the_source_is_there():
    copied = [rest.split()[:-1] for rest in of("COPY") if not rest.startswith("--from")]
    assert copied
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    build = SERVICES["harta"]["build"]
    assert (FOLDER / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]) == FOLDER / "Containerfile"


def test_the_image_runs_as_a_user_without_rights_and_nothing_is_installed_after():
    words = [word for word, _rest in instructions()]
    (user,) = of("USER")
    assert all(int(number) >= 10_000 for number in user.split(":"))
    assert "RUN" not in words[words.index("USER") :]


def test_the_command_of_the_image_is_one_that_the_program_takes():
    (entry,), (command,) = of("ENTRYPOINT"), of("CMD")
    assert json.loads(entry) == ["harta"]
    name, *options = json.loads(command)
    serve = get_command(app).commands[name]
    known = {option for parameter in serve.params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_ports_are_those_of_the_workers_in_every_file():
    options = json.loads(of("CMD")[0])
    first, count = (int(options[options.index(name) + 1]) for name in ("--port", "--workers"))
    ports = [str(first + number) for number in range(count)]
    assert of("EXPOSE")[0].split() == ports
    (health,) = of("HEALTHCHECK")
    assert all(port in health for port in ports)
    proxy = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"server harta:(\d+)", proxy) == ports


def test_home_and_backups_outlive_the_container():
    kept = json.loads(of("VOLUME")[0])
    for setting in ("HARTA_HOME", "HARTA_BACKUPS"):
        path = PurePosixPath(environment()[setting])
        assert any(path.is_relative_to(each) for each in kept), setting
    mounted = {volume.partition(":")[2] for volume in SERVICES["harta"]["volumes"]}
    assert mounted == set(kept)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_comes_back_gets_no_more_rights_and_names_what_is_declared(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert "no-new-privileges:true" in service["security_opt"]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    named = {volume.partition(":")[0] for volume in service["volumes"] if not volume.startswith((".", "/", "$"))}
    assert named <= set(COMPOSE["volumes"])
    depends = service.get("depends_on", {})
    assert set(depends) <= set(SERVICES)
    healthy = [
        other for other in depends if isinstance(depends, dict) and depends[other]["condition"] == "service_healthy"
    ]
    assert all("healthcheck" in SERVICES[other] for other in healthy)


def test_only_the_proxy_is_reached_from_outside_and_the_database_by_the_application_alone():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    near = {
        name for name, service in SERVICES.items() if set(service["networks"]) & set(SERVICES["database"]["networks"])
    }
    assert near == {"database", "harta"}
    assert all(COMPOSE["networks"][network]["internal"] for network in SERVICES["database"]["networks"])


def test_every_setting_that_compose_asks_for_is_in_the_example():
    asked = set(re.findall(r"\$\{(\w+)", (FOLDER / "compose.yaml").read_text(encoding="utf-8")))
    offered = set(re.findall(r"^#?(\w+)=", (FOLDER / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert asked == offered


@pytest.mark.parametrize(
    "file", ["deploy/harta.env.example", "deploy/container/compose.yaml", "deploy/container/Containerfile"]
)
def test_every_setting_of_the_program_is_one_that_it_reads(file):
    named = set(re.findall(r"\bHARTA_[A-Z_]+", (ROOT / file).read_text(encoding="utf-8")))
    rooms = ("core", "geo", "providers", "referrals", "cases", "reports", "api", "commands", "pages")
    code = "".join(path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py"))
    assert named
    assert [name for name in named if f'"{name}"' not in code] == []


def test_the_commands_of_the_page_for_operators_are_commands():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    groups = get_command(app).commands
    named = re.findall(
        r"(?:as_harta|venv/bin/harta|`harta|^harta) ([a-z][a-z-]+)(?: (--?[a-z-]+))?", page, re.MULTILINE
    )
    assert len(named) > 10
    for command, option in named:
        assert command in groups, command
        if option:
            said = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
            assert option in said.output, f"{command} {option}"

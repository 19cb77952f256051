"""The files of `deploy/`: real helm, a real nginx, and what must hold of every container."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.watch import metrics
from scripts.cluster.services import program

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))


def helm(*arguments: str) -> str:
    done = subprocess.run(
        ["scripts/helm.sh", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=200
    )
    if done.returncode == 69 and not os.environ.get("CI"):
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def chart() -> list[dict[str, Any]]:
    """Every object that the chart makes, with monitoring on."""
    text = helm("template", "waac", "deploy/helm", "--set", "monitoring.enabled=true")
    return [d for d in yaml.safe_load_all(text) if d]


def of_kind(chart: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [d for d in chart if d["kind"] == kind]


def pod_templates(chart: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [d["spec"]["template"] for d in chart if d["kind"] in {"Deployment", "Job"}]


def test_chart_is_linted_without_a_warning():
    told = helm("lint", "--strict", "deploy/helm")
    assert "0 chart(s) failed" in told
    assert "[WARNING]" not in told


def test_chart_every_container_is_hardened_and_bounded(chart):
    assert len(pod_templates(chart)) == 4
    for template in pod_templates(chart):
        spec = template["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["automountServiceAccountToken"] is False
        for container in spec["containers"]:
            held = container["securityContext"]
            assert held["readOnlyRootFilesystem"] is True
            assert held["allowPrivilegeEscalation"] is False
            assert held["capabilities"] == {"drop": ["ALL"]}
            assert {"cpu", "memory"} <= set(container["resources"]["limits"])
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])


def test_chart_probes_on_everything_that_stays(chart):
    for deployment in of_kind(chart, "Deployment"):
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            assert {"readinessProbe", "livenessProbe"} <= set(container)
            assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_chart_secrets_are_named_and_never_given(chart):
    assert of_kind(chart, "Secret") == []
    for template in pod_templates(chart):
        for container in template["spec"]["containers"]:
            for variable in container["env"]:
                name = variable["name"]
                assert name.endswith("_FILE") or "TOKEN" not in name
                assert "@" not in str(variable.get("value", ""))


def selects(selector: dict[str, str], labels: dict[str, str]) -> bool:
    return selector.items() <= labels.items()


def test_chart_autoscalers_budgets_and_services_point_at_something(chart):
    deployments = {d["metadata"]["name"]: d for d in of_kind(chart, "Deployment")}
    scaled = {
        h["spec"]["scaleTargetRef"]["name"] for h in of_kind(chart, "HorizontalPodAutoscaler")
    }
    assert scaled == {"waac-rasa", "waac-actions"}
    for name in scaled:
        assert "replicas" not in deployments[name]["spec"]
    labels = [d["spec"]["template"]["metadata"]["labels"] for d in deployments.values()]
    selectors = [
        b["spec"]["selector"]["matchLabels"] for b in of_kind(chart, "PodDisruptionBudget")
    ]
    selectors += [s["spec"]["selector"] for s in of_kind(chart, "Service")]
    assert len(selectors) == 6
    for selector in selectors:
        assert sum(selects(selector, one) for one in labels) == 1


def test_chart_network_closes_everything_first_and_opens_each_part(chart):
    policies = {p["metadata"]["name"]: p["spec"] for p in of_kind(chart, "NetworkPolicy")}
    assert set(policies) == {"waac-nothing", "waac-proxy", "waac-rasa", "waac-actions"}
    closed = policies["waac-nothing"]
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in closed
    for name, spec in policies.items():
        for rule in [*spec.get("ingress", []), *spec.get("egress", [])]:
            assert rule["ports"], name
            assert rule.get("from") or rule.get("to"), name


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_compose_every_service_is_hardened(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    text = json.dumps(service.get("environment", {}))
    assert "://" not in text.replace("http://actions:5055/webhook", "")
    for used in service.get("secrets", []):
        assert used in COMPOSE["secrets"]
    assert ("ports" in service) == (name == "proxy")
    if service["image"].startswith("docker.io"):
        assert re.search(r":\d", service["image"])
        assert not service["user"].startswith("0")


def test_container_files_copy_what_exists_and_end_as_nobody_special():
    text = (DEPLOY / "containers" / "Containerfile").read_text(encoding="utf-8")
    stages = text.split("\nFROM ")
    for stage in stages[-2:]:
        user = re.findall(r"^USER (\d+):", stage, re.MULTILINE)
        assert user
        assert int(user[-1]) > 0
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source


def test_runtime_packages_are_those_that_are_tested():
    pins = re.compile(r"^([A-Za-z0-9_.\[\]-]+)==([^ ;\\]+)", re.MULTILINE)
    tested = dict(pins.findall((ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")))
    runs = dict(pins.findall((ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")))
    assert runs["rasa"] == "3.6.21"
    assert {n: v for n, v in runs.items() if tested.get(n) != v} == {}


@pytest.mark.parametrize("tls", ["on", "off"])
def test_proxy_start_makes_a_configuration_that_nginx_takes(tls, tmp_path):
    """Debian's nginx is older than the image's: what only the newer knows is taken out."""
    run = tmp_path / "run"
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "nginx").write_text("#!/bin/sh\nexit 0\n")
    (fake / "nginx").chmod(0o755)
    env = {
        **os.environ, "PATH": f"{fake}:{os.environ['PATH']}", "RUN_DIR": str(run), "TLS": tls,
        "STATIC_DIR": str(tmp_path), "TEMPLATE": str(DEPLOY / "nginx" / "nginx.conf.template"),
        "RASA_HOST": "127.0.0.1",
    }  # fmt: skip
    subprocess.run(["sh", str(DEPLOY / "nginx" / "start.sh")], env=env, check=True)
    upstream = (run / "upstream.conf").read_text()
    (run / "upstream.conf").write_text(upstream.replace(" resolve ", " "))
    listen = (run / "listen.conf").read_text()
    assert ("Strict-Transport-Security" in listen) == (tls == "on")
    if tls == "on":
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-keyout", str(tmp_path / "tls.key"),
             "-out", str(tmp_path / "tls.crt")],
            check=True, capture_output=True,
        )  # fmt: skip
        listen = listen.replace("/run/secrets", str(tmp_path)).replace("http2 on;", "")
        (run / "listen.conf").write_text(listen)
    done = subprocess.run(
        [program("nginx", "nginx"), "-t", "-e", "stderr", "-c", str(run / "nginx.conf")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "test is successful" in done.stderr, done.stderr


def test_alerts_and_dashboard_name_numbers_that_exist_and_headings_that_exist():
    known = set()
    for one in vars(metrics).values():
        if hasattr(one, "_name"):
            known |= {one._name, f"{one._name}_total", f"{one._name}_bucket"}
    rules = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yml").read_text())["groups"][0]["rules"]
    board = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    asked = [r["expr"] for r in rules]
    asked += [t["expr"] for p in board["panels"] for t in p["targets"]]
    used = {name for e in asked for name in re.findall(r"waac_\w+", e)}
    assert used
    assert used <= known
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", guide, re.MULTILINE)}
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["runbook"].split("#")[1] in headings, rule["alert"]

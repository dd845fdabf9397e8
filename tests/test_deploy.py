"""What deploys the bot is read by the tools that know its formats, and names only what is really here."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App
from bot.entrypoints.metrics import metrics_text
from bot.paths import version
from bot.settings import PROJECT, Settings
from tests.needed import missing
from tools.attack.balanced import find_nginx, settings_of

DEPLOY = PROJECT / "deploy"
COMPOSE = [PROJECT / "compose.yaml", PROJECT / "compose.scale.yaml"]
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "gentle-tears.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
OTHERS = {"POSTGRES_PASSWORD", "GRAFANA_PASSWORD"}  # settings of other programs in compose.scale.yaml
Json = dict[str, Any]  # files of other programs


def tool(name: str) -> str:
    """Returns the path of a program: of this environment, or of the machine. Skips the test where it is missing."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        # `make check` has the first kind (requirements-deploy.lock), .ci/run the second; kubectl only checks once more.
        if name == "kubectl":
            pytest.skip("kubectl is not installed")
        missing(name)
    return found


def read_by(*command: str) -> None:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def services() -> Iterator[tuple[str, str, Json]]:
    for file in COMPOSE:
        for name, service in yaml.safe_load(file.read_text())["services"].items():
            yield file.name, name, service


def test_the_containerfile_is_clean() -> None:
    read_by(tool("hadolint"), "Containerfile")


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_compose_knows_every_key(file: Path) -> None:
    read_by(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(file))


@pytest.mark.parametrize(
    "file", [file for file in KUBERNETES if file.stem != "kustomization"], ids=lambda file: file.name
)
def test_kubernetes_knows_every_key(file: Path) -> None:
    read_by(tool("kubernetes-validate"), "--strict", str(file))


def test_kustomize_puts_everything_together() -> None:
    done = subprocess.run((tool("kubectl"), "kustomize", str(DEPLOY / "kubernetes")), capture_output=True, check=True)
    kinds = [part["kind"] for part in yaml.safe_load_all(done.stdout)]
    assert sorted(kinds) == ["ConfigMap", "Deployment", "Namespace", "PersistentVolumeClaim", "Secret"]


def test_prometheus_reads_its_settings_and_the_alerts() -> None:
    read_by(tool("promtool"), "check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))


def test_nginx_reads_the_balancer(tmp_path: Path) -> None:
    program = find_nginx() or tool("nginx")
    file = tmp_path / "nginx.conf"
    file.write_text(settings_of(tmp_path, [8081, 8082, 8083], 8080))
    assert "bot1" not in file.read_text()
    read_by(program, "-t", "-c", str(file), "-g", f"error_log {tmp_path}/nginx.txt;")


async def test_every_figure_of_the_dashboard_and_the_alerts_is_there(app: App) -> None:
    """With their labels; those that others add (job, instance, le) aside."""
    await app.scheduler.catch_up()
    families = list(text_string_to_metric_families((await metrics_text(app.vitals)).decode()))
    # A counter's family is called without its _total, a histogram's without _bucket.
    known = {sample.name for family in families for sample in family.samples} | {family.name for family in families}
    labels = {name for family in families for sample in family.samples for name in sample.labels} | {"work", "reason"}
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    asked += [rule["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    used = {name for text in asked for name in re.findall(r"\bbot_\w+", text)}
    grouped = {name for text in asked for names in re.findall(r"by \(([^)]*)\)", text) for name in names.split(", ")}
    picked = {name for text in asked for name in re.findall(r"[{,](\w+)=", text)}
    assert used - known == set()
    assert (grouped | picked) - labels - {"job", "instance", "le"} == set()
    shown = {family.name for family in families}
    assert {name for name in shown if not any(name in one for one in used)} == set()


def test_every_alarm_that_the_page_names_is_there() -> None:
    page = (PROJECT / "docs" / "operating.md").read_text()
    worth = page[page.index("Worth an alarm") :].replace("`", "")
    rules = [rule["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    named = set(re.findall(r"bot_\w+", worth))
    assert named <= {name for expr in rules for name in re.findall(r"bot_\w+", expr)}


def test_images_are_pinned_and_ours_is_of_this_version() -> None:
    images = {name: service["image"] for _, name, service in services()}
    assert all(re.fullmatch(r"[a-z/-]+:v?\d+\.\d+[\w.-]*", image) for image in images.values()), images
    assert {image for name, image in images.items() if name.startswith("bot")} == {f"gentle-tears:{version()}"}
    (kustomization,) = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["images"]
    assert kustomization == {"name": "gentle-tears", "newTag": version()}
    assert re.search(r"^ARG PYTHON=3\.11\.\d+-slim-\w+$", (PROJECT / "Containerfile").read_text(), re.MULTILINE)


def test_every_container_is_held_tight() -> None:
    for file, name, service in services():
        assert service["read_only"] is True, (file, name)
        assert service["security_opt"] == ["no-new-privileges:true"], (file, name)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), (file, name)
        assert name == "postgres" or service["cap_drop"] == ["ALL"], (
            file,
            name,
        )  # it becomes another user at its start


def test_every_setting_that_is_set_is_one() -> None:
    known = {name.upper() for name in Settings.model_fields}
    bots = [service for _, name, service in services() if name.startswith("bot")]
    assert len(bots) == 4
    assert {key for service in bots for key in service["environment"]} <= known
    assert set(yaml.safe_load((DEPLOY / "kubernetes" / "settings.yaml").read_text())["data"]) <= known
    for file in COMPOSE:
        assert set(re.findall(r"\$\{([A-Z_]+)", file.read_text())) <= known | OTHERS


def test_every_file_that_is_copied_or_mounted_is_there() -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (PROJECT / "Containerfile").read_text(), re.MULTILINE)
    mounted = [volume.split(":")[0] for _, _, service in services() for volume in service.get("volumes", ())]
    paths = [path for line in copied for path in line.split()] + [path for path in mounted if path.startswith(".")]
    assert len(paths) > 10
    assert [path for path in paths if not (PROJECT / path).exists()] == []
    let_in = re.findall(r"^!(\S+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE)
    assert {path for line in copied for path in line.split()} == set(let_in)

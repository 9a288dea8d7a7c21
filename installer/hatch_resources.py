"""Build hook: wheels carry `resources/` as `goodmeasure/resources`; an editable install reads the checkout's folder."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ResourcesHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling does not export the argument
    """Adds the resources folder to standard wheels only."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder; hatchling calls this before each build."""
        if version == "standard":
            build_data["force_include"]["resources"] = "goodmeasure/resources"

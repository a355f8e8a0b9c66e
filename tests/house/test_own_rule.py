import attrs
import pytest
from own_rule import RULES, SURVEY

from helpdesk_core import Rule
from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.rule_laws import RuleLaws
from helpdesk_core.use_cases.directory import dump_directory, load_directory
from helpdesk_memory import MemoryDesk


class TestTheSurvey(RuleLaws):
    @pytest.fixture
    def rule(self) -> Rule:
        return SURVEY


def test_the_directory_file_takes_its_word() -> None:
    desk = MemoryDesk(NOW)
    ports = attrs.evolve(desk.ports, rules=RULES)
    group = {"key": "quality", "name": "Quality"}
    survey = {"key": "survey", "name": "Survey", "group": "quality", "rule": "survey"}
    _ = load_directory(ports, {"kpiGroups": [group], "kpiTypes": [survey]})
    (kept,) = desk.store.directory.kpi_types.values()

    assert (SURVEY.schema, ()) == (kept.metric_schema, load_directory(ports, dump_directory(ports)))

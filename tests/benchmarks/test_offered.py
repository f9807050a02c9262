"""The plant of a benchmark."""

from __future__ import annotations

from tests.benchmarks.offered import DEFAULT_SCAN_MS, SCREEN, offered_plant


def test_that_the_first_equipment_shows_both_servers_at_both_scans() -> None:
    plant = offered_plant(modbus_port=1, opcua_port=2, tags=100, scan_ms=50)

    assert plant.equipment[0].id == SCREEN
    assert [(tag.connection, tag.scan_ms) for tag in plant.tags_of(SCREEN)] == [
        ("modbus", DEFAULT_SCAN_MS),
        ("modbus", 50),
        ("opcua", DEFAULT_SCAN_MS),
        ("opcua", 50),
    ]


def test_that_every_tag_has_its_handle_its_equipment_and_an_address_of_its_own() -> None:
    plant = offered_plant(modbus_port=1, opcua_port=2, tags=100, scan_ms=50)

    assert [tag.handle for tag in plant.tags] == list(range(100))
    assert {tag.equipment for tag in plant.tags} == {equipment.id for equipment in plant.equipment}
    assert len({(tag.connection, tag.address) for tag in plant.tags}) == 100
    assert sum(tag.connection == "modbus" for tag in plant.tags) == 50

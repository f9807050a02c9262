"""Adding a device to the plant that is open: found, looked at and named as for a new plant, then shown as a dry run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.model.equipment import Equipment, EquipmentLevel
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.addition import Addition, AdditionPlan, named_apart
from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError
from widgets.connection.certificates import Certificates
from widgets.engineering.devices import Devices
from widgets.engineering.editing import Editing
from widgets.engineering.taking import Taking
from widgets.operation import Operation
from widgets.start.connect import NAMING, ConnectPage
from widgets.start.new_plant import DEVICE, identifier_of
from widgets.start.plant_problems import problems_text
from widgets.start.review import Review
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

REVIEW = NAMING + 1


class AddDeviceDialog(QDialog):
    """`taking` lets the collector work by the new file; `user`: who is signed in, "" for nobody."""

    def __init__(
        self,
        plant: Plant,
        folder: PlantFolder,
        parent: QWidget | None = None,
        *,
        devices: Devices,
        certificates: Certificates,
        editing: Editing,
        taking: Taking,
        user: str = "",
    ) -> None:
        super().__init__(parent)
        self._plant = plant
        self._folder = folder
        self._editing = editing
        self._taking = taking
        self._user = user
        self._addition: Addition | None = None
        self.page = ConnectPage(devices, certificates, plant=plant, folder=str(folder.path))
        self.review = Review()
        self.page.steps.addWidget(self.review)
        self.setWindowTitle(tr("Add a device"))
        wanted = QSize(theme().px(1240), theme().px(760))
        self.resize(wanted.boundedTo(parent.window().size()) if parent is not None else wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.page.back_asked.connect(self.reject)
        self.page.addition_asked.connect(self.plan)
        self.review.again.connect(lambda: self.page.steps.setCurrentIndex(NAMING))
        self.review.written.connect(self.write)
        taking.taken.connect(self.accept)
        taking.refused.connect(self._tell_refusal)
        self.finished.connect(self.page.leave)
        self.page.scan.start_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def addition(self) -> Addition:
        """Return what would be added now, with ids and names that nothing in the plant has."""
        naming = self.page.naming
        name = naming.name.text().strip()
        identifier = identifier_of(name) or DEVICE
        below = str(naming.below.currentData() or "")
        equipment = Equipment(identifier, LocalText(name), EquipmentLevel.WORK_UNIT, below)
        definition = self.page.definition()
        connection = type(definition)(identifier, definition.driver, definition.url, definition.options)
        return named_apart(Addition(equipment, connection, tuple(naming.chosen.tags)), self._plant)

    def plan(self) -> None:
        """Show what would be written."""
        addition = self._addition = self.addition()

        def show(plan: AdditionPlan) -> None:
            self.page.show_message("")
            self.review.show_plan(plan)
            self.page.steps.setCurrentIndex(REVIEW)

        work = Operation(self, lambda: self._editing.plan(self._folder, addition))
        work.success(show).failure(self._fail).start()

    def write(self) -> None:
        """Write what is shown, and let the collector take it."""
        addition, plan = self._addition, self.review.plan
        if addition is None or plan is None:
            return
        self.review.show_busy(is_busy=True)
        self.page.show_message(tr("Writing plant.toml…"))
        work = Operation(self, lambda: self._editing.add(self._folder, addition, plan, self._user))
        work.success(self._take).failure(self._fail).start()

    def _take(self, former: Path) -> None:
        self.page.show_message(
            tr("Written; the former file is {former}. The collector takes the new one…", former=former.name)
        )
        self._taking.ask()

    def _tell_refusal(self, reason: str) -> None:
        self.page.show_message("\n".join([tr("plant.toml is written."), reason]))

    def _fail(self, error: Exception) -> None:
        self.review.show_busy(is_busy=False)
        self.page.show_message(problems_text(error) if isinstance(error, PlantFileError) else station_text(error))

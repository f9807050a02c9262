"""Reading the picture that is to be edited, and making the text that is to be stored."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.picture import Picture
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_path
from app.plant.picture.revision import parse_picture, revised_picture
from app.plant.picture.saving import PictureSaving
from app.plant.picture.text import picture_text
from widgets.picture_editor.edited import EditedPicture


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be stored; `keeps_layout`: whether comments and order of the former file are in it."""

    saving: PictureSaving
    keeps_layout: bool = True


def read_edited(folder: PlantFolder, plant: Plant, picture: str) -> EditedPicture:
    """Return a picture as its file has it now, else as the plant has it; raise LookupError where it cannot be read."""
    path = picture_path(folder.path, picture)
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    found = parse_picture(text, picture) if text else None
    if found is None and not text:
        found = next((each for each in (*plant.pictures, *plant.faceplates) if each.id == picture), None)
    if found is None:
        raise LookupError(f"{path}: is not in order: foreshift check tells its lines")
    return EditedPicture(found, text)


def draft_of(edited: EditedPicture) -> Draft:
    """Return what would be stored of a picture."""
    picture: Picture = edited.picture
    if not edited.text:
        return Draft(PictureSaving(picture.id, "", picture_text(picture)))
    made = revised_picture(edited.text, picture, edited.drawing.origins)
    return Draft(PictureSaving(picture.id, edited.text, made.text), made.keeps_layout)

"""What all file models share: strict keys, numbers with bounds, clock times, values with sources.

Owns the pydantic base and field types. Does not know any one file.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from routing.network import Window
from routing.reading.clock import parse_clock, parse_window, parse_windows

T = TypeVar("T")


class FileModel(BaseModel):
    """A mapping in a file: unknown keys, NaN and infinity are faults; nothing is guessed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True
    )


class Sourced(FileModel, Generic[T]):
    """A value with where it comes from: ``{value: 20, source: "maker's page", unverified: true}``.

    Attributes:
        value: the value, in the unit that its key names.
        source: where the value comes from; never empty.
        unverified: true when nobody has checked the value against its source.
    """

    value: T
    source: Annotated[str, Field(min_length=1)]
    unverified: bool = False

    @property
    def credit(self) -> str:
        """The source with its doubt."""
        return f"{self.source} (unverified)" if self.unverified else self.source

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled without its parameter: ``Sourced[float]`` has no name to be found by."""
        return _sourced, (self.value, self.source, self.unverified)


def _sourced(value: object, source: str, unverified: bool) -> Sourced[Any]:
    return Sourced.model_construct(value=value, source=source, unverified=unverified)


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text in quotes, such as '07:30'")
    return value


def _clock(value: object) -> int:
    return parse_clock(_as_text(value))


def _window(value: object) -> Window:
    return parse_window(_as_text(value))


def _windows(value: object) -> tuple[Window, ...]:
    return parse_windows(_as_text(value))


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
Text = Annotated[str, Field(min_length=1)]
Clock = Annotated[int, BeforeValidator(_clock, json_schema_input_type=str)]
ClockWindow = Annotated[Window, BeforeValidator(_window, json_schema_input_type=str)]
ClockWindows = Annotated[tuple[Window, ...], BeforeValidator(_windows, json_schema_input_type=str)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
"""A share from 0 to 1."""


def number(low: float, high: float, *, above: bool = False) -> object:
    """Bounds of a float field: ``low`` (exclusive when ``above``) to ``high``, text refused."""
    if above:
        return Field(gt=low, le=high, strict=True)
    return Field(ge=low, le=high, strict=True)


def whole(low: int, high: int) -> object:
    """Bounds of a whole-number field, text refused."""
    return Field(ge=low, le=high, strict=True)


def seconds(minutes: float) -> int:
    """Whole seconds of minutes, rounded to the nearest."""
    return round(minutes * 60)

"""The tone of each alarm priority, made by the program itself: told apart by the number of pulses and by the pitch.

The pulses rise and fall within 10 ms, so that nothing clicks, and hold the fundamental with three harmonics: whoever
hears high tones badly still hears it, and where it comes from. The fundamentals lie within 500 to 1,000 Hz (ISO 7731
asks for signals within 500 to 2,500 Hz).
"""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.alarm import Priority

RATE = 22_050
EDGE_S = 0.010
HARMONICS = (1.0, 0.5, 0.35, 0.2)
LOUDNESS = 0.7


@dataclass(frozen=True, slots=True)
class Tone:
    """`pulses`: pitches one after another, Hz; each lasts `pulse_s` with `gap_s` after it.

    `period_s`: after which it is repeated, 0: never.
    """

    pulses: Sequence[float]
    pulse_s: float
    gap_s: float
    period_s: float


TONES: Mapping[Priority, Tone] = {
    Priority.CRITICAL: Tone((880.0, 660.0, 880.0, 660.0, 880.0), 0.14, 0.06, 2.5),
    Priority.HIGH: Tone((784.0, 784.0, 784.0), 0.18, 0.12, 6.0),
    Priority.MEDIUM: Tone((587.0, 587.0), 0.24, 0.18, 15.0),
    Priority.DIAGNOSTIC: Tone((523.0,), 0.30, 0.10, 0.0),  # once: a diagnostic alarm can wait for the next look
}


def samples(tone: Tone) -> NDArray[np.float64]:
    """Return a tone as amplitudes within -1..1, shape (n,), RATE of them in a second."""
    gap = np.zeros(round(tone.gap_s * RATE))
    parts = [part for pitch in tone.pulses for part in (_pulse(pitch, tone.pulse_s), gap)]
    return np.concatenate(parts)


def wav(tone: Tone) -> bytes:
    """Return a tone as a WAV file: PCM, one channel, 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes((samples(tone) * 32_767).astype("<i2").tobytes())
    return file.getvalue()


def _pulse(pitch: float, seconds: float) -> NDArray[np.float64]:
    time = np.arange(round(seconds * RATE)) / RATE
    orders = np.arange(1, len(HARMONICS) + 1)
    sound: NDArray[np.float64] = np.array(HARMONICS) @ np.sin(2 * np.pi * pitch * orders[:, None] * time)
    edge = np.clip(np.minimum(time, time[-1] - time) / EDGE_S, 0.0, 1.0)
    sound *= LOUDNESS / np.abs(sound).max() * np.sin(edge * np.pi / 2) ** 2
    return sound

"""The tones can be told apart, do not click, and stay where people hear well."""

from __future__ import annotations

import io
import wave
from itertools import pairwise

import numpy as np
import pytest

from app.model.alarm import Priority
from widgets.sound.tone import RATE, TONES, Tone, samples, wav


@pytest.mark.parametrize("priority", Priority)
def test_that_a_tone_neither_clicks_nor_is_cut_off(priority: Priority) -> None:
    sound = samples(TONES[priority])
    assert np.abs(sound).max() == pytest.approx(0.7, abs=0.01)
    assert sound[0] == pytest.approx(0.0, abs=1e-6)
    assert sound[-1] == pytest.approx(0.0, abs=1e-6)
    steepest = 2 * np.pi * 880 * 4 * 0.7 / RATE  # of its fourth harmonic alone
    assert np.abs(np.diff(sound)).max() < steepest


@pytest.mark.parametrize("priority", Priority)
def test_that_the_pitch_is_as_said_and_within_what_is_heard_well(priority: Priority) -> None:
    for pitch in TONES[priority].pulses:
        sound = samples(Tone((pitch,), 0.5, 0.0, 0.0))
        spectrum = np.abs(np.fft.rfft(sound))
        assert np.argmax(spectrum) * RATE / len(sound) == pytest.approx(pitch, abs=2)
        assert 500 <= pitch <= 1_000


def test_that_the_more_urgent_has_more_pulses_and_comes_again_sooner() -> None:
    tones = [TONES[priority] for priority in Priority]
    assert all(len(worse.pulses) > len(better.pulses) for worse, better in pairwise(tones))
    assert all(worse.period_s < (better.period_s or np.inf) for worse, better in pairwise(tones))
    assert all(tone.period_s == 0 or tone.period_s > len(samples(tone)) / RATE for tone in tones)


def test_that_the_file_is_what_every_player_plays() -> None:
    with wave.open(io.BytesIO(wav(TONES[Priority.CRITICAL]))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert file.getnframes() == len(samples(TONES[Priority.CRITICAL]))
